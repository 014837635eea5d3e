package main

// #include <netsession.h>
// #include <stdlib.h>
// #include "queue.h"
// #include "records.h"
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

// mirror shows the configurations of one engine to C, as records.
type mirror struct {
	engine *host.Engine // not complete before newMirror has returned
	// timeouts is held while one is shown: the host sets them on its own
	// threads, and the loop shows them anew with each change.
	timeouts sync.Mutex
	// removed have not been announced yet; a reference to each is held, because
	// the events refer to them. It belongs to the loop.
	removed []*record
	// These are in C memory, for as long as the process.
	bell    *C.struct_ns_bell
	outlook *C.union_ns_outlook
}

func newMirror(e *host.Engine) host.Mirror {
	return &mirror{
		engine:  e,
		bell:    (*C.struct_ns_bell)(C.calloc(1, C.sizeof_struct_ns_bell)),
		outlook: (*C.union_ns_outlook)(C.calloc(1, C.sizeof_union_ns_outlook)),
	}
}

// record is the Go side of a configuration's record.
type record struct {
	c      *C.struct_ns_record
	entry  host.Entry
	mirror *mirror
}

// recordOf returns the record of an entry; nil where there was no memory.
func recordOf(e host.Entry) *record {
	r, _ := e.Datum().(*record)
	return r
}

// Listed makes the configuration's record, or brings it back to life.
func (m *mirror) Listed(e host.Entry) {
	if recordOf(e) == nil {
		e.SetDatum(m.newRecord(e))
	}
	if r := recordOf(e); r != nil {
		r.show()
		atomic.AddUint32(r.refs(), C.NS_LISTED)
	}
}

func (m *mirror) newRecord(e host.Entry) *record {
	c := C.ns_record_new(lend(e.ID()))
	if c == nil {
		return nil
	}
	r := &record{c: c, entry: e, mirror: m}
	c.key, c.bell = pointer.Save(r), m.bell
	return r
}

// Expected makes a record that shows that the configuration does not exist.
func (m *mirror) Expected(e host.Entry) {
	if recordOf(e) != nil {
		return
	}
	e.SetDatum(m.newRecord(e))
	if r := recordOf(e); r != nil {
		r.show()
	}
}

// Changed shows the new value.
func (m *mirror) Changed(e host.Entry) {
	if r := recordOf(e); r != nil {
		r.show()
	}
}

// Unlisted shows that the configuration was removed, and keeps it until that
// has been announced.
func (m *mirror) Unlisted(e host.Entry) (keep bool) {
	r := recordOf(e)
	if r == nil {
		return false
	}
	m.removed = append(m.removed, r)
	atomic.AddUint32(r.refs(), C.NS_ONE_REF-C.NS_LISTED)
	r.show()
	return true
}

// NetworkStateChanged shows the new state of the networks.
func (m *mirror) NetworkStateChanged(now netsession.NetworkState) {
	var whole uint64
	*(*C.struct_ns_outlook_view)(unsafe.Pointer(&whole)) = C.struct_ns_outlook_view{
		is_online: C.uint8_t(truth(now.IsOnline)), reachability: C.uint8_t(now.Reachability),
		is_behind_captive_portal: C.uint8_t(truth(now.IsBehindCaptivePortal)),
		transport:                C.uint8_t(now.Transport), is_metered: C.uint8_t(truth(now.IsMetered)),
	}
	atomic.StoreUint64((*uint64)(unsafe.Pointer(m.outlook)), whole)
}

// Announced lets go of what was removed.
func (m *mirror) Announced() {
	for i, r := range m.removed {
		m.removed[i] = nil
		r.drop()
	}
	m.removed = m.removed[:0]
}

// Flush wakes the hosts up that have events to dispatch.
func (m *mirror) Flush() {
	if m.bell.waiting != nil {
		C.ns_bell_ring(m.bell)
	}
}

func (r *record) refs() *uint32 { return (*uint32)(unsafe.Pointer(&r.c.refs)) }

// ref adds a reference. The configuration must be listed, and the board locked
// or the caller the loop.
func (r *record) ref() *C.struct_ns_record {
	atomic.AddUint32(r.refs(), C.NS_ONE_REF)
	return r.c
}

// drop takes a reference away; a removed configuration goes with its last one.
func (r *record) drop() {
	for C.ns_record_drop(r.c) == 0 {
		if r.reap() {
			return
		}
	}
}

// reap takes the last reference to a removed configuration away, unless it has
// another or exists again by now.
func (r *record) reap() (gone bool) {
	r.mirror.engine.Reap(r.entry, func() bool {
		gone = atomic.CompareAndSwapUint32(r.refs(), C.NS_ONE_REF, 0)
		return gone
	})
	if gone {
		r.entry.SetDatum(nil)
		pointer.Unref(r.c.key)
		C.ns_record_delete(r.c)
	}
	return gone
}

// show publishes the configuration as it is now.
func (r *record) show() {
	c := r.entry.Configuration()
	var whole uint64
	*(*C.netsession_configuration_view)(unsafe.Pointer(&whole)) = C.netsession_configuration_view{
		_type: C.uint8_t(c.Type()), state: C.uint8_t(c.State()), purpose: C.uint8_t(c.Purpose()),
		bearer_type: C.uint8_t(c.BearerType()), is_roaming_available: C.uint8_t(truth(c.IsRoamingAvailable())),
		signal_strength: C.uint8_t(c.SignalStrength()),
	}
	atomic.StoreUint64((*uint64)(unsafe.Pointer(&r.c.shown)), whole)
	r.showTimeout()
}

func (r *record) showTimeout() {
	r.mirror.timeouts.Lock()
	defer r.mirror.timeouts.Unlock()
	ms := r.entry.ConnectTimeout() / time.Millisecond
	atomic.StoreInt32((*int32)(unsafe.Pointer(&r.c.timeout)), int32(ms))
}
