package engine

import (
	"fmt"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/session"
)

// The functions of this file say for people what a configuration is called, and
// why it is not what it should be.

// names counts the access points of each name: one that is not the only one of
// its name is called by its identifier, too.
type names map[string]int

func (n names) replace(old, now *bearer.Configuration) {
	if old != nil {
		if n[old.Name]--; n[old.Name] == 0 {
			delete(n, old.Name)
		}
	}
	if now != nil {
		n[now.Name]++
	}
}

// label is what a configuration is called for people, given what is known of it.
func (n names) label(id string, c *bearer.Configuration) string {
	switch {
	case c == nil || c.Name == "":
		return id
	case n[c.Name] > 1:
		return fmt.Sprintf("%s (%s)", c.Name, id)
	}
	return c.Name
}

// known is all that is known of a configuration, which may have been removed;
// nil if that is nothing. It is for the loop.
func (b *board) known(id string) *bearer.Configuration {
	if c := b.peek(id); c != nil {
		return c
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.remembered(id)
}

func (b *board) remembered(id string) *bearer.Configuration {
	if e := b.entries[id]; e != nil {
		return e.Value()
	}
	return nil
}

// label is what a configuration is called for people, whether it exists or not.
func (b *board) label(id string) string { return b.names.label(id, b.known(id)) }

// outset is where a configuration stands for a session that is made on it.
func (b *board) outset(id string) session.Facts {
	b.mu.RLock()
	defer b.mu.RUnlock()
	c := b.remembered(id)
	return session.Facts{Config: linkOf(c), Label: b.names.label(id, c), Why: whyDown(c)}
}

// whyDown says, as the end of a sentence, why a configuration does not exist or is
// not up; empty where it is up, and where nothing is known.
func whyDown(c *bearer.Configuration) string {
	switch {
	case c == nil:
		return ""
	case !c.Valid():
		return c.Missing
	case c.Type != bearer.InternetAccessPoint || c.State == bearer.Active || c.Progress != bearer.Settled:
		return ""
	case c.Obstacle != "":
		return c.Obstacle
	case c.Up && c.State == bearer.Discovered:
		return "it has no address"
	}
	return ""
}

// whyNotSetUp says why this process may not set an access point up, where that is
// all that keeps it from being opened.
func (l *loop) whyNotSetUp(id string) string {
	if c := l.board.peek(id); c != nil && c.State == bearer.Defined && c.Obstacle == c.Denied {
		return c.Denied
	}
	return ""
}

// whyExpired says in words what kept an attempt from success.
func whyExpired(c *bearer.Configuration) string {
	switch {
	case c == nil:
		return "it does not exist any more"
	case c.Obstacle != "":
		return c.Obstacle
	case c.State == bearer.Defined:
		return "it has no carrier or is out of range"
	case c.State == bearer.Discovered && c.Progress == bearer.Settled && c.Up:
		return "its link got no address; check that something configures addresses on it"
	}
	return "the system has not said why"
}
