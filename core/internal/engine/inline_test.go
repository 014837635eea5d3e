package engine

import "testing"

// The host does not wait for a busy loop.
func TestNoInlineRunWhileTheLoopIsBusy(t *testing.T) {
	r := newRig(t, "eth up")
	s := r.session("a", "eth")
	l := r.e.run.loop
	l.mu.Lock()
	s.Free()
	select {
	case <-s.done:
		t.Error("it was freed while another goroutine was the loop")
	default:
	}
	l.mu.Unlock()
	r.wait(s.done, "the session is not freed")
}

// While the loop is idle, a session is made and freed without a switch to its goroutine.
func TestInlineRunWhileTheLoopIsIdle(t *testing.T) {
	r := newRig(t, "eth up")
	atOnce := 0
	for i := 0; i < 100; i++ {
		s := r.session("a", "eth")
		s.Free()
		select {
		case <-s.done:
			atOnce++
		default:
		}
	}
	if atOnce == 0 {
		t.Error("no session was freed at once")
	}
}
