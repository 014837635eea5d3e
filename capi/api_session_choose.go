package main

// #include <errno.h>
// #include "api_session.h"
import "C"

import (
	"errors"
	"unsafe"

	netsession "github.com/netsession/netsession/core"
	"github.com/netsession/netsession/core/host"
)

// id is the identifier of what the user chose, or NULL if the user declined.
//
//export ns_go_session_choose
func ns_go_session_choose(key unsafe.Pointer, id *C.char) (result C.int) {
	defer recoverErrno(&result)
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
func ns_go_session_candidates(key unsafe.Pointer, request C.uint, refs **C.struct_ns_config_ref, room C.int) (count C.int) {
	defer recoverErrno(&count)
	asked := false
	count = fillRefs(refs, room, func(f func(host.Entry)) {
		asked = sessionOf(key).Candidates(uint64(request), f)
	})
	if !asked {
		return -C.EALREADY
	}
	return count
}

//export ns_go_session_cancel_choose
func ns_go_session_cancel_choose(key unsafe.Pointer, request C.int) {
	defer recoverPanic()
	sessionOf(key).CancelQuestion(uint64(request))
}

// Chooses reports whether the manager has a choose callback.
func (s *cSession) Chooses() bool {
	return C.ns_queue_has_chooser(s.slot) != 0
}

// postChoose posts the session's request to choose, or cancels it if the manager
// no longer has a choose callback.
func (s *cSession) postChoose() {
	request := s.Question()
	if C.ns_queue_post_choose(s.slot, C.uint32_t(s.generation), C.int(request)) == 0 {
		s.CancelQuestion(request)
	}
}
