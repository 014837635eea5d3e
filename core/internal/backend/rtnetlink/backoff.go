package rtnetlink

import (
	"context"
	"time"
)

// The delays between failures grow from minBackoff to maxBackoff, and start again
// from zero when nothing has failed for resetAfter.
const (
	minBackoff = 10 * time.Millisecond
	maxBackoff = time.Second
	resetAfter = 5 * time.Second
)

// backoff delays retries exponentially. One goroutine owns it. The zero value is
// ready for use.
type backoff struct {
	last  time.Time // of the last failure; zero: none yet
	delay time.Duration
}

// next returns the delay after a failure at now. The first failure of a series is
// retried at once.
func (b *backoff) next(now time.Time) time.Duration {
	if b.last.IsZero() || now.Sub(b.last) > resetAfter {
		b.delay = 0
	}
	b.last = now
	wait := b.delay
	switch {
	case b.delay == 0:
		b.delay = minBackoff
	case b.delay < maxBackoff/2:
		b.delay *= 2
	default:
		b.delay = maxBackoff
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
