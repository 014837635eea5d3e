//go:build go1.20

package rtnetlink

import (
	"testing"

	"github.com/netsession/netsession/core/bearer"
)

// ready is a veth pair that is up, with an address on its first end.
func ready(l *lab) {
	a, b := l.veth("eth0", "peer0")
	l.up(a, b)
	l.address(a, "192.0.2.1/24")
}

func TestLabAdminState(t *testing.T) {
	l := newLab(t)
	ready(l)
	r := run(t, New())
	r.awaitState(t, "link:eth0", bearer.Active)
	l.down(l.link("eth0"))
	r.awaitState(t, "link:eth0", bearer.Discovered)
	r.awaitState(t, "link:peer0", bearer.Defined)
	l.up(l.link("eth0"))
	r.awaitState(t, "link:eth0", bearer.Active)
}
