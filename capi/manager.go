package main

// #include <errno.h>
// #include "queue.h"
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

	mu    sync.Mutex         // guards queue; held while an event is put into it
	queue *C.struct_ns_queue // nil once detached
}

func newManager(e *host.Engine, queue *C.struct_ns_queue) *manager {
	shown := e.Mirror().(*mirror)
	queue.bell, queue.outlook = shown.bell, shown.outlook
	return &manager{engine: e, queue: queue}
}

func managerOf(key unsafe.Pointer) *manager { return pointer.Restore(key).(*manager) }

//export ns_go_manager_new
func ns_go_manager_new(backend, script, bus, initial, close, environment, systemBus, runtime *C.char,
	queue *C.struct_ns_queue, key *unsafe.Pointer, why *C.char, size C.int) (result C.int) {
	defer failing(&result)
	e, err := engines.Engine(netsession.Options{
		Backend: C.GoString(backend), Script: C.GoString(script), DBusAddress: C.GoString(bus),
		DefaultConfiguration: C.GoString(initial), Close: C.GoString(close),
	}, host.Environment{
		Options: C.GoString(environment), SystemBus: C.GoString(systemBus), Runtime: C.GoString(runtime),
	})
	if err != nil {
		put(err.Error(), why, size)
		return -C.EINVAL
	}
	m := newManager(e, queue)
	m.client, err = m.engine.Attach(m)
	if err != nil {
		put(err.Error(), why, size)
		return -C.int(errnoOf(err))
	}
	*key = pointer.Save(m)
	return 0
}

// The copy's queue takes over what waits in the original's.
//
//export ns_go_manager_copy
func ns_go_manager_copy(original unsafe.Pointer, from, to *C.struct_ns_queue, key *unsafe.Pointer) (result C.int) {
	defer failing(&result)
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

// No event comes after this has returned.
//
//export ns_go_manager_detach
func ns_go_manager_detach(key unsafe.Pointer) {
	defer contain()
	m := managerOf(key)
	m.client.Detach()
	m.mu.Lock()
	m.queue = nil
	m.mu.Unlock()
}

//export ns_go_unref
func ns_go_unref(key unsafe.Pointer) {
	defer contain()
	pointer.Unref(key)
}

//export ns_go_manager_capabilities
func ns_go_manager_capabilities(key unsafe.Pointer) (result C.int) {
	defer failing(&result)
	return C.int(managerOf(key).engine.Capabilities())
}

//export ns_go_manager_refresh
func ns_go_manager_refresh(key unsafe.Pointer) (result C.int) {
	defer failing(&result)
	managerOf(key).client.Refresh()
	return 0
}

//export ns_go_manager_list
func ns_go_manager_list(key unsafe.Pointer, filter C.uint, records **C.struct_ns_record, room C.int) C.int {
	defer contain()
	e := managerOf(key).engine
	if filter > 0xFF {
		return 0
	}
	return fill(records, room, func(f func(host.Entry)) { e.Each(netsession.ConfigurationState(filter), f) })
}

//export ns_go_manager_default
func ns_go_manager_default(key unsafe.Pointer) (found *C.struct_ns_record) {
	defer contain()
	managerOf(key).engine.Default(func(e host.Entry) { found = referred(e) })
	return found
}

//export ns_go_manager_find
func ns_go_manager_find(key unsafe.Pointer, id *C.char) (found *C.struct_ns_record) {
	defer contain()
	if name := C.GoString(id); name != "" {
		managerOf(key).engine.Refer(name, func(e host.Entry) { found = referred(e) })
	}
	return found
}

// The record of the manager's own engine for a configuration of any.
//
//export ns_go_manager_adopt
func ns_go_manager_adopt(key, other unsafe.Pointer) (found *C.struct_ns_record) {
	defer contain()
	id := pointer.Restore(other).(*record).entry.ID()
	managerOf(key).engine.Refer(id, func(e host.Entry) { found = referred(e) })
	return found
}

// tell puts an event into the queue, unless the manager is gone.
func (m *manager) tell(put func(*C.struct_ns_queue)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.queue != nil {
		put(m.queue)
	}
}

func (m *manager) tellOf(e host.Entry, kind C.int) {
	if r := recordOf(e); r != nil {
		m.tell(func(q *C.struct_ns_queue) {
			if interested(&q.interest, kind) {
				C.ns_queue_post_config(q, kind, r.c)
			}
		})
	}
}

func (m *manager) tellNumber(kind, number C.int) {
	m.tell(func(q *C.struct_ns_queue) { C.ns_queue_post_number(q, kind, number) })
}

// Added implements host.Listener, as the methods below do.
func (m *manager) Added(e host.Entry) { m.tellOf(e, C.NS_EVENT_ADDED) }

// Changed tells that a configuration changed.
func (m *manager) Changed(e host.Entry) { m.tellOf(e, C.NS_EVENT_CHANGED) }

// Removed tells that a configuration is gone.
func (m *manager) Removed(e host.Entry) { m.tellOf(e, C.NS_EVENT_REMOVED) }

// outlooks are the events of which each tells a part of the outlook.
var outlooks = []C.int{
	C.NS_EVENT_ONLINE, C.NS_EVENT_REACHABILITY, C.NS_EVENT_PORTAL, C.NS_EVENT_TRANSPORT, C.NS_EVENT_METERED,
}

// numberOf is the part of the outlook that the event of a kind, one of outlooks,
// tells.
func numberOf(o netsession.NetworkState, kind C.int) C.int {
	switch kind {
	case C.NS_EVENT_ONLINE:
		return truth(o.IsOnline)
	case C.NS_EVENT_REACHABILITY:
		return C.int(o.Reachability)
	case C.NS_EVENT_PORTAL:
		return truth(o.IsBehindCaptivePortal)
	case C.NS_EVENT_TRANSPORT:
		return C.int(o.Transport)
	default:
		return truth(o.IsMetered)
	}
}

// NetworkStateChanged tells each part that changed.
func (m *manager) NetworkStateChanged(before, after netsession.NetworkState) {
	for _, kind := range outlooks {
		if n := numberOf(after, kind); n != numberOf(before, kind) {
			m.tellNumber(kind, n)
		}
	}
}

// Updated tells that an update of the configurations is over.
func (m *manager) Updated() { m.tellNumber(C.NS_EVENT_UPDATED, 0) }

// Log passes a line on.
func (m *manager) Log(level netsession.LogLevel, text string) {
	m.tell(func(q *C.struct_ns_queue) {
		if interested(&q.interest, C.NS_EVENT_LOG) {
			bytes, length := lend(text)
			C.ns_queue_post_log(q, C.int(level), bytes, length)
		}
	})
}
