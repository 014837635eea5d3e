package rtnetlink

import (
	"context"
	"time"
)

// The pauses between failures grow from shortest to longest, and begin anew
// when nothing has failed for a while.
const (
	shortest = 10 * time.Millisecond
	longest  = time.Second
	calm     = 5 * time.Second
)

// pause spaces what is done after failures.
type pause struct {
	last time.Time
	step time.Duration
}

// next is how long to wait after a failure at now. The first of a row is
// mended at once.
func (p *pause) next(now time.Time) time.Duration {
	if p.last.IsZero() || now.Sub(p.last) > calm {
		p.step = 0
	}
	p.last = now
	wait := p.step
	switch {
	case p.step == 0:
		p.step = shortest
	case p.step < longest/2:
		p.step *= 2
	default:
		p.step = longest
	}
	return wait
}

func (p *pause) wait(ctx context.Context) {
	wait := p.next(time.Now())
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
