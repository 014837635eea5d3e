package rtnetlink

import "time"

// alarm is what the reader waits for besides messages.
type alarm uint8

const (
	readAgain   alarm = iota // everything is read, and was disturbed too often
	askAgain                 // everything is asked, and the kernel had no answer
	askPaced                 // everything is asked, and was a moment ago
	routeExpiry              // a route has ended by itself
	alarmCount
)

// alarms are the times at which something is due. They have the read deadline of
// the subscription to themselves.
type alarms struct {
	at     [alarmCount]time.Time // zero: not set
	wakeup time.Time             // the deadline
	over   bool                  // it has passed, and lets no read wait until it is set anew
}

// set sets an alarm, in place of an earlier one of its sort.
func (a *alarms) set(which alarm, at time.Time) { a.at[which] = at }

func (a *alarms) clear(which alarm) { a.at[which] = time.Time{} }

// rang notes that the deadline has passed.
func (a *alarms) rang() { a.over = true }

// due takes out an alarm whose time has come.
func (a *alarms) due(now time.Time) (which alarm, ok bool) {
	for i := range a.at {
		if t := a.at[i]; !t.IsZero() && !t.After(now) {
			a.at[i] = time.Time{}
			return alarm(i), true
		}
	}
	return 0, false
}

// arm makes the deadline that of the first alarm.
func (a *alarms) arm(c conn) error {
	var first time.Time
	for _, t := range a.at {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	if first.Equal(a.wakeup) && !a.over {
		return nil
	}
	a.wakeup, a.over = first, false
	return c.SetReadDeadline(first)
}
