package rtnetlink

import "time"

// alarm is what the reader waits for besides messages.
type timer uint8

const (
	resyncTimer timer = iota // everything is read, and was disturbed too often
	retryTimer               // everything is asked, and the kernel had no answer
	paceTimer                // everything is asked, and was a moment ago
	expiryTimer              // a route has ended by itself
	timerCount
)

// alarms are the times at which something is due. They have the read deadline of
// the subscription to themselves.
type timers struct {
	at       [timerCount]time.Time // zero: not set
	deadline time.Time             // the deadline
	expired  bool                  // it has passed, and lets no read wait until it is set anew
}

// set sets an alarm, in place of an earlier one of its sort.
func (t *timers) set(which timer, at time.Time) { t.at[which] = at }

func (t *timers) clear(which timer) { t.at[which] = time.Time{} }

// rang notes that the deadline has passed.
func (t *timers) expire() { t.expired = true }

// due takes out an alarm whose time has come.
func (a *timers) due(now time.Time) (which timer, ok bool) {
	for i := range a.at {
		if t := a.at[i]; !t.IsZero() && !t.After(now) {
			a.at[i] = time.Time{}
			return timer(i), true
		}
	}
	return 0, false
}

// arm makes the deadline that of the first alarm.
func (a *timers) arm(c conn) error {
	var first time.Time
	for _, t := range a.at {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	if first.Equal(a.deadline) && !a.expired {
		return nil
	}
	a.deadline, a.expired = first, false
	return c.SetReadDeadline(first)
}
