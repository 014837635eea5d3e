package rtnetlink

import "time"

// timer identifies a reason other than a message for which the monitor wakes up.
type timer uint8

const (
	resyncTimer timer = iota // repeat a resync that was interrupted too often
	retryTimer               // repeat all lookups: the kernel failed to answer one
	paceTimer                // run a full batch that the pace has postponed
	expiryTimer              // a route's lifetime ends
	timerCount
)

// timers hold the times at which the monitor has something to do. The read deadline
// of the subscription serves the timers only. The monitor's goroutine owns them.
type timers struct {
	at       [timerCount]time.Time // zero: not set
	deadline time.Time             // the read deadline of the subscription; zero: none
	expired  bool                  // deadline has passed, and fails every read until it is set again
}

// set sets a timer and replaces its earlier value.
func (ts *timers) set(which timer, at time.Time) { ts.at[which] = at }

func (ts *timers) clear(which timer) { ts.at[which] = time.Time{} }

// expire records that the read deadline has passed.
func (ts *timers) expire() { ts.expired = true }

// due removes and returns a timer that has expired.
func (ts *timers) due(now time.Time) (which timer, ok bool) {
	for i := range ts.at {
		if t := ts.at[i]; !t.IsZero() && !t.After(now) {
			ts.at[i] = time.Time{}
			return timer(i), true
		}
	}
	return 0, false
}

// arm sets the read deadline to the earliest timer.
func (ts *timers) arm(c conn) error {
	var first time.Time
	for _, t := range ts.at {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	if first.Equal(ts.deadline) && !ts.expired {
		return nil
	}
	ts.deadline, ts.expired = first, false
	return c.SetReadDeadline(first)
}
