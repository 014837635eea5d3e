package main

// #include <errno.h>
// #include "session.h"
import "C"

import (
	"math"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/mattn/go-pointer"

	netsession "github.com/netsession/netsession/core"
	"github.com/netsession/netsession/core/host"
)

// hosted is the Go side of a session, and its listener. The slot is its own
// until Freed; the host's handle may die before that, which the generation
// tells.
type hosted struct {
	*host.Session
	engine     *host.Engine
	slot       *C.struct_ns_session
	generation uint32
}

func sessionOf(key unsafe.Pointer) *hosted { return pointer.Restore(key).(*hosted) }

//export ns_go_session_new
func ns_go_session_new(managerKey, recordKey unsafe.Pointer, slot *C.struct_ns_session,
	generation C.uint32_t, key *unsafe.Pointer) (result C.int) {
	defer failing(&result)
	id := ""
	if recordKey != nil {
		id = pointer.Restore(recordKey).(*record).entry.ID()
	}
	s := &hosted{engine: managerOf(managerKey).engine, slot: slot, generation: uint32(generation)}
	_, err := s.engine.NewSession(id, func(made *host.Session) host.SessionListener {
		s.Session = made
		return s
	})
	if err != nil {
		return -C.int(errnoOf(err))
	}
	*key = pointer.Save(s)
	return 0
}

//export ns_go_session_free
func ns_go_session_free(key unsafe.Pointer) {
	defer contain()
	sessionOf(key).Free()
}

//export ns_go_session_asks
func ns_go_session_asks(key unsafe.Pointer, asks C.int) {
	defer contain()
	sessionOf(key).SetApplicationRoaming(asks != 0)
}

//export ns_go_session_call
func ns_go_session_call(key unsafe.Pointer, what C.int) (result C.int) {
	defer failing(&result)
	s := sessionOf(key)
	switch what {
	case C.NS_CALL_OPEN:
		s.Open()
	case C.NS_CALL_CLOSE:
		s.Close()
	case C.NS_CALL_STOP:
		s.Stop()
	case C.NS_CALL_MIGRATE:
		s.Migrate()
	case C.NS_CALL_IGNORE:
		s.Ignore()
	case C.NS_CALL_ACCEPT:
		s.Accept()
	case C.NS_CALL_REJECT:
		s.Reject()
	}
	return 0
}

// The answer, or -EAGAIN if the waiter is told it later.
//
//export ns_go_session_wait
func ns_go_session_wait(key unsafe.Pointer, ms C.int, waiter *C.struct_ns_waiter) (result C.int) {
	defer failing(&result)
	s := sessionOf(key)
	if !s.IsOpening() {
		return truth(s.Snapshot().IsOpen())
	}
	go func() {
		opened := C.int(-C.EIO)
		defer func() { C.ns_waiter_answer(waiter, opened) }()
		defer failing(&opened)
		opened = truth(s.WaitForOpened(time.Duration(ms) * time.Millisecond))
	}()
	return -C.EAGAIN
}

//export ns_go_session_opening
func ns_go_session_opening(key unsafe.Pointer) (result C.int) {
	defer failing(&result)
	return truth(sessionOf(key).IsOpening())
}

// Whether the manager's engine is the session's.
//
//export ns_go_session_fits
func ns_go_session_fits(key, managerKey unsafe.Pointer) C.int {
	defer contain()
	return truth(sessionOf(key).engine == managerOf(managerKey).engine)
}

//export ns_go_session_text
func ns_go_session_text(key unsafe.Pointer, which C.int, argument, buffer *C.char, size C.int) C.int {
	defer contain()
	s := sessionOf(key)
	switch which {
	case C.NS_SESSION_ERROR_TEXT:
		return put(s.Snapshot().ErrorText(), buffer, size)
	case C.NS_SESSION_INTERFACE:
		return put(s.Snapshot().Interface(), buffer, size)
	}
	value, _ := s.Property(C.GoString(argument))
	return put(value, buffer, size)
}

// The index and the name of the link that the session shows; 0 where it shows
// none.
//
//export ns_go_session_link
func ns_go_session_link(key unsafe.Pointer, name *C.char, size C.int) (index C.int) {
	defer failing(&index)
	v := sessionOf(key).Snapshot()
	put(v.Interface(), name, size)
	return C.int(v.InterfaceIndex())
}

//export ns_go_session_set_property
func ns_go_session_set_property(key unsafe.Pointer, name, value *C.char) (result C.int) {
	defer failing(&result)
	var text *string
	if value != nil {
		v := C.GoString(value)
		text = &v
	}
	if !sessionOf(key).SetProperty(C.GoString(name), text) {
		return -C.EINVAL
	}
	return 0
}

//export ns_go_session_bytes
func ns_go_session_bytes(key unsafe.Pointer, written C.int) C.int64_t {
	defer contain()
	return C.int64_t(choose(sessionOf(key).Counters(), written != 0))
}

func choose(c netsession.Counters, written bool) uint64 {
	n := c.Received
	if written {
		n = c.Written
	}
	if n > math.MaxInt64 {
		return math.MaxInt64
	}
	return n
}

// Publish implements host.SessionListener, as the methods below do.
func (s *hosted) Publish(v host.SessionSnapshot) {
	atomic.StoreInt64((*int64)(unsafe.Pointer(&s.slot.active_since)), monotonic(v.ActiveSince()))
	atomic.StoreInt32((*int32)(unsafe.Pointer(&s.slot.link)), int32(v.InterfaceIndex()))
	var whole uint32
	*(*C.netsession_view)(unsafe.Pointer(&whole)) = C.netsession_view{
		state: C.uint8_t(v.State()), is_open: C.uint8_t(truth(v.IsOpen())),
		error: C.uint8_t(v.ErrorCode()), usage_policies: C.uint8_t(v.Policies()),
	}
	atomic.StoreUint32((*uint32)(unsafe.Pointer(s.slot.view)), whole)
}

// Event passes an event on, if the host has a callback for it.
func (s *hosted) Event(e host.SessionEvent) {
	if e.Kind == host.SessionChoiceRequested {
		s.ask()
		return
	}
	kind := C.int(C.NS_EVENT_OPENED) + C.int(e.Kind)
	if !interested(&s.slot.interest, kind) {
		return
	}
	var record *C.struct_ns_record
	var number C.int
	switch e.Kind {
	case host.SessionStateChanged:
		number = C.int(e.State)
	case host.SessionErrorOccurred:
		number = C.int(e.ErrorCode)
	case host.SessionUsagePoliciesChanged:
		number = C.int(e.Policies)
	case host.SessionPreferredConfigurationChanged:
		number = truth(e.IsSeamless)
		if !s.engine.Find(e.ID, func(e host.Entry) { record = referred(e) }) || record == nil {
			return
		}
	}
	text, length := lend(e.Text)
	C.ns_queue_post_session(s.slot, C.uint32_t(s.generation), kind, number, record, text, length)
}

// Freed gives the slot back.
func (s *hosted) Freed() { C.ns_session_forgotten(s.slot) }

// epoch is one moment on both clocks: Go's, whose origin is unknown, and C's.
var epoch = struct {
	time time.Time
	ns   int64
}{time.Now(), int64(C.ns_monotonic())}

// monotonic converts a time to CLOCK_MONOTONIC nanoseconds; the zero time is 0.
func monotonic(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return epoch.ns + int64(t.Sub(epoch.time))
}
