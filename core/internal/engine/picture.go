package engine

import (
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/roam"
)

// Capabilities is the set of what the library can do now, here, for this user.
// The numbers are those of QNetworkConfigurationManager::Capability.
type Capabilities uint32

// The capabilities. DirectConnectionRouting says that there are links of the
// kernel's to bind sockets to; whether the kernel permits that is for those to
// find out who do it. NetworkSessionRequired has a number too, but is never
// reported.
const (
	CanStartAndStopInterfaces Capabilities = 0x01
	DirectConnectionRouting   Capabilities = 0x02
	SystemSessionSupport      Capabilities = 0x04
	ApplicationLevelRoaming   Capabilities = 0x08
	ForcedRoaming             Capabilities = 0x10
	DataStatistics            Capabilities = 0x20
)

// Each calls f for every configuration whose state has all bits of filter:
// access points sorted by identifier, then service networks. f must be quick,
// and must not call the engine.
func (e *Engine) Each(filter bearer.State, f func(*Entry)) {
	b := e.board
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, list := range [][]*Entry{b.listed, b.networks} {
		for _, entry := range list {
			if entry.Value().State.Has(filter) {
				f(entry)
			}
		}
	}
}

// Len is an upper bound for the number of configurations, for callers of Each.
func (e *Engine) Len() int {
	e.board.mu.RLock()
	defer e.board.mu.RUnlock()
	return len(e.board.listed) + len(e.board.networks)
}

// Find calls f with the configuration of that identifier and reports whether
// there is one. f is bound as that of Each is.
func (e *Engine) Find(id string, f func(*Entry)) bool {
	e.board.mu.RLock()
	defer e.board.mu.RUnlock()
	entry := e.board.entry(id)
	if entry != nil {
		f(entry)
	}
	return entry != nil
}

// Refer calls f as Find does; where there is no such configuration, with the
// entry that it will have if it appears, whose value is of type bearer.Invalid
// until then.
func (e *Engine) Refer(id string, f func(*Entry)) {
	if e.Find(id, f) {
		return
	}
	e.board.mu.Lock()
	defer e.board.mu.Unlock()
	f(e.board.refer(id, time.Now()))
}

// Default calls f with the default configuration and reports whether there is
// one: what Options.Default says, where that is not an access point, else the
// best-ranked access point that is up or can be opened, else "Internet". Without
// any access point there is none. f is bound as that of Each is.
func (e *Engine) Default(f func(*Entry)) bool {
	b := e.board
	b.mu.RLock()
	defer b.mu.RUnlock()
	if len(b.listed) == 0 {
		return false
	}
	f(b.entries[b.preset(e.opts.Default)])
	return true
}

// presentable is the best-ranked access point that may be the default, or nil.
func (b *board) presentable() *roam.Candidate {
	return b.order.Best((*roam.Candidate).Presentable)
}

// preset is the identifier of the default configuration.
func (b *board) preset(wanted bearer.Type) string {
	best := b.presentable()
	switch {
	case wanted == bearer.UserChoice:
		return bearer.UserChoiceID
	case wanted == bearer.ServiceNetwork || best == nil:
		return bearer.InternetID
	}
	return best.ID
}

// Children calls f for every access point of a service network. f is bound as
// that of Each is.
func (e *Engine) Children(id string, f func(*Entry)) {
	if bearer.TypeOf(id) == bearer.ServiceNetwork {
		e.board.members(id, f)
	}
}

// members calls f for every access point of a group.
func (b *board) members(id string, f func(*Entry)) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if g := b.group(id); g != nil {
		g.each(b, f)
	}
}

// Capabilities says what can be done now.
func (e *Engine) Capabilities() Capabilities {
	c := ApplicationLevelRoaming | ForcedRoaming
	if e.shares() {
		c |= SystemSessionSupport
	}
	b := e.backend()
	if b == nil {
		return c
	}
	has := b.Capabilities()
	if has&backend.CanStartAndStop != 0 {
		c |= CanStartAndStopInterfaces
	}
	if has&backend.HasStatistics != 0 {
		c |= DataStatistics
	}
	if has&backend.HasLinks != 0 {
		c |= DirectConnectionRouting
	}
	return c
}

// Reap drops the entry of a removed configuration if unused, called with the
// board locked, agrees that nobody refers to it.
func (e *Engine) Reap(entry *Entry, unused func() bool) { e.board.reap(entry, unused) }
