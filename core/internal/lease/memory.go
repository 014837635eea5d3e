package lease

// memoryDirectory is a directory in the memory of one process: for
// configurations that cannot be shared, and for tests, in which several
// counters share one. It is not safe for concurrent use.
type memoryDirectory struct{ files map[string]*memoryState }

// memoryState is what the processes see of one configuration.
type memoryState struct {
	record  record
	holders map[*memoryFile]bool // true: exclusive
	stopper *memoryFile          // has the stop lock; nil: none
}

func newMemoryDirectory() *memoryDirectory {
	return &memoryDirectory{files: make(map[string]*memoryState)}
}

func (d *memoryDirectory) open(id string, create bool) (file, error) {
	if d.files[id] == nil {
		if !create {
			return nil, errNoFile
		}
		d.files[id] = &memoryState{record: record{state: system, id: id}, holders: make(map[*memoryFile]bool)}
	}
	return &memoryFile{d.files[id]}, nil
}

func (d *memoryDirectory) inspect(id string) (status, error) {
	state := d.files[id]
	if state == nil {
		return status{}, errNoFile
	}
	return status{record: state.record, held: len(state.holders) > 0, stopLocked: state.stopper != nil}, nil
}

// memoryFile is the access of one process to a memoryState.
type memoryFile struct{ state *memoryState }

func (f *memoryFile) others() (any, exclusive bool) {
	for h, a := range f.state.holders {
		any = any || h != f
		exclusive = exclusive || h != f && a
	}
	return any, exclusive
}

func (f *memoryFile) lockExclusive() bool {
	if any, _ := f.others(); any {
		return false
	}
	f.state.holders[f] = true
	return true
}

func (f *memoryFile) lockShared() bool {
	if _, exclusive := f.others(); exclusive {
		return false
	}
	f.state.holders[f] = false
	return true
}

func (f *memoryFile) unlock() { delete(f.state.holders, f) }

func (f *memoryFile) upgrade() bool {
	f.unlock()
	return f.lockExclusive()
}

func (f *memoryFile) lockStop() bool {
	if f.stopLocked() {
		return false
	}
	f.state.stopper = f
	return true
}

func (f *memoryFile) unlockStop() {
	if f.state.stopper == f {
		f.state.stopper = nil
	}
}

func (f *memoryFile) stopLocked() bool                 { return f.state.stopper != nil && f.state.stopper != f }
func (f *memoryFile) read() (record, error)            { return f.state.record, nil }
func (f *memoryFile) write(r record, _ ...field) error { f.state.record = r; return nil }
func (f *memoryFile) notify()                          {}
func (f *memoryFile) remove()                          { f.state.record = record{state: system, id: f.state.record.id} }

func (f *memoryFile) close() {
	f.unlock()
	f.unlockStop()
}
