package netsession

import (
	"context"
	"sync"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/engine"
	"github.com/netsession/netsession/core/internal/options"
)

// engines has the engines of the process: one for each set of options.
var engines options.Pool[engine.Engine]

// Manager provides the configurations and delivers the events. Managers with the same
// options share an engine, so that every further manager is cheap.
type Manager struct {
	engine *engine.Engine
	client *engine.Client
	closed chan struct{} // closed by Close

	// mu guards the fields below. The engine's loop takes it for each event, so
	// that nothing slow may run under it.
	mu       sync.Mutex
	streams  []*stream
	chooser  Chooser                // nil: the user is not asked
	log      func(LogLevel, string) // nil: the log has no reader
	early    []logLine              // of the log, until the first SetLog
	isClosed bool                   // Close was called
}

// Chooser asks the user what a session on the user choice is to open. It answers with
// Session.Choose or Session.Decline, before it returns or later. The candidates can be
// opened: access points, best first, then service networks. The library calls it on a
// goroutine of its own.
type Chooser func(s *Session, candidates []Configuration)

// NewManager returns a new manager, which the caller has to Close. The error
// says what is wrong with the options or with the script.
func NewManager(o Options) (*Manager, error) {
	environment := options.ReadEnvironment()
	complete, err := options.Options(o).Complete(environment)
	if err != nil {
		return nil, err
	}
	m := &Manager{closed: make(chan struct{})}
	m.engine = engines.Get(complete.Key(environment), func() *engine.Engine {
		return engine.New(complete.Engine(environment, nil))
	})
	if m.client, err = m.engine.Attach((*listener)(m)); err != nil {
		return nil, err
	}
	return m, nil
}

// Close ends the manager, and closes the channels of its Events. Its sessions remain,
// open ones too, until the application frees them. Close waits, for a tenth of a second
// at most, for links that are being taken down because their last session was closed.
// Further calls do nothing.
func (m *Manager) Close() {
	m.mu.Lock()
	first := !m.isClosed
	m.isClosed = true
	m.mu.Unlock()
	if first {
		m.client.Detach()
		close(m.closed)
	}
}

// Configurations returns the configurations whose state has every bit of filter; the
// filter 0 selects all. Access points come first, then service networks, both sorted
// by identifier. The user choice is never among them.
func (m *Manager) Configurations(filter ConfigurationState) []Configuration {
	return list(func(f func(*engine.Entry)) { m.engine.Each(bearer.State(filter), f) })
}

// Configuration returns the configuration with the identifier as it is now. The result
// is not valid (see Configuration.IsValid) if it does not exist.
func (m *Manager) Configuration(id string) Configuration {
	return first(id, func(f func(*engine.Entry)) bool { return m.engine.Find(id, f) })
}

// DefaultConfiguration returns the access point with the best default route; without a
// default route the best that can be opened; if there is none, "Internet". Options can select another
// default. The result is not valid if the machine has no access point.
func (m *Manager) DefaultConfiguration() Configuration {
	return first("", m.engine.Default)
}

// Children returns the access points of a service network.
func (m *Manager) Children(id string) []Configuration {
	return list(func(f func(*engine.Entry)) { m.engine.Children(id, f) })
}

// Underlying returns the access points that the link of an access point runs over now,
// best first: for a tunnel the link by which its packets leave; for a VLAN, a bridge or
// a bond the links below it, as far as these are configurations of their own. The list
// is empty if the link is down or runs over nothing, and if it is not known. No event
// reports a change of the list: ask again after a ConfigurationChanged.
func (m *Manager) Underlying(id string) []Configuration {
	return list(func(f func(*engine.Entry)) { m.engine.Underlying(id, f) })
}

// list returns the entries that each calls its argument with.
func list(each func(func(*engine.Entry))) []Configuration {
	var all []Configuration
	each(func(e *engine.Entry) { all = append(all, configurationOf(e)) })
	return all
}

// first returns the entry that find calls its argument with, if it does.
func first(id string, find func(func(*engine.Entry)) bool) Configuration {
	c := noConfiguration(id)
	find(func(e *engine.Entry) { c = configurationOf(e) })
	return c
}

// SetConnectTimeout bounds each attempt to open the configuration, for every user of it
// in this process while the configuration exists. A value of 0 or below restores the
// default. It reports false if there is no such configuration.
func (m *Manager) SetConnectTimeout(id string, d time.Duration) bool {
	return m.engine.Find(id, func(e *engine.Entry) { e.SetConnectTimeout(d) })
}

// DefineServiceNetwork makes a service network, or replaces the definition of the one
// with the same identifier. It exists until RemoveServiceNetwork, in all managers with
// the same options. The error says what is wrong with the definition.
func (m *Manager) DefineServiceNetwork(n ServiceNetwork) (Configuration, error) {
	c := noConfiguration(n.ID())
	err := m.engine.DefineServiceNetwork(definitionOf(n), func(e *engine.Entry) { c = configurationOf(e) })
	return c, err
}

// RemoveServiceNetwork removes a service network that DefineServiceNetwork made, and
// closes the sessions that are open on it; its access points stay. It fails with
// ErrNoServiceNetwork if there is none with the identifier.
func (m *Manager) RemoveServiceNetwork(id string) error { return m.engine.RemoveServiceNetwork(id) }

// IsOnline reports whether something active has a default route.
func (m *Manager) IsOnline() bool { return m.engine.NetworkState().Online }

// NetworkState returns the state of the machine's networks as a whole.
func (m *Manager) NetworkState() NetworkState { return networkStateOf(m.engine.NetworkState()) }

// Capabilities returns what the library can do now, here, for this user.
func (m *Manager) Capabilities() Capabilities {
	c := Capabilities(m.engine.Capabilities())
	if c.Has(DirectConnectionRouting) && !canBindSockets() {
		c &^= DirectConnectionRouting
	}
	return c
}

// UpdateConfigurations asks the system to scan for networks, if the technology needs it.
// One UpdateCompleted follows each call.
func (m *Manager) UpdateConfigurations() { m.client.Refresh() }

// SetChooser sets the function that asks the user what the manager's sessions on the
// user choice are to open. Without one, the default, they open the best access point.
func (m *Manager) SetChooser(c Chooser) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.chooser = c
}

// Open makes a session on the configuration with the identifier, opens it, and waits
// until it is open. The error is a *SessionError or the error of ctx; then there is no
// session.
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
