package system

import (
	"strings"

	"github.com/netsession/netsession/core/internal/backend/bus"
	"github.com/netsession/netsession/core/internal/lease"
)

// Network returns what tells the networks of the identifiers apart that the
// backends of New use: a link's is the network namespace of this process. That of
// what a daemon manages is the daemon's, which is known by the address of its bus;
// containers have daemons of their own under the same address.
func Network(address string) (func(id string) string, error) {
	namespace, err := lease.Namespace()
	if err != nil {
		return nil, err
	}
	daemons := namespace + " bus " + bus.SocketPath(address)
	return func(id string) string {
		if strings.HasPrefix(id, "link:") {
			return namespace
		}
		return daemons
	}, nil
}
