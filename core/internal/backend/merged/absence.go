package merged

import (
	"sort"
	"strings"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// A daemon that goes away is missed only after a while. One that is started again finds
// its networks as they were, or brings them there, and tells of them one by one: until
// all are there again, or the time is over, what it said before it went is shown.

// absence is the time that a daemon has to come back.
type absence struct {
	timer *time.Timer
	gone  bearer.Batch // which says that it has gone
	back  *source      // what it says since it has come back; nil before
}

// gone reports whether a report says that a daemon has gone away.
func (p part) gone(batch *bearer.Batch) bool {
	return p.number > 0 && batch.Complete && len(batch.Changed) == 0 && len(batch.Managed) == 0 &&
		p.complete && p.source.present()
}

// leave waits for a daemon that has gone away, before anybody is told. One that goes
// again while it comes back has no more time for that.
func (p part) leave(batch bearer.Batch) {
	a := p.source.absence
	if a == nil {
		a = new(absence)
		a.timer = time.AfterFunc(p.patience.daemon, func() { p.missed(a) })
		p.source.absence = a
	}
	a.gone, a.back = batch, nil
	m := newMarks()
	for id := range p.source.configs {
		m.id(id)
	}
	p.tell(m, "") // that it numbers its activations anew
}

// missed is the end of that wait.
func (p part) missed(a *absence) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if a != nil && p.source.absence == a {
		p.comeBack()
	}
}

// hear is take for a daemon that has come back.
func (p part) hear(batch bearer.Batch) {
	a := p.source.absence
	if a.back == nil {
		a.back = newSource(false)
	}
	a.back.take(batch, newMarks())
	p.welcome()
}

// welcome ends the wait for a daemon that has brought everything to where it was.
func (p part) welcome() {
	if a := p.source.absence; a != nil && a.back != nil && p.asBefore(a.back) {
		p.comeBack()
	}
}

// asBefore reports whether everything is as far on as it is shown.
func (p part) asBefore(back *source) bool {
	for id := range p.source.configs {
		was, shown := p.shown[id]
		if !shown {
			continue
		}
		c, there := back.configs[id]
		now := join(c, p.linkOf(c.Interface))
		if !there || now.State < was.State || was.DefaultRoute && !now.DefaultRoute {
			return false
		}
	}
	return true
}

// comeBack ends the wait for a daemon, whatever it says by now.
func (p part) comeBack() {
	a := p.source.absence
	p.source.stay()
	if a.back == nil {
		p.take(a.gone)
		return
	}
	p.take(a.back.whole())
}

// outcome shows what became of a command that a daemon has carried out since it has
// come back.
func (p part) outcome(answer *backend.Answer) {
	if p.source.absence == nil || p.source.absence.back == nil || answer.Err != nil {
		return
	}
	m := newMarks()
	if c, ok := p.source.absence.back.configs[answer.ID]; ok {
		p.source.put(c, m)
	}
	p.tell(m, "")
}

// name puts the name of a network in the place of its identifier, where a daemon that
// has gone knows no other any more.
func (p part) name(answer *backend.Answer) {
	refusal, ok := answer.Err.(*backend.Refusal)
	if c := p.shown[answer.ID]; ok && p.source.absence != nil && c.Name != "" {
		answer.Err = backend.Refuse(refusal.Reason, "%s", strings.ReplaceAll(refusal.Text, answer.ID, c.Name))
	}
}

// whole is a report of all that is known from the source.
func (s *source) whole() bearer.Batch {
	batch := bearer.Batch{Complete: true, Managed: bearer.Interfaces()}
	for _, c := range s.configs {
		batch.Changed = append(batch.Changed, c)
	}
	sort.Slice(batch.Changed, func(i, j int) bool { return batch.Changed[i].ID < batch.Changed[j].ID })
	for name, hardware := range s.managed {
		batch.Managed = append(batch.Managed, bearer.Interface{Name: name, Hardware: hardware})
	}
	return batch
}

// stay ends the wait for a daemon.
func (s *source) stay() {
	if s.absence != nil {
		s.absence.timer.Stop()
		s.absence = nil
	}
}
