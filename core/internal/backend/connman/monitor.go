// The monitor of ConnMan: reads its lists, applies its signals, and publishes the
// changes.

package connman

import (
	"fmt"
	"reflect"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
	"github.com/netsession/netsession/core/internal/bearer"
)

const (
	daemonName       = "net.connman"
	vpnDaemonName    = "net.connman.vpn" // has its own name, and need not run
	managerPath      = "/"
	managerInterface = "net.connman.Manager"
)

// The waits before everything is read again: after a list that could not be read, and
// after a signal that does not fit the state.
const (
	minRetryDelay = time.Second
	maxRetryDelay = time.Minute
	rereadDelay   = 200 * time.Millisecond
)

// monitor keeps the state of ConnMan up to date. It is the bus.Handler: only the
// goroutine that runs the backend uses it.
type monitor struct {
	sink       backend.Sink
	onPresence func(present bool) // called when ConnMan becomes usable or unusable
	// call calls a method of ConnMan, after starts a timer; tests replace both.
	call  func(bus.Call, func(bus.Reply))
	after func(time.Duration, func()) *bus.Timer

	state     *daemonState
	managed   []bearer.Interface // as reported last
	executor  *executor
	refresher refresher
	tunnels   tunnelResolver
	// present: the list of services was read from the ConnMan that runs now.
	present     bool
	retryDelay  time.Duration
	retry       *bus.Timer // of the next read; nil if none is scheduled
	lastWarning string
}

var _ bus.Handler = (*monitor)(nil)

func newMonitor(sink backend.Sink, b *bus.Bus, notice func(bool)) *monitor {
	m := &monitor{sink: sink, onPresence: notice, after: b.After, state: newDaemonState()}
	m.call = func(c bus.Call, done func(bus.Reply)) {
		if c.Name == "" {
			c.Name = daemonName
		}
		b.Call(c, done)
	}
	m.executor = newExecutor(m)
	m.refresher.monitor = m
	m.tunnels = newTunnelResolver(m)
	return m
}

// Connected implements bus.Handler.
func (m *monitor) Connected() { m.sink.Loading() }

// Appeared implements bus.Handler.
func (m *monitor) Appeared(name string) {
	if name != daemonName {
		return
	}
	m.retryDelay = 0
	m.readAll(func() {})
}

// Vanished implements bus.Handler.
func (m *monitor) Vanished(name string) {
	if name != daemonName {
		return
	}
	m.retry.Stop()
	m.retry = nil
	m.publishNothing()
	m.executor.failAll()
	m.refresher.abort()
	m.tunnels.stopAll()
}

// publishNothing reports that there are no configurations and no interfaces.
func (m *monitor) publishNothing() {
	m.state = newDaemonState()
	m.setPresent(false)
	m.managed = bearer.Interfaces()
	m.sink.Report(bearer.Batch{
		Complete: true, Managed: m.managed,
		Why: "ConnMan has gone away or does not answer; it returns when ConnMan does",
	})
}

func (m *monitor) setPresent(present bool) {
	m.present = present
	m.onPresence(present)
}

// Log implements bus.Handler.
func (m *monitor) Log(level backend.Level, text string) { m.sink.Log(level, text) }

// readAll reads all lists, and calls then when they were reported or could not be read;
// it does not if ConnMan goes away before.
func (m *monitor) readAll(then func()) {
	m.call(bus.Call{Path: managerPath, Interface: managerInterface, Method: "GetProperties"}, m.readManager)
	m.call(bus.Call{Path: managerPath, Interface: managerInterface, Method: "GetTechnologies"}, m.readTechnologies)
	m.call(bus.Call{Path: managerPath, Interface: managerInterface, Method: "GetServices"}, func(r bus.Reply) {
		if r.Err == bus.ErrGone {
			return
		}
		m.readServices(r)
		then()
	})
}

