package script

import "time"

// clock is the source of time of a Backend.
type clock interface {
	now() time.Time
	// timer sends once when d has passed. Stop ends it.
	timer(d time.Duration) (passed <-chan time.Time, stop func())
}

type systemClock struct{}

func (systemClock) now() time.Time { return time.Now() }

func (systemClock) timer(d time.Duration) (<-chan time.Time, func()) {
	t := time.NewTimer(d)
	return t.C, func() { t.Stop() }
}
