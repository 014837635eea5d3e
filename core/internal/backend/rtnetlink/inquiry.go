package rtnetlink

import "time"

// patience is how many rounds of questions a report waits for, where each of them
// ends with another loss. Then it tells what is known.
const patience = 8

// What asks everything again may come in floods. It is done at most as often as
// leaves nine tenths of the time to others, but not later than this.
const (
	paceFactor  = 10
	longestPace = 100 * time.Millisecond
)

// inquire asks what is wanted, unless questions are under way: what comes up
// meanwhile is asked after them. The answers are in the queue when the call that
// asks returns, and true until a notification behind them.
func (r *reader) inquire() error {
	p := r.latest()
	if r.round.busy || p == nil || r.reading() {
		return nil
	}
	now := time.Now()
	paced := p.wants.all != 0 && r.dump.fresh == nil && now.Before(r.paced)
	if paced {
		r.alarms.set(askPaced, r.paced)
	}
	if !p.wants.some() && (p.wants.all == 0 || paced) {
		return nil
	}
	p.collect(&r.round, paced)
	if len(r.round.chains) == 0 {
		return r.conclude(now)
	}
	r.round.begin(r.sub.window, now)
	return r.send(true)
}

// send asks the questions that the round has come to, in one call.
func (r *reader) send(barrier bool) error {
	first := r.backend.receipts.numbers(uint32(len(r.round.open))+1) + 1
	_, err := r.sub.Write(r.round.questions(first, barrier))
	return err
}

// hear takes the answer to one of them in.
func (r *reader) hear(m *message) error {
	now := time.Now()
	if !r.round.take(m, now) {
		return nil
	}
	r.round.fill()
	if len(r.round.open) > 0 {
		return r.send(false)
	}
	return r.conclude(now)
}

// conclude takes in what a round has found, and tells it. Where a loss came up
// meanwhile, that is asked about first.
func (r *reader) conclude(now time.Time) error {
	p := r.latest()
	if p.settle(&r.round, r.picture) {
		r.alarms.set(askAgain, now.Add(r.pause.next(now)))
	}
	if r.round.whole {
		r.paced = now.Add(pace(now.Sub(r.round.start)))
	}
	r.alarms.set(routeExpiry, p.expiry())
	r.round.end()
	if p.wants.loss && r.rounds < patience {
		r.rounds++
		return r.inquire()
	}
	r.rounds = 0
	if r.dump.stage == askingWays {
		if err := r.finishAll(); err != nil {
			return err
		}
	} else {
		r.tellAnyway()
	}
	return r.inquire()
}

func pace(took time.Duration) time.Duration {
	if took > longestPace/paceFactor {
		return longestPace
	}
	return took * paceFactor
}

// reading reports whether links and addresses are being read.
func (r *reader) reading() bool {
	return r.dump.stage == readingLinks || r.dump.stage == readingAddresses
}

// held reports whether answers are awaited that belong to what is known already:
// that packets leave by another link belongs to the loss of the one before.
func (r *reader) held() bool { return r.round.loss || r.picture.wants.loss }

// tell reports what looks different, and answers the commands that waited for
// that, unless it is held.
func (r *reader) tell() {
	if r.dump.fresh == nil && !r.held() {
		r.tellAnyway()
	}
}

func (r *reader) tellAnyway() {
	lost, b := r.picture.batch()
	r.reportLost(lost)
	r.report(b)
	if !r.requested {
		r.answerWaiting()
	}
}
