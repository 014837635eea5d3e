// Scheduling of FIB lookups: when stale lookups are repeated, and which reports
// wait for the results.

package rtnetlink

import "time"

// maxLossRounds is how many batches of lookups a report waits for if each batch
// ends with another loss. After that the monitor reports the known state.
const maxLossRounds = 8

// Changes that make every lookup stale may come in floods. Full batches are spaced
// so that they take at most a tenth of the time, but none is delayed by more than
// maxPace.
const (
	paceFactor = 10
	maxPace    = 100 * time.Millisecond
)

// requery repeats the stale lookups, unless a batch is in flight: lookups that
// become stale during a batch are repeated after it. The replies are in the
// receive queue when the send call returns. They are valid until a notification
// behind them.
func (mon *monitor) requery() error {
	s := mon.target()
	if mon.batch.busy || s == nil || mon.dumping() {
		return nil
	}
	now := time.Now()
	paced := s.stale.all != 0 && mon.dump.snapshot == nil && now.Before(mon.nextFull)
	if paced {
		mon.timers.set(paceTimer, mon.nextFull)
	}
	if !s.stale.any() && (s.stale.all == 0 || paced) {
		return nil
	}
	s.collectLookups(&mon.batch, paced)
	if len(mon.batch.lookups) == 0 {
		return mon.finishLookups(now)
	}
	mon.batch.begin(mon.sub.window, now)
	return mon.sendLookups(true)
}

// sendLookups sends the next requests of the batch in one system call.
func (mon *monitor) sendLookups(barrier bool) error {
	first := mon.backend.acks.reserve(uint32(len(mon.batch.inFlight))+1) + 1
	_, err := mon.sub.Write(mon.batch.requests(first, barrier))
	return err
}

// handleLookup handles the reply to one request of the batch.
func (mon *monitor) handleLookup(m *message) error {
	now := time.Now()
	if !mon.batch.handle(m, now) {
		return nil
	}
	mon.batch.fill()
	if len(mon.batch.inFlight) > 0 {
		return mon.sendLookups(false)
	}
	return mon.finishLookups(now)
}

// finishLookups applies the results of the batch and reports them. If another
// loss happened during the batch, its lookups come first.
func (mon *monitor) finishLookups(now time.Time) error {
	s := mon.target()
	if s.applyLookups(&mon.batch, mon.snapshot) {
		mon.timers.set(retryTimer, now.Add(mon.backoff.next(now)))
	}
	if mon.batch.full {
		mon.nextFull = now.Add(pace(now.Sub(mon.batch.startedAt)))
	}
	mon.timers.set(expiryTimer, s.firstExpiry())
	mon.batch.reset()
	if s.stale.loss && mon.lossRounds < maxLossRounds {
		mon.lossRounds++
		return mon.requery()
	}
	mon.lossRounds = 0
	if mon.dump.stage == resolving {
		if err := mon.install(); err != nil {
			return err
		}
	} else {
		mon.publishNow()
	}
	return mon.requery()
}

func pace(took time.Duration) time.Duration {
	return min(took*paceFactor, maxPace)
}

// dumping reports whether a dump of links or addresses is in progress.
func (mon *monitor) dumping() bool {
	return mon.dump.stage == dumpingLinks || mon.dump.stage == dumpingAddresses
}

// withheld reports whether reports wait for lookups: the loss of a link and the
// switch of packets to another link belong in one report.
func (mon *monitor) withheld() bool { return mon.batch.loss || mon.snapshot.stale.loss }

// publish reports the changes and completes the commands that waited for the
// report, unless reports are withheld.
func (mon *monitor) publish() {
	if mon.dump.snapshot == nil && !mon.withheld() {
		mon.publishNow()
	}
}

func (mon *monitor) publishNow() {
	reused, b := mon.snapshot.changes()
	mon.reportReplaced(reused)
	mon.report(b)
	if !mon.resyncAgain {
		mon.completeDeferred()
	}
}
