package rtnetlink

import "time"

// patience is how many rounds of questions a report waits for, where each of them
// ends with another loss. Then it tells what is known.
const maxLossRounds = 8

// What asks everything again may come in floods. It is done at most as often as
// leaves nine tenths of the time to others, but not later than this.
const (
	paceFactor = 10
	maxPace    = 100 * time.Millisecond
)

// inquire asks what is wanted, unless questions are under way: what comes up
// meanwhile is asked after them. The answers are in the queue when the call that
// asks returns, and true until a notification behind them.
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

// send asks the questions that the round has come to, in one call.
func (mon *monitor) sendLookups(barrier bool) error {
	first := mon.backend.acks.reserve(uint32(len(mon.batch.inFlight))+1) + 1
	_, err := mon.sub.Write(mon.batch.requests(first, barrier))
	return err
}

// hear takes the answer to one of them in.
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

// conclude takes in what a round has found, and tells it. Where a loss came up
// meanwhile, that is asked about first.
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
	if took > maxPace/paceFactor {
		return maxPace
	}
	return took * paceFactor
}

// reading reports whether links and addresses are being read.
func (mon *monitor) dumping() bool {
	return mon.dump.stage == dumpingLinks || mon.dump.stage == dumpingAddresses
}

// held reports whether answers are awaited that belong to what is known already:
// that packets leave by another link belongs to the loss of the one before.
func (mon *monitor) withheld() bool { return mon.batch.loss || mon.snapshot.stale.loss }

// tell reports what looks different, and answers the commands that waited for
// that, unless it is held.
func (mon *monitor) publish() {
	if mon.dump.snapshot == nil && !mon.withheld() {
		mon.publishNow()
	}
}

func (mon *monitor) publishNow() {
	lost, b := mon.snapshot.changes()
	mon.reportReplaced(lost)
	mon.report(b)
	if !mon.resyncAgain {
		mon.completeDeferred()
	}
}
