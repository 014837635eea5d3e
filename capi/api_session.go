package main

// #include <errno.h>
// #include "api_session.h"
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

// cSession is the Go side of struct ns_session, and implements
// host.SessionListener. The slot stays allocated until Freed. The host may free
// its handle before that: the slot's generation differs then.
type cSession struct {
	*host.Session
	engine     *host.Engine
	slot       *C.struct_ns_session
	generation uint32
}

func sessionOf(key unsafe.Pointer) *cSession { return pointer.Restore(key).(*cSession) }

//export ns_go_session_new
func ns_go_session_new(managerKey, configKey unsafe.Pointer, slot *C.struct_ns_session,
	generation C.uint32_t, key *unsafe.Pointer) (result C.int) {
	defer recoverErrno(&result)
	id := ""
	if configKey != nil {
		id = refOf(configKey).entry.ID()
	}
	s := &cSession{engine: managerOf(managerKey).engine, slot: slot, generation: uint32(generation)}
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
	defer recoverPanic()
	sessionOf(key).Free()
}

//export ns_go_session_set_asks
func ns_go_session_set_asks(key unsafe.Pointer, asks C.int) {
	defer recoverPanic()
	sessionOf(key).SetApplicationRoaming(asks != 0)
}

// calls are the methods for the values of enum ns_call.
var calls = [...]func(*host.Session){
	C.NS_CALL_OPEN:    (*host.Session).Open,
	C.NS_CALL_CLOSE:   (*host.Session).Close,
	C.NS_CALL_STOP:    (*host.Session).Stop,
	C.NS_CALL_MIGRATE: (*host.Session).Migrate,
	C.NS_CALL_IGNORE:  (*host.Session).Ignore,
	C.NS_CALL_ACCEPT:  (*host.Session).Accept,
	C.NS_CALL_REJECT:  (*host.Session).Reject,
}

//export ns_go_session_call
func ns_go_session_call(key unsafe.Pointer, call C.int) (result C.int) {
	defer recoverErrno(&result)
	calls[call](sessionOf(key).Session)
	return 0
}

// 1 or 0 as netsession_wait_for_opened returns it, or -EAGAIN if
// ns_waiter_complete follows.
//
//export ns_go_session_wait
func ns_go_session_wait(key unsafe.Pointer, ms C.int, waiter *C.struct_ns_waiter) (result C.int) {
	defer recoverErrno(&result)
	s := sessionOf(key)
	if !s.IsOpening() {
		return boolToInt(s.Snapshot().IsOpen())
	}
	go func() {
		opened := C.int(-C.EIO)
		defer func() { C.ns_waiter_complete(waiter, opened) }()
		defer recoverErrno(&opened)
		opened = boolToInt(s.WaitForOpened(time.Duration(ms) * time.Millisecond))
	}()
	return -C.EAGAIN
}

//export ns_go_session_opening
func ns_go_session_opening(key unsafe.Pointer) (result C.int) {
	defer recoverErrno(&result)
	return boolToInt(sessionOf(key).IsOpening())
}

// 1 if the manager and the session have the same engine, else 0.
//
//export ns_go_session_shares_engine
func ns_go_session_shares_engine(key, managerKey unsafe.Pointer) C.int {
	defer recoverPanic()
	return boolToInt(sessionOf(key).engine == managerOf(managerKey).engine)
}

//export ns_go_session_string
func ns_go_session_string(key unsafe.Pointer, which C.int, argument, buffer *C.char, size C.int) C.int {
	defer recoverPanic()
	s := sessionOf(key)
	switch which {
	case C.NS_SESSION_ERROR_STRING:
		return copyString(s.Snapshot().ErrorText(), buffer, size)
	case C.NS_SESSION_INTERFACE:
		return copyString(s.Snapshot().Interface(), buffer, size)
	}
	value, _ := s.Property(C.GoString(argument))
	return copyString(value, buffer, size)
}

// The index of the session's link, whose name is stored; 0 if there is none.
//
//export ns_go_session_link
func ns_go_session_link(key unsafe.Pointer, name *C.char, size C.int) (index C.int) {
	defer recoverErrno(&index)
	v := sessionOf(key).Snapshot()
	copyString(v.Interface(), name, size)
	return C.int(v.InterfaceIndex())
}

//export ns_go_session_set_property
func ns_go_session_set_property(key unsafe.Pointer, name, value *C.char) (result C.int) {
	defer recoverErrno(&result)
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
	defer recoverPanic()
	return C.int64_t(counter(sessionOf(key).Counters(), written != 0))
}

// counter returns one of the counters, as far as int64_t holds it.
func counter(c netsession.Counters, written bool) uint64 {
	n := c.Received
	if written {
		n = c.Written
	}
	if n > math.MaxInt64 {
		return math.MaxInt64
	}
	return n
}

// Publish writes the session's numbers for C to read.
func (s *cSession) Publish(v host.SessionSnapshot) {
	atomic.StoreInt64((*int64)(unsafe.Pointer(&s.slot.active_since)), monotonic(v.ActiveSince()))
	atomic.StoreInt32((*int32)(unsafe.Pointer(&s.slot.link)), int32(v.InterfaceIndex()))
	var word uint32
	*(*C.netsession_view)(unsafe.Pointer(&word)) = C.netsession_view{
		state: C.uint8_t(v.State()), is_open: C.uint8_t(boolToInt(v.IsOpen())),
		error: C.uint8_t(errorCode(v)), usage_policies: C.uint8_t(v.Policies()),
	}
	atomic.StoreUint32((*uint32)(unsafe.Pointer(s.slot.view)), word)
}

// errorCode is the error that C reads. A session that never failed has no error text,
// and every failure has one.
func errorCode(v host.SessionSnapshot) C.int {
	if v.ErrorText() == "" {
		return C.NETSESSION_ERROR_NONE
	}
	return C.int(v.ErrorCode())
}

// Event posts an event, if the host has a callback for it.
func (s *cSession) Event(e host.SessionEvent) {
	if e.Kind == host.SessionChoiceRequested {
		s.postChoose()
		return
	}
	kind := C.int(C.NS_EVENT_OPENED) + C.int(e.Kind)
	if !hasCallback(&s.slot.interest, kind) {
		return
	}
	var ref *C.struct_ns_config_ref
	var number C.int
	switch e.Kind {
	case host.SessionStateChanged:
		number = C.int(e.State)
	case host.SessionErrorOccurred:
		number = C.int(e.ErrorCode)
	case host.SessionUsagePoliciesChanged:
		number = C.int(e.Policies)
	case host.SessionPreferredConfigurationChanged:
		number = boolToInt(e.IsSeamless)
		if !s.engine.Find(e.ID, func(e host.Entry) { ref = acquireRef(e) }) || ref == nil {
			return
		}
	}
	text, length := borrowString(e.Text)
	C.ns_queue_post_session(s.slot, C.uint32_t(s.generation), kind, number, ref, text, length)
}

// Freed drops the engine's pin on the slot.
func (s *cSession) Freed() { C.ns_session_engine_release(s.slot) }

// epoch is one moment on both clocks: Go's, whose origin is unknown, and
// CLOCK_MONOTONIC.
var epoch = struct {
	time time.Time
	ns   int64
}{time.Now(), int64(C.ns_monotonic_ns())}

// monotonic converts a time to CLOCK_MONOTONIC nanoseconds; the zero time is 0.
func monotonic(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return epoch.ns + int64(t.Sub(epoch.time))
}
