package links

import (
	"time"

	"github.com/netsession/netsession/core/internal/session"
)

const (
	// orphanDelay is how long after the first check an orphan is checked again whose
	// link was not up then: the snapshot may have been stale.
	orphanDelay = time.Second
	// orphanChecks bounds how often that is done for a link that does not exist now,
	// but may come back with its daemon.
	orphanChecks = 15
)

// leasesChanged handles what other processes did with leases.
func (t *Table) leasesChanged(names []string) {
	for _, name := range names {
		id := t.shared.IDOf(name)
		switch {
		case id == "":
		case t.counter.Holders(id) > 0:
			t.checkAborted(id)
		default:
			t.CheckOrphan(id)
		}
	}
}

// CheckOrphan stops an access point whose holders ended without stopping it, if this
// process has the right to. A link that is not up is checked again.
func (t *Table) CheckOrphan(id string) {
	if t.others[id] == nil && t.counter.Orphaned(id) && !t.stopOrphan(id) && t.orphans[id] == 0 {
		t.recheckOrphan(id, 1)
	}
}

// stopOrphan stops an orphan that is up, and reports whether it is.
func (t *Table) stopOrphan(id string) bool {
	if !t.raised(id) {
		return false
	}
	if t.Denied(id) == "" && t.counter.Adopt(id) {
		t.Stop(id)
	}
	return true
}

// recheckOrphan checks an orphan again that was not up. Unless the snapshot was
// stale, nothing is left to stop, and its lease is forgotten.
func (t *Table) recheckOrphan(id string, checks int) {
	t.orphans[id] = checks
	t.after(orphanDelay, func() {
		delete(t.orphans, id)
		if t.others[id] != nil || !t.counter.Orphaned(id) || t.stopOrphan(id) {
			return
		}
		link := t.State(id)
		if link != session.LinkGone && link != session.LinkStopping {
			t.counter.Remove(id)
		} else if checks < orphanChecks {
			t.recheckOrphan(id, checks+1)
		}
	})
}

// Orphans is the number of orphans that will be checked again.
func (t *Table) Orphans() int { return len(t.orphans) }
