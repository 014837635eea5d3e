package main

// #include <netsession.h>
// #include <stdlib.h>
// #include "event_queue.h"
// #include "snapshot_config.h"
import "C"

import (
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/mattn/go-pointer"

	netsession "github.com/netsession/netsession/core"
	"github.com/netsession/netsession/core/host"
)

// cSnapshot is the state of one engine in C memory, where C reads it without
// entering Go. It implements host.Publisher.
type cSnapshot struct {
	engine *host.Engine // incomplete until newSnapshot has returned
	// timeoutMu orders the writers of connect timeouts: the host sets them on
	// its own threads, and the loop publishes them with each change.
	timeoutMu sync.Mutex
	// removed are configurations whose removal has not been announced. The
	// events refer to them, so a reference to each is held. Only the loop
	// touches it.
	removed []*configRef
	// wakeup and network are in C memory until the process ends.
	wakeup  *C.struct_ns_wakeup
	network *C.union_ns_network_state
}

// newSnapshot makes the snapshot of a new engine.
func newSnapshot(e *host.Engine) host.Publisher {
	return &cSnapshot{
		engine:  e,
		wakeup:  (*C.struct_ns_wakeup)(C.calloc(1, C.sizeof_struct_ns_wakeup)),
		network: (*C.union_ns_network_state)(C.calloc(1, C.sizeof_union_ns_network_state)),
	}
}

// configRef is the Go side of struct ns_config_ref: a configuration as handles,
// sessions and events refer to it.
type configRef struct {
	c        *C.struct_ns_config_ref
	entry    host.Entry
	snapshot *cSnapshot
}

// refOf returns the Go object of a key in a struct ns_config_ref.
func refOf(key unsafe.Pointer) *configRef { return pointer.Restore(key).(*configRef) }

// configRefOf returns the configRef of an entry; nil if there was no memory for it.
func configRefOf(e host.Entry) *configRef {
	r, _ := e.Datum().(*configRef)
	return r
}

// Listed makes the configuration's reference block, or lists it again.
func (m *cSnapshot) Listed(e host.Entry) {
	if configRefOf(e) == nil {
		e.SetDatum(m.newRef(e))
	}
	if r := configRefOf(e); r != nil {
		r.publish()
		atomic.AddUint32(r.refs(), C.NS_LISTED)
	}
}

func (m *cSnapshot) newRef(e host.Entry) *configRef {
	c := C.ns_config_ref_new(borrowString(e.ID()))
	if c == nil {
		return nil
	}
	r := &configRef{c: c, entry: e, snapshot: m}
	c.key, c.wakeup = pointer.Save(r), m.wakeup
	return r
}

// Expected publishes a configuration that does not exist.
func (m *cSnapshot) Expected(e host.Entry) {
	if configRefOf(e) != nil {
		return
	}
	e.SetDatum(m.newRef(e))
	if r := configRefOf(e); r != nil {
		r.publish()
	}
}

// Changed publishes the new value.
func (m *cSnapshot) Changed(e host.Entry) {
	if r := configRefOf(e); r != nil {
		r.publish()
	}
}

// Unlisted publishes that the configuration was removed, and keeps it until the
// removal has been announced.
func (m *cSnapshot) Unlisted(e host.Entry) (keep bool) {
	r := configRefOf(e)
	if r == nil {
		return false
	}
	m.removed = append(m.removed, r)
	atomic.AddUint32(r.refs(), C.NS_ONE_REF-C.NS_LISTED)
	r.publish()
	return true
}

// NetworkStateChanged publishes the new state of the network.
func (m *cSnapshot) NetworkStateChanged(now netsession.NetworkState) {
	var word uint64
	*(*C.struct_ns_network_state_view)(unsafe.Pointer(&word)) = C.struct_ns_network_state_view{
		is_online: C.uint8_t(boolToInt(now.IsOnline)), reachability: C.uint8_t(now.Reachability),
		is_behind_captive_portal: C.uint8_t(boolToInt(now.IsBehindCaptivePortal)),
		transport:                C.uint8_t(now.Transport), is_metered: C.uint8_t(boolToInt(now.IsMetered)),
	}
	atomic.StoreUint64((*uint64)(unsafe.Pointer(m.network)), word)
}

// Announced releases the configurations that were removed.
func (m *cSnapshot) Announced() {
	for i, r := range m.removed {
		m.removed[i] = nil
		r.release()
	}
	m.removed = m.removed[:0]
}

// Flush wakes the hosts that have events to dispatch.
func (m *cSnapshot) Flush() {
	if m.wakeup.pending != nil {
		C.ns_wakeup_signal(m.wakeup)
	}
}

func (r *configRef) refs() *uint32 { return (*uint32)(unsafe.Pointer(&r.c.refs)) }

// acquire adds a reference. The configuration must be listed, and the caller
// must hold the engine's lock on its configurations or be the loop.
func (r *configRef) acquire() *C.struct_ns_config_ref {
	atomic.AddUint32(r.refs(), C.NS_ONE_REF)
	return r.c
}

// release drops a reference; the last one to a removed configuration frees it.
func (r *configRef) release() {
	for C.ns_config_ref_try_release(r.c) == 0 {
		if r.freeUnused() {
			return
		}
	}
}

// freeUnused drops the last reference to a removed configuration and frees it,
// unless there is another reference or the configuration exists again.
func (r *configRef) freeUnused() (freed bool) {
	r.snapshot.engine.Reap(r.entry, func() bool {
		freed = atomic.CompareAndSwapUint32(r.refs(), C.NS_ONE_REF, 0)
		return freed
	})
	if freed {
		r.entry.SetDatum(nil)
		pointer.Unref(r.c.key)
		C.ns_config_ref_free(r.c)
	}
	return freed
}

// publish writes the configuration as it is now.
func (r *configRef) publish() {
	c := r.entry.Configuration()
	var word uint64
	*(*C.netsession_configuration_view)(unsafe.Pointer(&word)) = C.netsession_configuration_view{
		_type: C.uint8_t(c.Type()), state: C.uint8_t(c.State()), purpose: C.uint8_t(c.Purpose()),
		bearer_type: C.uint8_t(c.BearerType()), is_roaming_available: C.uint8_t(boolToInt(c.IsRoamingAvailable())),
		signal_strength: C.uint8_t(c.SignalStrength()),
	}
	atomic.StoreUint64((*uint64)(unsafe.Pointer(&r.c.view)), word)
	r.publishTimeout()
}

func (r *configRef) publishTimeout() {
	r.snapshot.timeoutMu.Lock()
	defer r.snapshot.timeoutMu.Unlock()
	ms := r.entry.ConnectTimeout() / time.Millisecond
	atomic.StoreInt32((*int32)(unsafe.Pointer(&r.c.timeout)), int32(ms))
}

// fillRefs acquires a reference to each entry that each yields, writes the
// references to an array in C memory, and returns the number of entries. If they
// do not fit, it writes none.
func fillRefs(refs **C.struct_ns_config_ref, room C.int, each func(func(host.Entry))) C.int {
	out := unsafe.Slice(refs, int(room))
	count := 0
	each(func(e host.Entry) {
		r := configRefOf(e)
		if r == nil {
			return
		}
		if count < len(out) {
			out[count] = r.acquire()
		}
		count++
	})
	if count > len(out) {
		for _, c := range out {
			C.ns_config_ref_release(c)
		}
	}
	return C.int(count)
}

// acquireRef returns a new reference to an entry; nil if there was no memory for
// its first one.
func acquireRef(e host.Entry) *C.struct_ns_config_ref {
	if r := configRefOf(e); r != nil {
		return r.acquire()
	}
	return nil
}
