package lease

import "errors"

// place is where processes meet over configurations.
type place interface {
	// open gives access to the slot of a configuration, making it if create
	// says so. errNoSlot says that there is none.
	open(id string, create bool) (slot, error)
	// look looks at a slot without touching it.
	look(id string) (sight, error)
}

var errNoSlot = errors.New("nobody has used it")

// slot is one process's access to what processes know of one configuration. Each
// process that has one open is in the slot as a holder, alone, or not at all.
type slot interface {
	// alone lets the process into the slot alone, or as the only holder so far
	// stay in it alone. It reports false, and changes nothing, if others are in
	// it. A process stays alone for as long as it reads and writes the record.
	alone() bool
	// join makes it a holder. It reports false, and changes nothing, if another
	// is alone in the slot.
	join() bool
	leave()
	// yield leaves and comes back alone, unless others are in the slot. Of those
	// that yield together one comes back, or somebody else was faster.
	yield() bool

	// halt says that the process is about to stop the link, until resume. It
	// reports false if another process is.
	halt() bool
	resume()
	// halted reports whether another process is stopping the link.
	halted() bool

	read() (record, error)
	// write writes parts of the record.
	write(r record, parts ...part) error
	// signal makes others look at the record.
	signal()
	// remove forgets the record, and everything else of the slot. The process is
	// alone in it.
	remove()
	close()
}

// part is what of a record is written.
type part uint8

const (
	whole part = iota
	itsState
	itsStops
	itsTime
)

// sight is how a slot looks from outside.
type sight struct {
	record record
	held   bool // some process is in it
	halted bool // some process is stopping the link
}
