package netsession

import (
	"context"
	"sync"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/engine"
)

// engines are those of the process: one for each set of options.
var engines engine.Pool

// Manager is where configurations come from, and where events arrive. Managers with
// the same options share an engine, so that further ones are cheap.
type Manager struct {
	engine *engine.Engine
	client *engine.Client
	closed chan struct{} // closed by Close

	mu      sync.Mutex // guards what follows; held for moments, also by the engine's loop
	streams []*stream
	chooser Chooser
	log     func(backend.Level, string)
	early   []line // of the log, as long as nobody reads it
	over    bool   // Close was called
}

// Chooser asks the user what a session on the user choice is to open: it answers by
// Session.Choose or Session.Decline, now or later. The candidates can be opened:
// access points, best first, then service networks. It runs on a goroutine of its
// own.
type Chooser func(s *Session, candidates []*bearer.Configuration)

// NewManager makes a manager, to be closed by Close. An error is a sentence that
// says what is wrong with the options or with the script.
func NewManager(o Options) (*Manager, error) {
	environment := readEnvironment()
	o, err := o.Complete(environment.options, environment.systemBus)
	if err != nil {
		return nil, err
	}
	m := &Manager{closed: make(chan struct{}), engine: o.Shared(&engines, environment.runtime, nil, nil)}
	if m.client, err = m.engine.Attach((*listener)(m)); err != nil {
		return nil, err
	}
	return m, nil
}

// Close ends the manager. The channels of its Events are closed. Its sessions live
// on, open ones too, until they are freed. Links that are being taken down because
// their last session was closed are waited for, a tenth of a second at most.
func (m *Manager) Close() {
	m.mu.Lock()
	first := !m.over
	m.over = true
	m.mu.Unlock()
	if first {
		m.client.Detach()
		close(m.closed)
	}
}

// Configurations are those whose state has every bit of filter; 0 selects all.
// Access points come first, then service networks, both sorted by identifier. The
// user choice is never among them.
func (m *Manager) Configurations(filter bearer.State) []*bearer.Configuration {
	var all []*bearer.Configuration
	m.engine.Each(filter, func(e *engine.Entry) { all = append(all, value(e)) })
	return all
}

// Configuration is the one with the identifier, as it is now. It is not Valid where
// there is none.
func (m *Manager) Configuration(id string) *bearer.Configuration {
	return m.find(id, func(f func(*engine.Entry)) bool { return m.engine.Find(id, f) })
}

// DefaultConfiguration is the access point with the best default route, else the
// best that can be opened, else "Internet", unless the options say another. It is
// not Valid where there is no access point.
func (m *Manager) DefaultConfiguration() *bearer.Configuration {
	return m.find("", m.engine.Default)
}

func (m *Manager) find(id string, look func(func(*engine.Entry)) bool) *bearer.Configuration {
	c := &bearer.Configuration{ID: id, Type: bearer.Invalid, State: bearer.Undefined}
	look(func(e *engine.Entry) { c = value(e) })
	return c
}

// Children are the access points of a service network.
func (m *Manager) Children(id string) []*bearer.Configuration {
	var all []*bearer.Configuration
	m.engine.Children(id, func(e *engine.Entry) { all = append(all, value(e)) })
	return all
}

// Underlying are the access points that the link of an access point runs over now,
// best first: under a tunnel the link by which its packets leave, under a VLAN, a
// bridge or a bond the links below it, as far as these are configurations of their
// own. There is none where the link runs over nothing or is not up, and where nobody
// knows. No event tells of this by itself: ask again when a configuration changed.
func (m *Manager) Underlying(id string) []*bearer.Configuration {
	var all []*bearer.Configuration
	m.engine.Underlying(id, func(e *engine.Entry) { all = append(all, value(e)) })
	return all
}

// value is a configuration as it is now, with the timeout that the host gave it.
func value(e *engine.Entry) *bearer.Configuration {
	c := *e.Value()
	c.ConnectTimeout = e.ConnectTimeout()
	return &c
}

// SetConnectTimeout says how long an attempt to open a configuration may take, for
// every user of it in this process while it exists; 0 restores the default. It
// reports false where there is no such configuration.
func (m *Manager) SetConnectTimeout(id string, d time.Duration) bool {
	return m.engine.Find(id, func(e *engine.Entry) { e.SetConnectTimeout(d) })
}

// DefineServiceNetwork makes a group of access points, among which the sessions on
// it roam, or gives the one with its identifier another definition. It is there
// until RemoveServiceNetwork, in all managers with the same options. An error is a
// sentence that says what is wrong.
func (m *Manager) DefineServiceNetwork(d bearer.Definition) (*bearer.Configuration, error) {
	var c *bearer.Configuration
	if err := m.engine.Define(d, func(e *engine.Entry) { c = value(e) }); err != nil {
		return &bearer.Configuration{ID: d.ID(), Type: bearer.Invalid, State: bearer.Undefined}, err
	}
	return c, nil
}

// RemoveServiceNetwork removes a service network that DefineServiceNetwork made,
// else fails with engine.ErrNoNetwork. Sessions that are open on it are closed; its
// access points stay.
func (m *Manager) RemoveServiceNetwork(id string) error { return m.engine.Undefine(id) }

// IsOnline reports whether something active carries a default route.
func (m *Manager) IsOnline() bool { return m.engine.Outlook().Online }

// Outlook is what can be said of the machine's networks as a whole: how far
// traffic gets, over what, and whether it costs by volume.
func (m *Manager) Outlook() engine.Outlook { return m.engine.Outlook() }

// Capabilities says what can be done now, here, by this user.
func (m *Manager) Capabilities() engine.Capabilities {
	c := m.engine.Capabilities()
	if c&engine.DirectConnectionRouting != 0 && !canBindSockets() {
		c &^= engine.DirectConnectionRouting
	}
	return c
}

// UpdateConfigurations asks the system to look for networks again, where that takes
// a scan. An UpdateCompleted follows for each call.
func (m *Manager) UpdateConfigurations() { m.client.Refresh() }

// SetChooser says who is asked what the manager's sessions on the user choice are to
// open. Without one they take the best access point.
func (m *Manager) SetChooser(c Chooser) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.chooser = c
}

// SetLog says who is told what a developer may want to know, beginning with what was
// said while the manager was made; nil is nobody. It is called on goroutines of the
// library, must not block, and must not call the manager.
func (m *Manager) SetLog(log func(level backend.Level, text string)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.log = log
	if log == nil {
		return
	}
	for _, l := range m.early {
		log(l.level, l.text)
	}
	m.early = nil
}

// line is one of the log.
type line struct {
	level backend.Level
	text  string
}

// earlyLines bounds those that are kept.
const earlyLines = 16

// Open opens a session on the configuration with the identifier, and waits until it
// is open. An error is a *SessionError, or that of ctx; there is no session then.
func (m *Manager) Open(ctx context.Context, id string) (*Session, error) {
	s, err := m.NewSession(id)
	if err != nil {
		return nil, err
	}
	s.Open()
	if err := s.WaitForOpened(ctx); err != nil {
		s.Free()
		return nil, err
	}
	return s, nil
}
