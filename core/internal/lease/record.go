// The record in a lease file, and its text form.

package lease

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// state is the state of a link in a record.
type state string

// The text form of a record: lines that people can read. The first lines have a
// fixed width, so that each can be rewritten in place.
const (
	// system: the link was up before the first holder.
	system state = "system"
	// starting: a holder is about to start it, and the system has not answered.
	starting state = "starting"
	// started: a holder started it.
	started state = "started"
	// stopping: the last holder, or a process that found it an orphan, is
	// stopping it.
	stopping state = "stopping"
	// stopped: the stop is done.
	stopped state = "stopped"
)

// stopGrace is how long a link counts as started after a process died while it
// stopped the link. Later the link may be up for another reason.
const stopGrace = 5 * time.Second

// record is what processes share about one configuration. The fields that
// change are written one by one, each in one write.
type record struct {
	state   state
	stops   uint32    // how often netsession_stop stopped it
	starts  uint32    // how many starts are not answered, in the state starting
	when    time.Time // of the last stop; zero: never
	network string    // the network that the identifier is of
	id      string
}

// startedByHolder reports whether a holder started the link, or is about to.
func (s state) startedByHolder() bool { return s == starting || s == started }

// upByHolders reports whether the link is up because of holders.
func (r *record) upByHolders(now time.Time) bool {
	switch r.state {
	case starting, started:
		return true
	case stopping:
		age := now.Sub(r.when)
		return age >= 0 && age < stopGrace
	}
	return false
}

// initialState is the state after the first holder was added. A link that a holder has
// started stays theirs even if this process sees it down: what it sees may be stale.
func (r *record) initialState(up bool, now time.Time) state {
	switch {
	case r.state == started:
		return started
	case !up:
		return starting
	case r.upByHolders(now):
		return started
	}
	return system
}

// The text form of a record: lines that people can read. The first lines have a
// fixed width, so that each can be rewritten in place.
const (
	header     = "netsession lease 1\n"
	stateLine  = "state    %-8s\n"
	stopsLine  = "stops    %08x\n"
	startsLine = "starts   %08x\n"
	whenLine   = "stopped  %020d\n"
	stateAt    = int64(len(header))
	stopsAt    = stateAt + int64(len("state    12345678\n"))
	startsAt   = stopsAt + int64(len("stops    12345678\n"))
	whenAt     = startsAt + int64(len("starts   12345678\n"))
	recordSize = 4096 // at most
)

func (s state) line() string { return fmt.Sprintf(stateLine, string(s)) }

func lineOfStops(stops uint32) string { return fmt.Sprintf(stopsLine, stops) }

func lineOfStarts(starts uint32) string { return fmt.Sprintf(startsLine, starts) }

func lineOfTime(when time.Time) string {
	var n int64
	if !when.IsZero() {
		n = when.UnixNano()
	}
	return fmt.Sprintf(whenLine, n)
}

// text encodes the record.
func (r *record) text() string {
	return header + r.state.line() + lineOfStops(r.stops) + lineOfStarts(r.starts) + lineOfTime(r.when) +
		"network  " + strconv.Quote(r.network) + "\nof       " + strconv.Quote(r.id) + "\n"
}

var errNoRecord = errors.New("it is not a record of a lease")

// parseRecord decodes the result of text. Any other text is an error: a damaged
// file says nothing about a link.
func parseRecord(text string) (record, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 8 || lines[0]+"\n" != header || lines[7] != "" {
		return record{}, errNoRecord
	}
	values := make([]string, 0, 6)
	for i, name := range []string{"state    ", "stops    ", "starts   ", "stopped  ", "network  ", "of       "} {
		if !strings.HasPrefix(lines[i+1], name) {
			return record{}, errNoRecord
		}
		values = append(values, lines[i+1][len(name):])
	}
	stops, err1 := strconv.ParseUint(values[1], 16, 32)
	starts, err2 := strconv.ParseUint(values[2], 16, 32)
	when, err3 := strconv.ParseInt(values[3], 10, 64)
	network, err4 := strconv.Unquote(values[4])
	id, err5 := strconv.Unquote(values[5])
	for _, err := range []error{err1, err2, err3, err4, err5} {
		if err != nil {
			return record{}, errNoRecord
		}
	}
	r := record{state: state(strings.TrimRight(values[0], " ")), stops: uint32(stops), starts: uint32(starts), network: network, id: id}
	if when > 0 {
		r.when = time.Unix(0, when)
	}
	switch r.state {
	case system, starting, started, stopping, stopped:
	default:
		return record{}, errNoRecord
	}
	if r.text() != text {
		return record{}, errNoRecord
	}
	return r, nil
}
