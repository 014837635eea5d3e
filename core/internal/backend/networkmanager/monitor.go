// The monitor of NetworkManager: reads its objects, applies its signals, and reports the
// changes.

package networkmanager

import (
	"maps"
	"slices"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
	"github.com/netsession/netsession/core/internal/bearer"
)

// retryDelay is the wait before NetworkManager is asked again after an error.
const retryDelay = time.Minute

// phase is how complete the monitor's state is.
type phase uint8

const (
	presenceUnknown phase = iota // it is not known yet whether NetworkManager runs
	absent                       // NetworkManager does not run
	loading                      // the objects and settings are being read
	complete                     // the state was reported, and is kept up to date
)

// monitor keeps the state of NetworkManager up to date. It is the bus.Handler: only the
// goroutine of the bus uses it.
type monitor struct {
	backend  *Backend
	bus      *bus.Bus
	sink     backend.Sink
	executor *executor

	phase           phase
	objectsKnown    bool // the state has the objects
	pendingSettings int  // number of profiles whose settings were requested and have not arrived
	state           *daemonState
	managed         []bearer.Interface // as reported last
}

func newMonitor(b *Backend) *monitor {
	m := &monitor{backend: b, bus: b.bus, state: newDaemonState()}
	m.executor = newExecutor(m)
	return m
}

// Connected implements bus.Handler.
func (m *monitor) Connected() { m.sink.Loading() }

// Appeared implements bus.Handler.
func (m *monitor) Appeared(name string) {
	if name == modemsName {
		m.readModems()
		return
	}
	m.state = m.state.reset()
	m.phase, m.objectsKnown, m.pendingSettings = loading, false, 0
	m.readAll()
}

// Vanished implements bus.Handler.
func (m *monitor) Vanished(name string) {
	if name == modemsName {
		m.state.forgetModems()
		m.update()
		return
	}
	m.publishNothing()
	m.executor.failAll()
}

// publishNothing reports an empty state, because NetworkManager does not run or does not
// answer.
func (m *monitor) publishNothing() {
	m.phase, m.objectsKnown = absent, false
	m.backend.setCapabilities(0)
	m.state, m.managed = m.state.reset(), bearer.Interfaces()
	m.sink.Report(bearer.Batch{
		Complete: true, Managed: bearer.Interfaces(),
		Why: "NetworkManager has gone away or does not answer; it returns when NetworkManager does",
	})
	m.executor.releaseHeld()
}

// readAll reads all objects. The call has no timeout: without the reply there is nothing to
// do.
func (m *monitor) readAll() {
	m.bus.Call(bus.Call{
		Name: daemonName, Path: rootPath, Interface: objectsInterface, Method: "GetManagedObjects", Timeout: -1,
	}, m.handleObjects)
	m.readPermissions()
}

func (m *monitor) handleObjects(reply bus.Reply) {
	if reply.Err == bus.ErrGone {
		return // Vanished follows
	}
	objects, ok := bus.ManagedObjects(reply.Body)
	if reply.Err != nil || !ok {
		m.handleReadError(reply.Err)
		return
	}
	m.objectsKnown = true
	m.pendingSettings = 1                       // so that no reply completes the state before all were asked for
	for _, path := range sortedPaths(objects) { // the manager comes before its devices
		m.state.add(path, objects[path])
	}
	for _, path := range sortedPaths(m.state.profiles) {
		m.readSettings(path)
	}
	m.settingsRead()
}

// handleReadError handles a NetworkManager that does not list its objects.
func (m *monitor) handleReadError(err error) {
	why := "it sent something else"
	if err != nil {
		why = err.Error()
	}
	m.sink.Log(backend.LevelWarning, "NetworkManager cannot be asked for its networks: "+why+".")
	m.publishNothing()
	m.bus.After(retryDelay, func() {
		if m.phase == absent {
			m.readAll()
		}
	})
}

// sortedPaths returns the paths of objects, sorted.
func sortedPaths[T any](objects map[dbus.ObjectPath]T) []dbus.ObjectPath {
	return slices.Sorted(maps.Keys(objects))
}

// readSettings reads the settings of a profile.
func (m *monitor) readSettings(path dbus.ObjectPath) {
	m.pendingSettings++
	state := m.state
	m.bus.Call(bus.Call{
		Name: daemonName, Path: path, Interface: profileInterface, Method: "GetSettings", Timeout: -1,
	}, func(reply bus.Reply) {
		if m.state != state || reply.Err == bus.ErrGone {
			return
		}
		m.applySettings(path, reply)
		m.settingsRead()
	})
}

// applySettings applies the settings of a profile. A profile that was removed meanwhile,
// or that this user may not see, has none.
func (m *monitor) applySettings(path dbus.ObjectPath, reply bus.Reply) {
	if m.state.profiles[path] == nil {
		return
	}
	if reply.Err != nil {
		m.sink.Log(backend.LevelDebug, "The profile "+string(path)+" cannot be read: "+reply.Err.Error()+".")
		m.state.closeSettings(path)
		return
	}
	s, problems, ok := settingsOf(reply.Body)
	for _, problem := range problems {
		m.state.addProblem("settings of %s: %s", path, problem)
	}
	m.state.setSettings(path, s, ok)
}

// settingsRead counts the replies to readSettings; the last one completes the state.
func (m *monitor) settingsRead() {
	m.pendingSettings--
	if m.pendingSettings == 0 && m.phase != complete {
		m.publishAll()
		return
	}
	m.update()
}

// publishAll makes the first, complete report.
func (m *monitor) publishAll() {
	m.phase = complete
	m.publishCapabilities()
	m.managed = m.state.managedInterfaces()
	changed, _ := m.state.changes()
	m.sink.Report(bearer.Batch{Complete: true, Changed: changed, Managed: m.managed})
	m.logProblems()
	m.executor.releaseHeld()
}

// update reports what has changed, and continues the commands.
func (m *monitor) update() {
	switch m.phase {
	case presenceUnknown, loading:
		return
	case complete:
		m.publish()
	}
	m.logProblems()
	m.executor.advanceAll()
}

func (m *monitor) publish() {
	var batch bearer.Batch
	batch.Changed, batch.Gone = m.state.changes()
	batch.Why = m.state.goneReason(batch.Gone)
	if m.state.interfacesDirty {
		if managed := m.state.managedInterfaces(); !equal(managed, m.managed) {
			m.managed, batch.Managed = managed, managed
		}
	}
	if len(batch.Changed)+len(batch.Gone) > 0 || batch.Managed != nil {
		m.sink.Report(batch)
	}
}

// logProblems logs the errors in NetworkManager's messages.
func (m *monitor) logProblems() {
	if text := m.state.takeProblems(); text != "" {
		m.sink.Log(backend.LevelWarning, "NetworkManager said something that cannot be understood: "+text+".")
	}
}

func equal(a, b []bearer.Interface) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// Log implements bus.Handler.
func (m *monitor) Log(level backend.Level, text string) { m.sink.Log(level, text) }
