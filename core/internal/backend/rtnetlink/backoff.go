package rtnetlink

import (
	"context"
	"time"
)

// The pauses between failures grow from shortest to longest, and begin anew
// when nothing has failed for a while.
const (
	minBackoff = 10 * time.Millisecond
	maxBackoff = time.Second
	resetAfter = 5 * time.Second
)

// pause spaces what is done after failures.
type backoff struct {
	last time.Time
	step time.Duration
}

// next is how long to wait after a failure at now. The first of a row is
// mended at once.
func (b *backoff) next(now time.Time) time.Duration {
	if b.last.IsZero() || now.Sub(b.last) > resetAfter {
		b.step = 0
	}
	b.last = now
	wait := b.step
	switch {
	case b.step == 0:
		b.step = minBackoff
	case b.step < maxBackoff/2:
		b.step *= 2
	default:
		b.step = maxBackoff
	}
	return wait
}

func (b *backoff) wait(ctx context.Context) {
	wait := b.next(time.Now())
	if wait == 0 {
		return
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
