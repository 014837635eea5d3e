// A sorted set of candidates.

package roam

import "sort"

// Order keeps candidates sorted, best first. Put and Drop cost a binary search
// and a move of pointers. It is not safe for concurrent use.
type Order struct {
	list []*Candidate
	byID map[string]*Candidate
}

// NewOrder returns an empty order.
func NewOrder() *Order { return &Order{byID: make(map[string]*Candidate)} }

// Len is the number of candidates.
func (o *Order) Len() int { return len(o.list) }

// Get returns the candidate with the identifier, or nil.
func (o *Order) Get(id string) *Candidate { return o.byID[id] }

// At returns the candidate with a rank; 0 is the best.
func (o *Order) At(rank int) *Candidate { return o.list[rank] }

// Put adds a candidate or replaces the one with its identifier.
func (o *Order) Put(c Candidate) {
	if old := o.byID[c.ID]; old != nil {
		if *old == c {
			return
		}
		o.Drop(c.ID)
	}
	value := c
	i := sort.Search(len(o.list), func(i int) bool { return Better(&value, o.list[i]) })
	o.list = append(o.list, nil)
	copy(o.list[i+1:], o.list[i:])
	o.list[i] = &value
	o.byID[c.ID] = &value
}

// Drop removes the candidate with the identifier, if there is one.
func (o *Order) Drop(id string) {
	c := o.byID[id]
	if c == nil {
		return
	}
	i := sort.Search(len(o.list), func(i int) bool { return !Better(o.list[i], c) })
	copy(o.list[i:], o.list[i+1:])
	o.list[len(o.list)-1] = nil
	o.list = o.list[:len(o.list)-1]
	delete(o.byID, id)
}

// Best returns the best candidate that is available and passes the filter, or
// nil. A nil filter passes all.
func (o *Order) Best(pass func(*Candidate) bool) *Candidate {
	for _, c := range o.list {
		if !c.Available {
			return nil // sorted: none that follows is available
		}
		if passes(pass, c) {
			return c
		}
	}
	return nil
}

func passes(pass func(*Candidate) bool, c *Candidate) bool { return pass == nil || pass(c) }

// Each calls f for every available candidate, best first.
func (o *Order) Each(f func(*Candidate)) {
	for _, c := range o.list {
		if !c.Available {
			return
		}
		f(c)
	}
}

// Preferred returns the best candidate that a session should move to from the
// one in use and that passes the filter, or nil. A nil filter passes all. A
// candidate that was offered already stays preferred until a move back from it,
// or on to another one, would be worth it: signals that vary around the
// threshold cause one offer, and do not withdraw it.
func (o *Order) Preferred(inUse, offered string, pass func(*Candidate) bool) *Candidate {
	from := o.byID[inUse]
	if from == nil {
		return nil
	}
	best := o.bestWorthMoving(from, pass)
	stand := o.byID[offered]
	if stand == nil || !stand.Active || !passes(pass, stand) || Worth(stand, from) {
		return best
	}
	if best != nil && Worth(stand, best) {
		return best
	}
	return stand
}

// Instead returns the best candidate that passes the filter for a session that
// must leave its access point, or nil. A nil filter passes all. A candidate
// that was offered already stays.
func (o *Order) Instead(offered string, pass func(*Candidate) bool) *Candidate {
	if stand := o.byID[offered]; stand != nil && passes(pass, stand) {
		return stand
	}
	return o.Best(pass)
}

// bestWorthMoving looks only at the candidates that rank before the one in use.
func (o *Order) bestWorthMoving(from *Candidate, pass func(*Candidate) bool) *Candidate {
	for _, c := range o.list {
		if c == from {
			return nil
		}
		if Worth(from, c) && passes(pass, c) {
			return c
		}
	}
	return nil
}
