package lease

// memory is a place that only one process sees: where nothing better is, and
// for tests, in which several counters share one.
type memory struct{ slots map[string]*cell }

// cell is what the processes see of one configuration.
type cell struct {
	record  record
	holders map[*memorySlot]bool // true: alone
	halter  *memorySlot
}

func newMemory() *memory { return &memory{slots: make(map[string]*cell)} }

func (m *memory) open(id string, create bool) (slot, error) {
	if m.slots[id] == nil {
		if !create {
			return nil, errNoSlot
		}
		m.slots[id] = &cell{record: record{state: system, id: id}, holders: make(map[*memorySlot]bool)}
	}
	return &memorySlot{m.slots[id]}, nil
}

func (m *memory) look(id string) (sight, error) {
	c := m.slots[id]
	if c == nil {
		return sight{}, errNoSlot
	}
	return sight{record: c.record, held: len(c.holders) > 0, halted: c.halter != nil}, nil
}

// memorySlot is one process's access to a cell.
type memorySlot struct{ cell *cell }

func (s *memorySlot) others() (any, alone bool) {
	for h, a := range s.cell.holders {
		any = any || h != s
		alone = alone || h != s && a
	}
	return any, alone
}

func (s *memorySlot) alone() bool {
	if any, _ := s.others(); any {
		return false
	}
	s.cell.holders[s] = true
	return true
}

func (s *memorySlot) join() bool {
	if _, alone := s.others(); alone {
		return false
	}
	s.cell.holders[s] = false
	return true
}

func (s *memorySlot) leave() { delete(s.cell.holders, s) }

func (s *memorySlot) yield() bool {
	s.leave()
	return s.alone()
}

func (s *memorySlot) halt() bool {
	if s.halted() {
		return false
	}
	s.cell.halter = s
	return true
}

func (s *memorySlot) resume() {
	if s.cell.halter == s {
		s.cell.halter = nil
	}
}

func (s *memorySlot) halted() bool                    { return s.cell.halter != nil && s.cell.halter != s }
func (s *memorySlot) read() (record, error)           { return s.cell.record, nil }
func (s *memorySlot) write(r record, _ ...part) error { s.cell.record = r; return nil }
func (s *memorySlot) signal()                         {}
func (s *memorySlot) remove()                         { s.cell.record = record{state: system, id: s.cell.record.id} }

func (s *memorySlot) close() {
	s.leave()
	s.resume()
}
