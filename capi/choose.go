package main

// #include <errno.h>
// #include "session.h"
import "C"

import (
	"errors"
	"unsafe"

	netsession "github.com/netsession/netsession/core"
	"github.com/netsession/netsession/core/host"
)

// The answer is an identifier, or NULL for a refusal.
//
//export ns_go_session_choose
func ns_go_session_choose(key unsafe.Pointer, id *C.char) (result C.int) {
	defer failing(&result)
	s := sessionOf(key)
	err := error(nil)
	if id == nil {
		err = s.Decline()
	} else {
		err = s.Choose(C.GoString(id))
	}
	switch {
	case errors.Is(err, netsession.ErrNotAsked):
		return -C.ESRCH
	case errors.Is(err, netsession.ErrAnswered):
		return -C.EALREADY
	case err != nil:
		return -C.EINVAL
	}
	return 0
}

//export ns_go_session_candidates
func ns_go_session_candidates(key unsafe.Pointer, question C.uint, records **C.struct_ns_record, room C.int) (count C.int) {
	defer failing(&count)
	asked := false
	count = fill(records, room, func(f func(host.Entry)) {
		asked = sessionOf(key).Candidates(uint64(question), f)
	})
	if !asked {
		return -C.EALREADY
	}
	return count
}

//export ns_go_session_unasked
func ns_go_session_unasked(key unsafe.Pointer, question C.int) {
	defer contain()
	sessionOf(key).SkipQuestion(uint64(question))
}

// Chooses implements host.SessionListener.
func (s *hosted) Chooses() bool {
	return C.ns_queue_has_chooser(s.slot) != 0
}

// ask puts the session's question to the manager's chooser, if there is one
// still.
func (s *hosted) ask() {
	question := s.Question()
	if C.ns_queue_post_question(s.slot, C.uint32_t(s.generation), C.int(question)) == 0 {
		s.SkipQuestion(question)
	}
}
