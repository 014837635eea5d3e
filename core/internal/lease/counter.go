// The Counter, and how holders are added.

package lease

import (
	"errors"
	"fmt"
	"time"
)

// snapshotLag is how long a process may take to notice that another one has
// stopped a link.
const snapshotLag = 2 * time.Second

// Counter counts the holders of configurations: the sessions of this process in
// its entries, and the sessions of other processes by locks on shared files. It is not
// safe for concurrent use; the engine's loop owns it.
//
// A link that was up, or coming up, before its first holder belongs to the system,
// and no release takes it down. A link that a holder started goes down with its
// last holder.
type Counter struct {
	literal bool
	shared  directory        // nil: this process only
	local   *memoryDirectory // for configurations that cannot be shared
	log     func(string)
	now     func() time.Time
	wait    func(try int) bool // waits for a lock before the next try; false: no more tries

	entries map[string]*entry
	stopped map[string]time.Time // links that were stopped from here, and when; until RemoveExpired
}

// entry is the share of this process in a configuration. It exists while there
// are holders here, or while this process stops the link.
type entry struct {
	file       file
	local      bool   // the file is of Counter.local, because the shared one is unusable
	holders    int    // including reservations
	counted    bool   // the record takes the holders into account
	startsLink bool   // a start by a holder here is not answered, and counted in the record
	stops      uint32 // the number of stops that the holders here know of
	stopping   bool   // this process has the stop lock
	claimed    bool   // Claim has prepared the release of the last holder
}

// NewCounter returns a counter without holders. With literal, the rule of Qt's
// documentation applies: the last release stops the link in any case.
// With a nil directory it counts the holders of this process only. log receives
// problems; it may be nil.
func NewCounter(literal bool, d *Directory, log func(string)) *Counter {
	c := &Counter{
		literal: literal, local: newMemoryDirectory(), log: log,
		now: time.Now, wait: waitForLock, entries: make(map[string]*entry), stopped: make(map[string]time.Time),
	}
	if d != nil {
		c.shared = d
	}
	if log == nil {
		c.log = func(string) {}
	}
	return c
}

// The delays between tries to get a lock that another process has. That takes
// microseconds unless the other process is suspended. The loop blocks
// meanwhile.
const (
	maxTries = 40
	minWait  = 20 * time.Microsecond
	maxWait  = time.Millisecond
)

func waitForLock(try int) bool {
	if try >= maxTries {
		return false
	}
	d := minWait << uint(try)
	if try > 5 {
		d = maxWait
	}
	time.Sleep(d)
	return true
}

// Close releases everything, as the end of the process would.
func (c *Counter) Close() {
	for id, e := range c.entries {
		e.file.close()
		delete(c.entries, id)
	}
}

// Holders is the number of holders in this process.
func (c *Counter) Holders(id string) int {
	if e := c.entries[id]; e != nil {
		return e.holders
	}
	return 0
}

// Reserve adds a holder before it is known whether it will hold the link: until
// the release of the reservation no other process takes the link down, unless
// Blocked reports it.
func (c *Counter) Reserve(id string) {
	e := c.entry(id)
	e.holders++
	if e.counted {
		return
	}
	c.addHolder(id, e, func(r record) state { return r.state })
}

var errLocked = errors.New("another process has it locked, and does not go on")

// Acquire adds a holder. up says whether the link was up or on its way before;
// if not, the holder is about to start it.
func (c *Counter) Acquire(id string, up bool) {
	e := c.entry(id)
	e.holders++
	if !e.counted {
		c.addHolder(id, e, func(r record) state { return r.initialState(up, c.now()) })
	}
	if !up {
		c.countStart(e)
	}
	e.counted = true
}

// entry returns the entry of a configuration, and creates it if there is none.
func (c *Counter) entry(id string) *entry {
	if e := c.entries[id]; e != nil {
		return e
	}
	e := &entry{}
	c.entries[id] = e
	if c.shared == nil {
		e.file, _ = c.local.open(id, true)
		return e
	}
	var err error
	if e.file, err = c.shared.open(id, true); err != nil {
		c.fallBack(id, e, err)
	}
	return e
}

// fallBack makes this process count the holders of a configuration for itself,
// because the shared file is unusable.
func (c *Counter) fallBack(id string, e *entry, why error) {
	c.log(fmt.Sprintf("Sessions of other processes on %s are not counted: %v.", id, why))
	if e.file != nil {
		e.file.close()
	}
	e.local, e.stopping = true, false
	e.file, _ = c.local.open(id, true)
}

// addHolder makes this process a holder of the file. If it is the first, it stores
// the state that revise returns. No process holds a file without a record.
func (c *Counter) addHolder(id string, e *entry, revise func(record) state) {
	for try := 0; ; try++ {
		if e.file.lockExclusive() {
			if err := c.initRecord(id, e, revise); err != nil {
				e.file.remove()
				c.fallBack(id, e, err)
				continue
			}
			e.file.lockShared()
			return
		}
		if e.file.lockShared() {
			r, _ := e.file.read()
			e.stops = r.stops
			return
		}
		if !c.wait(try) {
			c.fallBack(id, e, errLocked)
		}
	}
}

// initRecord creates or updates the record, under the exclusive lock.
func (c *Counter) initRecord(id string, e *entry, revise func(record) state) error {
	r, err := c.readOrCreate(id, e)
	e.stops = r.stops
	if now := revise(r); err == nil && now != r.state {
		r.state, r.starts = now, 0
		err = e.file.write(r, startsField, stateField)
	}
	return err
}

// readOrCreate returns the record, and creates it if there is none, under the
// exclusive lock.
func (c *Counter) readOrCreate(id string, e *entry) (record, error) {
	r, err := e.file.read()
	if err == nil {
		return r, nil
	}
	r = record{state: system, id: id}
	return r, e.file.write(r, allFields)
}

// logError logs an error that has no consequence for the holders here.
func (c *Counter) logError(err error) {
	if err != nil {
		c.log(fmt.Sprintf("Other processes may not learn what was done to a link: %v.", err))
	}
}
