package system

import (
	"strings"

	"github.com/netsession/netsession/core/internal/backend/bus"
	"github.com/netsession/netsession/core/internal/lease"
)

// Network returns a function that maps the identifiers of the backends of New
// to their networks. The network of a link is the network namespace of this
// process. The network of a daemon's configuration is identified by the daemon, that
// is, by the address of its bus; containers have their own daemons at the same
// address.
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
