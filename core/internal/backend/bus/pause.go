package bus

import "time"

// The pauses between attempts to reach the bus. An idle process must not wake
// up more often than once a minute.
const (
	shortestPause = 20 * time.Millisecond
	longestPause  = time.Minute
	// calm is how long a connection lasts at least for its loss to be news.
	calm = time.Second
)

// pause spaces the attempts to reach the bus.
type pause struct{ step time.Duration }

// next is how long to wait before the next attempt, after a connection that
// lasted for a while, or none.
func (p *pause) next(lasted time.Duration) time.Duration {
	if lasted >= calm || p.step == 0 {
		p.step = shortestPause
	}
	wait := p.step
	if p.step *= 2; p.step > longestPause {
		p.step = longestPause
	}
	return wait
}
