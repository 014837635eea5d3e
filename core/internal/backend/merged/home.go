package merged

import "github.com/netsession/netsession/core/internal/backend"

// home says whether the links that a daemon speaks for are those of this process.
type home uint8

const (
	unknown home = iota // nothing tells; it is believed
	here
	// abroad: the daemon on the bus runs in another network namespace, as that of the
	// host does for a container that was given the host's bus. Its networks cannot be
	// reached from here, and to stop one would take the network of others down.
	abroad
)

// locate finds out where a daemon's links are. Names alone say nothing: there is an
// eth0 everywhere. A daemon that was found to be here stays so while it runs, because
// the kernel and a daemon tell of a link that is removed each in its own time. It
// reports whether the answer is a new one.
func (b *Backend) locate(s *source) (news bool) {
	before := s.home
	if len(s.managed) == 0 {
		s.home = unknown
	}
	if s.home == here || !b.kernel.reported {
		return s.home != before
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
		s.home = unknown
	case 2*ours >= known: // one may be about to be renamed, or removed
		s.home = here
	default:
		s.home = abroad
	}
	return s.home != before
}

// locateAll is locate for every daemon, with a log line for one that is abroad.
func (b *Backend) locateAll() (news bool) {
	for i, s := range b.sources {
		if !b.locate(s) {
			continue
		}
		news = true
		if s.home == abroad {
			b.sink.Log(backend.LevelInfo, b.daemons[i].Name+" speaks for network interfaces that this process does not have: "+
				"it runs in another network namespace, and its networks are not shown.")
		}
	}
	return news
}

// speaker is the number of the daemon that speaks for an interface, or -1. Of
// several that do, the first counts.
func (b *Backend) speaker(name string) int {
	for i, s := range b.sources {
		if s.home != abroad && s.manages(name) {
			return i
		}
	}
	return -1
}

// speaks reports whether a daemon's word counts about what is on an interface.
func (b *Backend) speaks(daemon int, name string) bool {
	if b.sources[daemon].home == abroad {
		return false
	}
	speaker := b.speaker(name)
	return speaker < 0 || speaker == daemon
}

// presence says which daemons are there.
func (b *Backend) presence() (mask uint) {
	for i, s := range b.sources {
		if s.present() {
			mask |= 1 << uint(i)
		}
	}
	return mask
}
