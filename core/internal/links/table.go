package links

import (
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/lease"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
)

// Commands are the commands of a backend.
type Commands interface {
	Start(id string)
	Stop(id string)
}

// Host is the engine's loop, as the table needs it. The table calls it on the loop.
type Host interface {
	// CallBackend runs a call of the backend, at once or soon, in the order of the
	// calls of CallBackend.
	CallBackend(func())
	// Post runs f on the loop, unless the run has ended by then. It may be called on
	// any goroutine.
	Post(f func())
	// Moved: the state of an access point may have changed for the sessions that use it.
	Moved(id string)
	// Resumed: no other process is stopping an access point any more. Sessions that
	// waited for the end of the stop may use it now.
	Resumed(id string)
	// Aborted: another process has stopped an access point that sessions here hold.
	Aborted(id string)
}

// Options say how a table counts.
type Options struct {
	// LiteralClose makes the last release of a link stop it even if it was up before
	// the first session.
	LiteralClose bool
	// Directory is shared by the processes; nil if this process counts only its own
	// holders. The table closes it.
	Directory *lease.Directory
	// Log gets the errors of leases. It may be called on any goroutine.
	Log func(text string)
}

// Table knows every access point that sessions of this process hold, or have
// commanded. It lives for one run of the engine; the loop owns it and everything in it.
type Table struct {
	store    *store.Store
	commands Commands
	host     Host
	log      func(string)
	shared   *lease.Directory // nil: this process counts only its own holders
	watcher  *lease.Watcher   // nil until Watch, and where nothing is shared
	counter  *lease.Counter

	pending  map[string]pending      // commands not answered yet
	stopping int                     // stop commands among them
	waiters  []chan struct{}         // closed when stopping is 0
	others   map[string]*pendingStop // access points that other processes are stopping
	orphans  map[string]int          // links left behind by other processes, and how often they were checked
	lost     map[string]bool         // access points that sessions here brought up and lost, and that are still up in the system
}

// New returns a table in which nothing is held.
func New(s *store.Store, c Commands, h Host, o Options) *Table {
	return &Table{
		store: s, commands: c, host: h, shared: o.Directory,
		counter: lease.NewCounter(o.LiteralClose, o.Directory, o.Log),
		pending: make(map[string]pending),
		others:  make(map[string]*pendingStop),
		orphans: make(map[string]int),
		lost:    make(map[string]bool),
		log:     o.Log,
	}
}

// Watch begins to follow other processes, if links are shared. The host is called from
// then on.
func (t *Table) Watch() {
	if t.shared != nil {
		t.watcher = t.shared.Watch(func(names []string) { t.host.Post(func() { t.leasesChanged(names) }) }, t.log)
	}
}

// Close ends the coordination with other processes. A stop that this process has not
// finished is left behind, as at the end of the process.
func (t *Table) Close() {
	t.counter.Close()
	if t.watcher != nil {
		t.watcher.Close()
	}
	if t.shared != nil {
		t.shared.Close()
	}
}

// Shared reports whether the holders of all processes are counted.
func (t *Table) Shared() bool { return t.shared != nil }

// after runs f on the loop after a time.
func (t *Table) after(d time.Duration, f func()) {
	time.AfterFunc(d, func() { t.host.Post(f) })
}

// Of returns the state of a configuration in the snapshot.
func Of(c *bearer.Configuration) session.Link {
	switch {
	case c == nil || !c.Valid():
		return session.LinkGone
	case c.Starting():
		return session.LinkStarting
	case c.Stopping():
		return session.LinkStopping
	case c.State == bearer.Active:
		return session.LinkUp
	case c.State == bearer.Discovered:
		return session.LinkDown
	}
	return session.LinkUnavailable
}

// Snapshot is the state of a configuration, which may be a group, in the snapshot,
// without regard to commands in progress. Without an identifier there is none.
func (t *Table) Snapshot(id string) session.Link {
	if id == "" {
		return session.LinkGone
	}
	return Of(t.store.GetUnlocked(id))
}

// State is the state of an access point, with commands in progress taken into account:
// an access point that is up in the snapshot, but about to be stopped, must not look
// usable.
func (t *Table) State(id string) session.Link {
	link := t.Snapshot(id)
	if link == session.LinkGone {
		return link
	}
	p := t.pending[id]
	switch {
	case t.others[id] != nil:
		return t.others[id].state()
	case link == session.LinkUnavailable:
		return link
	case p.stops > 0 && (link != session.LinkDown || p.starts > 0):
		return session.LinkStopping
	case p.stops == 0 && p.starts > 0 && link == session.LinkDown:
		return session.LinkStarting
	}
	return link
}

// AccessPoint is the access point with the identifier as a session sees it.
func (t *Table) AccessPoint(id string) session.AccessPoint {
	return session.AccessPoint{ID: id, Link: t.State(id)}
}

// Up reports whether an access point is up, and is not about to be stopped.
func (t *Table) Up(id string) bool { return t.State(id) == session.LinkUp }

// raised reports whether another process has brought an access point up already, or is
// about to: a start now changes nothing, and its caller does not own the link.
func (t *Table) raised(id string) bool {
	switch t.State(id) {
	case session.LinkUp, session.LinkStarting:
		return true
	case session.LinkDown, session.LinkUnavailable:
		c := t.store.GetUnlocked(id)
		return c != nil && c.Up && t.pending[id].stops == 0
	}
	return false
}

// Denied says why this process may not start or stop an access point; it is empty
// if the process may.
func (t *Table) Denied(id string) string {
	if c := t.store.GetUnlocked(id); c != nil {
		return c.Denied
	}
	return ""
}

// Undisturbed reports whether no command on an access point is in progress, and no
// other process is stopping it: the snapshot is then up to date.
func (t *Table) Undisturbed(id string) bool {
	return t.pending[id] == (pending{}) && t.others[id] == nil
}

// Apply updates the owners of links after a change of the snapshot. The engine calls
// it before its sessions see the change, and Forgotten afterwards.
func (t *Table) Apply(u *store.Update) {
	for _, id := range u.Reactivated {
		if t.pending[id] == (pending{}) {
			t.counter.AssignToSystem(id) // the process that brought it up anew owns it
		}
	}
	for _, id := range u.TakenDown {
		delete(t.lost, id) // the process that brings it up next owns it
	}
}

// Forgotten drops the state of access points that do not exist any more.
func (t *Table) Forgotten(removed []*store.Entry) {
	for _, e := range removed {
		delete(t.lost, e.ID())
		t.counter.Remove(e.ID())
	}
}

// Answered handles the answer to a command, and reports whether it is valid for the
// sessions.
func (t *Table) Answered(a backend.Answer) bool {
	switch {
	case a.Op == backend.OpStart && a.Err == nil:
		t.counter.StartAnswered(a.ID, a.Joined)
	case a.Op == backend.OpStart:
		t.counter.StartFailed(a.ID)
	}
	counts := t.answered(a)
	t.endPendingStop(a.ID)
	return counts
}
