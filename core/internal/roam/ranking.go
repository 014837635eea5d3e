// A sorted set of candidates.

package roam

import "sort"

// Ranking keeps candidates sorted, best first. Put and Drop cost a binary search
// and a move of pointers. It is not safe for concurrent use.
type Ranking struct {
	list []*Candidate
	byID map[string]*Candidate
}

// NewRanking returns an empty ranking.
func NewRanking() *Ranking { return &Ranking{byID: make(map[string]*Candidate)} }

// Len is the number of candidates.
func (r *Ranking) Len() int { return len(r.list) }

// Get returns the candidate with the identifier, or nil.
func (r *Ranking) Get(id string) *Candidate { return r.byID[id] }

// At returns the candidate with a rank; 0 is the best.
func (r *Ranking) At(rank int) *Candidate { return r.list[rank] }

// Put adds a candidate or replaces the one with its identifier.
func (r *Ranking) Put(c Candidate) {
	if old := r.byID[c.ID]; old != nil {
		if *old == c {
			return
		}
		r.Drop(c.ID)
	}
	value := c
	i := sort.Search(len(r.list), func(i int) bool { return RanksBefore(&value, r.list[i]) })
	r.list = append(r.list, nil)
	copy(r.list[i+1:], r.list[i:])
	r.list[i] = &value
	r.byID[c.ID] = &value
}

// Drop removes the candidate with the identifier, if there is one.
func (r *Ranking) Drop(id string) {
	c := r.byID[id]
	if c == nil {
		return
	}
	i := sort.Search(len(r.list), func(i int) bool { return !RanksBefore(r.list[i], c) })
	copy(r.list[i:], r.list[i+1:])
	r.list[len(r.list)-1] = nil
	r.list = r.list[:len(r.list)-1]
	delete(r.byID, id)
}

// Best returns the best candidate that is available and passes the filter, or
// nil. A nil filter passes all.
func (r *Ranking) Best(pass func(*Candidate) bool) *Candidate {
	for _, c := range r.list {
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
func (r *Ranking) Each(f func(*Candidate)) {
	for _, c := range r.list {
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
func (r *Ranking) Preferred(inUse, offered string, pass func(*Candidate) bool) *Candidate {
	from := r.byID[inUse]
	if from == nil {
		return nil
	}
	best := r.bestTarget(from, pass)
	stand := r.byID[offered]
	if stand == nil || !stand.Active || !passes(pass, stand) || ShouldRoam(stand, from) {
		return best
	}
	if best != nil && ShouldRoam(stand, best) {
		return best
	}
	return stand
}

// Replacement returns the best candidate that passes the filter for a session that
// must leave its access point, or nil. A nil filter passes all. A candidate
// that was offered already stays.
func (r *Ranking) Replacement(offered string, pass func(*Candidate) bool) *Candidate {
	if stand := r.byID[offered]; stand != nil && passes(pass, stand) {
		return stand
	}
	return r.Best(pass)
}

// bestTarget looks only at the candidates that rank before the one in use.
func (r *Ranking) bestTarget(from *Candidate, pass func(*Candidate) bool) *Candidate {
	for _, c := range r.list {
		if c == from {
			return nil
		}
		if ShouldRoam(from, c) && passes(pass, c) {
			return c
		}
	}
	return nil
}
