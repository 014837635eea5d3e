package bus

import "time"

// The waits between attempts to connect. An idle process must not wake up more often
// than once a minute.
const (
	minBackoff = 20 * time.Millisecond
	maxBackoff = time.Minute
	// stableAfter is how long a connection must last for the backoff to start again.
	stableAfter = time.Second
)

// backoff spaces the attempts to connect exponentially. Its zero value is ready for use.
type backoff struct{ step time.Duration }

// next returns how long to wait before the next attempt. lasted is how long the
// connection that was lost had been up, 0 if there was none.
func (b *backoff) next(lasted time.Duration) time.Duration {
	if lasted >= stableAfter || b.step == 0 {
		b.step = minBackoff
	}
	wait := b.step
	b.step = min(2*b.step, maxBackoff)
	return wait
}
