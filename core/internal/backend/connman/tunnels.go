package connman

import (
	"net"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// tunnels finds out the interfaces of services that are up and have none, as far as
// ConnMan has told. No version signals that of a VPN's tunnel: ConnMan 2 has it
// in the service's properties, and ConnMan 1 only its VPN daemon knows.
type tunnels struct {
	f      *follower
	quests map[string]*quest // by the identifier of the service
	// nameOf is the kernel's name for the tunnel with an index; empty for none.
	nameOf func(index int) string
}

// quest is the search for one service's interface. It is kept when it has failed,
// until the service is down, so that nobody asks for ever.
type quest struct {
	rounds int
	retry  *bus.Timer
}

// questPauses are those between the rounds of a search. The first round, at once, is
// enough as a rule; a machine that is just starting may need the others.
var questPauses = []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}

func newTunnels(f *follower) tunnels {
	return tunnels{f: f, quests: make(map[string]*quest), nameOf: tunnelOf}
}

// look begins and ends searches, as the picture is now.
func (t *tunnels) look() {
	for id, q := range t.quests {
		if !t.f.picture.linkless[id] {
			q.retry.Stop()
			delete(t.quests, id)
		}
	}
	for _, id := range sorted(t.f.picture.linkless) {
		if t.quests[id] == nil {
			t.quests[id] = new(quest)
			t.ask(id, t.quests[id])
		}
	}
}

// vanish ends all searches: ConnMan is gone.
func (t *tunnels) vanish() {
	for id, q := range t.quests {
		q.retry.Stop()
		delete(t.quests, id)
	}
}

// ask asks ConnMan for the service's properties again.
func (t *tunnels) ask(id string, q *quest) {
	s := t.f.picture.services[id]
	c := bus.Call{Path: s.path, Interface: "net.connman.Service", Method: "GetProperties"}
	t.f.call(c, func(r bus.Reply) {
		p, _ := bus.Arg(r.Body, 0).(properties)
		if value, found := p["Ethernet"]; found && t.quests[id] == q {
			t.f.serviceTells(id, "Ethernet", value)
		}
		if t.quests[id] != q {
			return
		}
		if s.kind == vpn {
			t.askVPN(id, q)
			return
		}
		t.again(id, q)
	})
}

// askVPN asks the VPN daemon for the tunnel's index. Its connections are called as
// ConnMan's services are.
func (t *tunnels) askVPN(id string, q *quest) {
	name := strings.TrimPrefix(strings.TrimPrefix(id, "connman:"), "vpn_")
	c := bus.Call{
		Name: vpnDaemon, Path: dbus.ObjectPath("/net/connman/vpn/connection/" + name),
		Interface: "net.connman.vpn.Connection", Method: "GetProperties",
	}
	t.f.call(c, func(r bus.Reply) {
		if t.quests[id] != q {
			return
		}
		p, _ := bus.Arg(r.Body, 0).(properties)
		if index, ok := p["Index"].Value().(int32); ok && index > 0 {
			link := properties{"Interface": dbus.MakeVariant(t.nameOf(int(index)))}
			t.f.serviceTells(id, "Ethernet", dbus.MakeVariant(link))
		}
		if t.quests[id] == q {
			t.again(id, q)
		}
	})
}

// again searches once more after a pause, unless that was tried often enough. The
// service is shown as up now: the first round takes milliseconds, the others seconds.
func (t *tunnels) again(id string, q *quest) {
	if s := t.f.picture.services[id]; s != nil && s.seeking {
		s.seeking = false
		t.f.picture.touch(id)
		defer t.f.report()
	}
	if q.rounds == len(questPauses) {
		return
	}
	q.retry = t.f.after(questPauses[q.rounds], func() {
		if t.quests[id] == q {
			t.ask(id, q)
		}
	})
	q.rounds++
}

// serviceTells takes in a property that was asked for.
func (f *follower) serviceTells(id, name string, value dbus.Variant) {
	s := f.picture.services[id]
	if s == nil {
		return
	}
	if err := s.set(name, value); err != nil {
		f.complain(problems{err.Error()})
	}
	f.picture.touch(id)
	f.report()
}

// tunnelOf looks an index up in this process's network namespace. What it finds there
// is a tunnel, or the VPN daemon lives in another one.
func tunnelOf(index int) string {
	i, err := net.InterfaceByIndex(index)
	if err != nil || i.Flags&net.FlagPointToPoint == 0 {
		return ""
	}
	return i.Name
}
