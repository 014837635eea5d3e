package engine

import "testing"

// The host is not kept waiting while the loop is at work.
func TestTheLoopIsAtWork(t *testing.T) {
	r := newRig(t, "eth up")
	s := r.session("a", "eth")
	l := r.e.run.loop
	l.turn.Lock()
	s.Free()
	select {
	case <-s.done:
		t.Error("it was freed in the loop's turn")
	default:
	}
	l.turn.Unlock()
	r.wait(s.done, "the session is not freed")
}

// Where the loop has nothing to do, nobody is woken up for a session that comes
// and goes.
func TestTheLoopIsAtRest(t *testing.T) {
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