// readManager applies the properties of ConnMan's manager.
func (m *monitor) readManager(r bus.Reply) {
	p, ok := bus.Arg(r.Body, 0).(properties)
	switch {
	case r.Err == bus.ErrGone:
		return
	case r.Err != nil:
		m.logProblems(problems{fmt.Sprintf("its properties could not be read: %v", r.Err)})
		return
	case !ok:
		m.logProblems(problems{fmt.Sprintf("its properties are of type %T", bus.Arg(r.Body, 0))})
		return
	}
	var wrong problems
	m.state.setManager(p, &wrong)
	m.logProblems(wrong)
}

// readTechnologies applies the list of technologies.
func (m *monitor) readTechnologies(r bus.Reply) {
	var wrong problems
	list, err := decodeReply(r, &wrong)
	switch {
	case err == bus.ErrGone:
		return
	case err != nil:
		wrong.add("the list of technologies could not be read: %v", err)
	default:
		m.state.replaceTechnologies(list, &wrong)
	}
	m.logProblems(wrong)
}

// readServices applies the list of services, which completes the state.
func (m *monitor) readServices(r bus.Reply) {
	var wrong problems
	list, err := decodeReply(r, &wrong)
	if err != nil {
		m.handleReadError(err)
		return
	}
	m.retryDelay = 0
	m.state.replaceServices(list, &wrong)
	m.logProblems(wrong)
	if m.present {
		m.update()
		return
	}
	m.setPresent(true)
	m.publishAll()
}

// decodeReply decodes a reply that holds a list of objects.
func decodeReply(r bus.Reply, wrong *problems) ([]object, error) {
	if r.Err != nil {
		return nil, r.Err
	}
	return decodeObjects(bus.Arg(r.Body, 0), wrong)
}

// handleReadError handles a ConnMan that runs, but does not list its services.
func (m *monitor) handleReadError(err error) {
	m.warnOnce(fmt.Sprintf("The services of ConnMan could not be read: %v.", err))
	if !m.present {
		m.publishNothing()
	}
	m.retryDelay = min(max(2*m.retryDelay, minRetryDelay), maxRetryDelay)
	m.scheduleRead(m.retryDelay)
}

// scheduleRead reads everything after a delay, unless a read is scheduled already.
func (m *monitor) scheduleRead(delay time.Duration) {
	if m.retry != nil {
		return
	}
	m.retry = m.after(delay, func() {
		m.retry = nil
		m.readAll(func() {})
	})
}

// logProblems logs the errors in a message.
func (m *monitor) logProblems(wrong problems) {
	for _, text := range wrong {
		m.warnOnce("ConnMan said what could not be understood: " + text + ".")
	}
}

// warnOnce logs a warning, unless the last warning had the same text.
func (m *monitor) warnOnce(text string) {
	if text != m.lastWarning {
		m.lastWarning = text
		m.sink.Log(backend.LevelWarning, text)
	}
}

// update publishes the changes, then continues the commands.
func (m *monitor) update() {
	m.publish()
	m.tunnels.update()
	m.executor.advanceAll()
}

// publish reports the changes.
func (m *monitor) publish() {
	changed, gone := m.state.changes()
	managed := m.changedInterfaces()
	if len(changed) > 0 || len(gone) > 0 || managed != nil {
		m.sink.Report(bearer.Batch{Changed: changed, Gone: gone, Managed: managed})
	}
}

// publishAll makes a complete report.
func (m *monitor) publishAll() {
	m.state.markAllDirty()
	changed, _ := m.state.changes()
	m.managed = m.state.managedInterfaces()
	m.sink.Report(bearer.Batch{Complete: true, Changed: changed, Managed: m.managed})
	m.tunnels.update()
	m.executor.advanceAll()
}

// changedInterfaces returns the interfaces that ConnMan manages, nil if they are the same
// as in the last report.
func (m *monitor) changedInterfaces() []bearer.Interface {
	if !m.state.interfaces.changed {
		return nil
	}
	now := m.state.managedInterfaces()
	if reflect.DeepEqual(now, m.managed) {
		return nil
	}
	m.managed = now
	return now
}
