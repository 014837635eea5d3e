// The search for the interfaces of VPN services, which ConnMan does not signal.

package connman

import (
	"maps"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// tunnelResolver finds the interfaces of services that are up without a known interface.
// No version of ConnMan signals the interface of a VPN's tunnel: ConnMan 2 has it in the
// properties of the service, and for ConnMan 1 only the VPN daemon knows it.
type tunnelResolver struct {
	monitor  *monitor
	searches map[string]*search // by the identifier of the service
	// interfaceName returns the name of the tunnel with an index; empty for none.
	interfaceName func(index int) string
}

// search is the search for the interface of one service. A search that has failed stays
// until the service is down, so that it is not repeated for ever.
type search struct {
	attempts int
	retry    *bus.Timer
}

// searchDelays are the waits between the attempts of a search. The first attempt, at once,
// is usually enough; a machine that is just starting may need the others.
var searchDelays = []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}

func newTunnelResolver(m *monitor) tunnelResolver {
	return tunnelResolver{monitor: m, searches: make(map[string]*search), interfaceName: tunnelName}
}

// update starts and stops searches according to the state.
func (r *tunnelResolver) update() {
	for id, q := range r.searches {
		if !r.monitor.state.withoutInterface[id] {
			q.retry.Stop()
			delete(r.searches, id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.monitor.state.withoutInterface)) {
		if r.searches[id] == nil {
			r.searches[id] = new(search)
			r.askService(id, r.searches[id])
		}
	}
}

// stopAll stops all searches, because ConnMan does not run any more.
func (r *tunnelResolver) stopAll() {
	for id, q := range r.searches {
		q.retry.Stop()
		delete(r.searches, id)
	}
}

// askService reads the properties of the service from ConnMan.
func (r *tunnelResolver) askService(id string, q *search) {
	s := r.monitor.state.services[id]
	c := bus.Call{Path: s.path, Interface: "net.connman.Service", Method: "GetProperties"}
	r.monitor.call(c, func(reply bus.Reply) {
		p, _ := bus.Arg(reply.Body, 0).(properties)
		if value, found := p["Ethernet"]; found && r.searches[id] == q {
			r.monitor.applyProperty(id, "Ethernet", value)
		}
		if r.searches[id] != q {
			return
		}
		if s.kind == vpn {
			r.askVPN(id, q)
			return
		}
		r.retryLater(id, q)
	})
}

// askVPN asks the VPN daemon for the index of the tunnel. Its connections have the names
// of ConnMan's services.
func (r *tunnelResolver) askVPN(id string, q *search) {
	name := strings.TrimPrefix(strings.TrimPrefix(id, "connman:"), "vpn_")
	c := bus.Call{
		Name: vpnDaemonName, Path: dbus.ObjectPath("/net/connman/vpn/connection/" + name),
		Interface: "net.connman.vpn.Connection", Method: "GetProperties",
	}
	r.monitor.call(c, func(reply bus.Reply) {
		if r.searches[id] != q {
			return
		}
		p, _ := bus.Arg(reply.Body, 0).(properties)
		if index, ok := p["Index"].Value().(int32); ok && index > 0 {
			link := properties{"Interface": dbus.MakeVariant(r.interfaceName(int(index)))}
			r.monitor.applyProperty(id, "Ethernet", dbus.MakeVariant(link))
		}
		if r.searches[id] == q {
			r.retryLater(id, q)
		}
	})
}

// retryLater makes the next attempt after a delay, if there is one left. From the second
// attempt on the service is shown as up: the first takes milliseconds, the others seconds.
func (r *tunnelResolver) retryLater(id string, q *search) {
	if s := r.monitor.state.services[id]; s != nil && s.awaitingInterface {
		s.awaitingInterface = false
		r.monitor.state.markDirty(id)
		defer r.monitor.update()
	}
	if q.attempts == len(searchDelays) {
		return
	}
	q.retry = r.monitor.after(searchDelays[q.attempts], func() {
		if r.searches[id] == q {
			r.askService(id, q)
		}
	})
	q.attempts++
}

// applyProperty applies a property of a service that was read.
func (m *monitor) applyProperty(id, name string, value dbus.Variant) {
	s := m.state.services[id]
	if s == nil {
		return
	}
	if err := s.set(name, value); err != nil {
		m.logProblems(problems{err.Error()})
	}
	m.state.markDirty(id)
	m.update()
}

// tunnelName returns the name of the interface with an index in this process's network
// namespace. If that is no tunnel, the VPN daemon is in another namespace.
func tunnelName(index int) string {
	i, err := net.InterfaceByIndex(index)
	if err != nil || i.Flags&net.FlagPointToPoint == 0 {
		return ""
	}
	return i.Name
}
