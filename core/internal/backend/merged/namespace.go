// Daemons in other network namespaces.
package merged

import "github.com/netsession/netsession/core/internal/backend"

// location says whether a daemon manages the links of this process's network
// namespace.
type location uint8

const (
	locationUnknown location = iota // not known yet; the daemon is trusted
	sameNamespace
	// otherNamespace: the daemon on the bus runs in another network namespace,
	// like the host's daemon for a container with access to the host's bus. Its
	// networks cannot be reached from here, and a stop would take down a
	// network of other users.
	otherNamespace
)

// locate determines where a daemon's links are. Names alone are not enough: every
// namespace may have an eth0. A result of sameNamespace stays while the daemon runs,
// because the kernel and the daemon report the removal of a link at different
// times. locate reports whether the result changed.
func (b *Backend) locate(s *backendState) (news bool) {
	before := s.location
	if len(s.managed) == 0 {
		s.location = locationUnknown
	}
	if s.location == sameNamespace || !b.kernel.reported {
		return s.location != before
	}
	known, ours := 0, 0
	for name, hardware := range s.managed {
		if hardware == "" {
			continue
		}
		known++
		if link := b.linkOf(name); link != nil && (link.Hardware == hardware || link.Hardware == "") {
			ours++
		}
	}
	switch {
	case known == 0:
		s.location = locationUnknown
	case 2*ours >= known: // a link may be about to be renamed or removed
		s.location = sameNamespace
	default:
		s.location = otherNamespace
	}
	return s.location != before
}

// locateAll calls locate for every daemon, and logs a daemon in another
// namespace.
func (b *Backend) locateAll() (news bool) {
	for i, s := range b.states {
		if !b.locate(s) {
			continue
		}
		news = true
		if s.location == otherNamespace {
			b.sink.Log(backend.LevelInfo, b.daemons[i].Name+" speaks for network interfaces that this process does not have: "+
				"it runs in another network namespace, and its networks are not shown.")
		}
	}
	return news
}

// managerOf is the number of the daemon that manages an interface, or -1. Of
// several daemons, the first is used.
func (b *Backend) managerOf(name string) int {
	for i, s := range b.states {
		if s.location != otherNamespace && s.manages(name) {
			return i
		}
	}
	return -1
}

// isAuthoritative reports whether a daemon's configurations on an interface
// are used.
func (b *Backend) isAuthoritative(daemon int, name string) bool {
	if b.states[daemon].location == otherNamespace {
		return false
	}
	speaker := b.managerOf(name)
	return speaker < 0 || speaker == daemon
}

// presence is the set of daemons that are present, as a bit mask.
func (b *Backend) presence() (mask uint) {
	for i, s := range b.states {
		if s.present() {
			mask |= 1 << uint(i)
		}
	}
	return mask
}
