package main

// #include <errno.h>
// #include "event_queue.h"
import "C"

import (
	"sync"
	"unsafe"

	"github.com/mattn/go-pointer"

	netsession "github.com/netsession/netsession/core"
	"github.com/netsession/netsession/core/host"
)

// manager is the Go side of a manager, and the engine's listener.
type manager struct {
	engine *host.Engine
	client *host.Client

	mu    sync.Mutex         // guards queue; held while an event is posted to it
	queue *C.struct_ns_queue // nil once detached
}

func newManager(e *host.Engine, queue *C.struct_ns_queue) *manager {
	snapshot := e.Publisher().(*cSnapshot)
	queue.wakeup, queue.network = snapshot.wakeup, snapshot.network
	return &manager{engine: e, queue: queue}
}

func managerOf(key unsafe.Pointer) *manager { return pointer.Restore(key).(*manager) }

//export ns_go_manager_new
func ns_go_manager_new(backend, script, bus, initial, close, environment, systemBus, runtimeDir *C.char,
	queue *C.struct_ns_queue, key *unsafe.Pointer, errorText *C.char, errorSize C.int) (result C.int) {
	defer recoverErrno(&result)
	e, err := engines.Engine(netsession.Options{
		Backend: C.GoString(backend), Script: C.GoString(script), DBusAddress: C.GoString(bus),
		DefaultConfiguration: C.GoString(initial), Close: C.GoString(close),
	}, host.Environment{
		Options: C.GoString(environment), SystemBus: C.GoString(systemBus), Runtime: C.GoString(runtimeDir),
	})
	if err != nil {
		copyString(sentence(err), errorText, errorSize)
		return -C.EINVAL
	}
	m := newManager(e, queue)
	m.client, err = m.engine.Attach(m)
	if err != nil {
		copyString(sentence(err), errorText, errorSize)
		return -C.int(errnoOf(err))
	}
	*key = pointer.Save(m)
	return 0
}

// The new manager's queue starts with a copy of the changes that wait in the
// original's.
//
//export ns_go_manager_copy
func ns_go_manager_copy(original unsafe.Pointer, from, to *C.struct_ns_queue, key *unsafe.Pointer) (result C.int) {
	defer recoverErrno(&result)
	old := managerOf(original)
	m := newManager(old.engine, to)
	var err error
	m.client, err = old.engine.AttachBetween(m, func() { C.ns_queue_copy(from, to) })
	if err != nil {
		return -C.int(errnoOf(err))
	}
	*key = pointer.Save(m)
	return 0
}

// No event is posted after this has returned.
//
//export ns_go_manager_detach
func ns_go_manager_detach(key unsafe.Pointer) {
	defer recoverPanic()
	m := managerOf(key)
	m.client.Detach()
	m.mu.Lock()
	m.queue = nil
	m.mu.Unlock()
}

//export ns_go_unref
func ns_go_unref(key unsafe.Pointer) {
	defer recoverPanic()
	pointer.Unref(key)
}

//export ns_go_manager_capabilities
func ns_go_manager_capabilities(key unsafe.Pointer) (result C.int) {
	defer recoverErrno(&result)
	return C.int(managerOf(key).engine.Capabilities())
}

//export ns_go_manager_refresh
func ns_go_manager_refresh(key unsafe.Pointer) (result C.int) {
	defer recoverErrno(&result)
	managerOf(key).client.Refresh()
	return 0
}

//export ns_go_manager_list
func ns_go_manager_list(key unsafe.Pointer, filter C.uint, refs **C.struct_ns_config_ref, room C.int) C.int {
	defer recoverPanic()
	e := managerOf(key).engine
	if filter > 0xFF {
		return 0
	}
	return fillRefs(refs, room, func(f func(host.Entry)) { e.Each(netsession.ConfigurationState(filter), f) })
}

//export ns_go_manager_default
func ns_go_manager_default(key unsafe.Pointer) (found *C.struct_ns_config_ref) {
	defer recoverPanic()
	managerOf(key).engine.Default(func(e host.Entry) { found = acquireRef(e) })
	return found
}

//export ns_go_manager_find
func ns_go_manager_find(key unsafe.Pointer, id *C.char) (found *C.struct_ns_config_ref) {
	defer recoverPanic()
	if name := C.GoString(id); name != "" {
		managerOf(key).engine.Refer(name, func(e host.Entry) { found = acquireRef(e) })
	}
	return found
}

// The configuration of the same identifier in the manager's own engine. other is
// one of any engine.
//
//export ns_go_manager_resolve
func ns_go_manager_resolve(key, other unsafe.Pointer) (found *C.struct_ns_config_ref) {
	defer recoverPanic()
	id := refOf(other).entry.ID()
	managerOf(key).engine.Refer(id, func(e host.Entry) { found = acquireRef(e) })
	return found
}

// post calls f with the queue, unless the manager was detached.
func (m *manager) post(f func(*C.struct_ns_queue)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.queue != nil {
		f(m.queue)
	}
}

func (m *manager) postConfig(e host.Entry, kind C.int) {
	if r := configRefOf(e); r != nil {
		m.post(func(q *C.struct_ns_queue) {
			if hasCallback(&q.interest, kind) {
				C.ns_queue_post_config(q, kind, r.c)
			}
		})
	}
}

func (m *manager) postNumber(kind, number C.int) {
	m.post(func(q *C.struct_ns_queue) { C.ns_queue_post_number(q, kind, number) })
}

// Added posts that there is a new configuration. It implements host.Listener, as
// the methods below do.
func (m *manager) Added(e host.Entry) { m.postConfig(e, C.NS_EVENT_ADDED) }

// Changed posts that a configuration changed.
func (m *manager) Changed(e host.Entry) { m.postConfig(e, C.NS_EVENT_CHANGED) }

// Removed posts that a configuration was removed.
func (m *manager) Removed(e host.Entry) { m.postConfig(e, C.NS_EVENT_REMOVED) }

// networkStateKinds are the events that each report one member of the network state.
var networkStateKinds = []C.int{
	C.NS_EVENT_ONLINE, C.NS_EVENT_REACHABILITY, C.NS_EVENT_PORTAL, C.NS_EVENT_TRANSPORT, C.NS_EVENT_METERED,
}

// networkStateMember returns the member that an event of kind, one of
// networkStateKinds, reports.
func networkStateMember(s netsession.NetworkState, kind C.int) C.int {
	switch kind {
	case C.NS_EVENT_ONLINE:
		return boolToInt(s.IsOnline)
	case C.NS_EVENT_REACHABILITY:
		return C.int(s.Reachability)
	case C.NS_EVENT_PORTAL:
		return boolToInt(s.IsBehindCaptivePortal)
	case C.NS_EVENT_TRANSPORT:
		return C.int(s.Transport)
	default:
		return boolToInt(s.IsMetered)
	}
}

// NetworkStateChanged posts each member that changed.
func (m *manager) NetworkStateChanged(before, after netsession.NetworkState) {
	for _, kind := range networkStateKinds {
		if n := networkStateMember(after, kind); n != networkStateMember(before, kind) {
			m.postNumber(kind, n)
		}
	}
}

// Updated posts that an update of the configurations is complete.
func (m *manager) Updated() { m.postNumber(C.NS_EVENT_UPDATED, 0) }

// Log posts a log line.
func (m *manager) Log(level netsession.LogLevel, text string) {
	m.post(func(q *C.struct_ns_queue) {
		if hasCallback(&q.interest, C.NS_EVENT_LOG) {
			bytes, length := borrowString(text)
			C.ns_queue_post_log(q, C.int(level), bytes, length)
		}
	})
}
