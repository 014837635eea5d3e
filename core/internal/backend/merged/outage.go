// Outages of daemons. The merged backend reports the loss of a daemon only after a
// while. A daemon that restarts finds its networks unchanged, or restores them, and
// reports them one by one: until all are restored, or the time is over, the daemon's
// earlier reports stay valid.

package merged

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// outage is the time that a daemon has to restart. Backend.mu guards it.
type outage struct {
	timer     *time.Timer
	lost      bearer.Batch  // the report of the daemon's loss
	restarted *backendState // what the daemon has reported since it restarted; nil: it has not
}

// isOutage reports whether a report means that the daemon has gone away.
func (p childSink) isOutage(batch *bearer.Batch) bool {
	return p.number > 0 && batch.Complete && len(batch.Changed) == 0 && len(batch.Managed) == 0 &&
		p.complete && p.state.present()
}

// beginOutage starts to wait for the daemon, and does not report its loss. A second
// loss during the wait does not extend it.
func (p childSink) beginOutage(batch bearer.Batch) {
	o := p.state.outage
	if o == nil {
		o = new(outage)
		o.timer = time.AfterFunc(p.grace.daemon, func() { p.outageExpired(o) })
		p.state.outage = o
	}
	o.lost, o.restarted = batch, nil
	changes := newChangeSet()
	for id := range p.state.configs {
		changes.id(id)
	}
	p.reportChanges(changes, "") // without Activation, which the daemon numbers from the start
}

// outageExpired is the end of the wait.
func (p childSink) outageExpired(o *outage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if o != nil && p.state.outage == o {
		p.endOutage()
	}
}

// takeDuringOutage applies a report of a daemon that has restarted.
func (p childSink) takeDuringOutage(batch bearer.Batch) {
	o := p.state.outage
	if o.restarted == nil {
		o.restarted = newBackendState(false)
	}
	o.restarted.apply(batch, newChangeSet())
	p.endOutageIfRestored()
}

// endOutageIfRestored ends the wait if the daemon has restored everything.
func (p childSink) endOutageIfRestored() {
	if o := p.state.outage; o != nil && o.restarted != nil && p.restored(o.restarted) {
		p.endOutage()
	}
}

// restored reports whether every configuration is at least as far as its last
// report.
func (p childSink) restored(back *backendState) bool {
	for id := range p.state.configs {
		was, shown := p.reported[id]
		if !shown {
			continue
		}
		c, there := back.configs[id]
		now := merge(c, p.linkOf(c.Interface))
		if !there || now.State < was.State || was.DefaultRoute && !now.DefaultRoute {
			return false
		}
	}
	return true
}

// endOutage ends the wait, and applies the daemon's current state.
func (p childSink) endOutage() {
	o := p.state.outage
	p.state.cancelOutage()
	if o.restarted == nil {
		p.apply(o.lost)
		return
	}
	p.apply(o.restarted.fullReport())
}

// reportOutcome reports the configuration of a command that a restarted daemon
// has executed.
func (p childSink) reportOutcome(answer *backend.Answer) {
	if p.state.outage == nil || p.state.outage.restarted == nil || answer.Err != nil {
		return
	}
	changes := newChangeSet()
	if c, ok := p.state.outage.restarted.configs[answer.ID]; ok {
		p.state.put(c, changes)
	}
	p.reportChanges(changes, "")
}

// nameNetwork replaces the identifier of a network by its name in a refusal: the
// backend does not know the name any more after the loss of the daemon.
func (p childSink) nameNetwork(answer *backend.Answer) {
	refusal, ok := answer.Err.(*backend.Refusal)
	if c := p.reported[answer.ID]; ok && p.state.outage != nil && c.Name != "" {
		answer.Err = backend.Refuse(refusal.Reason, "%s", strings.ReplaceAll(refusal.Text, answer.ID, c.Name))
	}
}

// fullReport is a report of everything that the backend has reported.
func (s *backendState) fullReport() bearer.Batch {
	batch := bearer.Batch{Complete: true, Managed: bearer.Interfaces()}
	for _, id := range slices.Sorted(maps.Keys(s.configs)) {
		batch.Changed = append(batch.Changed, s.configs[id])
	}
	for name, hardware := range s.managed {
		batch.Managed = append(batch.Managed, bearer.Interface{Name: name, Hardware: hardware})
	}
	return batch
}

// cancelOutage stops waiting for the daemon.
func (s *backendState) cancelOutage() {
	if s.outage != nil {
		s.outage.timer.Stop()
		s.outage = nil
	}
}
