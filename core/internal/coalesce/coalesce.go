// Package coalesce drops queued events that newer ones have superseded, so that the
// queue of a program that does not read stays bounded. events.def has the rules, which
// the C interface includes, too.
package coalesce

import (
	_ "embed" // for events.def
	"strconv"
	"strings"
)

// Kind is a kind of event, as events.def names it.
type Kind string

const (
	Added        Kind = "ADDED"
	Changed      Kind = "CHANGED"
	Removed      Kind = "REMOVED"
	Online       Kind = "ONLINE"
	Reachability Kind = "REACHABILITY"
	Portal       Kind = "PORTAL"
	Transport    Kind = "TRANSPORT"
	Metered      Kind = "METERED"
	Updated      Kind = "UPDATED"
	Opened       Kind = "OPENED"
	Closed       Kind = "CLOSED"
	State        Kind = "STATE"
	Error        Kind = "ERROR"
	Preferred    Kind = "PREFERRED"
	Activated    Kind = "ACTIVATED"
	Policies     Kind = "POLICIES"
)

type rule string

const (
	keep   rule = "KEEP"
	newest rule = "NEWEST"
	add    rule = "ADD"
	change rule = "CHANGE"
	remove rule = "REMOVE"
)

//go:embed events.def
var source string

var (
	rules, limits = parse(source)

	// Keep is how many events of a kind are kept.
	Keep = limits["KEEP"]
	// Start is how many events have to wait before any are dropped.
	Start = limits["START"]
)

func parse(source string) (map[Kind]rule, map[string]int) {
	rules, limits := make(map[Kind]rule), make(map[string]int)
	for _, line := range strings.Split(source, "\n") {
		macro, arguments, _ := strings.Cut(strings.TrimSuffix(line, ")"), "(")
		name, value, _ := strings.Cut(arguments, ", ")
		switch macro {
		case "NS_EVENT":
			rules[Kind(name)] = rule(value)
		case "NS_COALESCE":
			limits[name], _ = strconv.Atoi(value)
		}
	}
	return rules, limits
}

// group is the key by which events are counted: a kind and its target, or a configuration.
type group struct {
	kind   Kind
	target any
}

type counter struct {
	count    int  // of the events; then how many of them are still to be dropped
	added    int  // 1 + index of an Added without its Removed; 0: none
	dropping bool // the configuration's life is being dropped
}

type coalescer[E any] struct {
	waiting  []E
	classify func(E) (Kind, any)
	counters map[group]*counter
	drop     []bool // the Added and Removed of lives that are dropped
}

// Coalesce returns the events that are left, in their order. classify returns the kind
// of an event and its target, which has to be comparable: the session, nil for the
// manager, or the identifier of the configuration.
func Coalesce[E any](waiting []E, classify func(E) (Kind, any)) []E {
	c := &coalescer[E]{waiting, classify, make(map[group]*counter), make([]bool, len(waiting))}
	for i, e := range waiting {
		c.add(i, e)
	}
	for _, n := range c.counters {
		n.count = surplus(n.count)
	}
	left := make([]E, 0, len(waiting))
	for i, e := range waiting {
		if !c.superseded(i, e) {
			left = append(left, e)
		}
	}
	return left
}

// surplus returns how many of count events are dropped.
func surplus(count int) int {
	if count <= Keep {
		return 0
	}
	return (count - Keep) &^ 1
}

func (c *coalescer[E]) counter(e E) (rule, *counter) {
	kind, target := c.classify(e)
	r := rules[kind]
	switch r {
	case newest:
	case add, change, remove:
		kind = Added
	default:
		return keep, nil
	}
	n := c.counters[group{kind, target}]
	if n == nil {
		n = &counter{}
		c.counters[group{kind, target}] = n
	}
	return r, n
}

func (c *coalescer[E]) add(i int, e E) {
	switch r, n := c.counter(e); r {
	case newest:
		n.count++
	case add:
		n.added = i + 1
	case remove:
		if n.added > 0 {
			c.drop[n.added-1], c.drop[i] = true, true
			n.added = 0
		}
	}
}

// superseded is called with each event in turn, once all are counted.
func (c *coalescer[E]) superseded(i int, e E) bool {
	r, n := c.counter(e)
	switch r {
	case newest:
		n.count--
		return n.count >= 0
	case add:
		n.dropping = c.drop[i]
	case change:
		return n.dropping
	case remove:
		n.dropping = false
	}
	return c.drop[i]
}
