package lease

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// state is what a record remembers of a link.
type state string

const (
	// system: it was up before the first holder came.
	system state = "system"
	// starting: a holder is about to bring it up, and the system has not answered.
	starting state = "starting"
	// started: a holder brought it up.
	started state = "started"
	// stopping: the last holder, or who found it an orphan, is taking it down.
	stopping state = "stopping"
	// stopped: that was done.
	stopped state = "stopped"
)

// stopPatience is how long a link that is being stopped by a process which died
// over it counts as started. Later it may be up for another reason.
const stopPatience = 5 * time.Second

// record is what processes tell each other about one configuration. The fields
// that change are written one by one, each whole.
type record struct {
	state   state
	stops   uint32    // how often it was stopped whoever held it
	when    time.Time // of the last stop
	network string    // the network that the identifier is of
	id      string
}

// begun reports whether holders brought the link up, or are about to.
func (s state) begun() bool { return s == starting || s == started }

// byHolders reports whether the link is up because of holders.
func (r *record) byHolders(now time.Time) bool {
	switch r.state {
	case starting, started:
		return true
	case stopping:
		age := now.Sub(r.when)
		return age >= 0 && age < stopPatience
	}
	return false
}

// first is the state once a first holder has come, to a link that is up or not.
func (r *record) first(up bool, now time.Time) state {
	switch {
	case !up:
		return starting
	case r.byHolders(now):
		return started
	}
	return system
}

// The text of a record: lines for people, of which the first have a fixed width,
// so that each can be written again where it stands.
const (
	title      = "netsession lease 1\n"
	stateLine  = "state    %-8s\n"
	stopsLine  = "stops    %08x\n"
	whenLine   = "stopped  %020d\n"
	stateAt    = int64(len(title))
	stopsAt    = stateAt + int64(len("state    12345678\n"))
	whenAt     = stopsAt + int64(len("stops    12345678\n"))
	recordSize = 4096 // at most
)

func (s state) line() string { return fmt.Sprintf(stateLine, string(s)) }

func lineOfStops(stops uint32) string { return fmt.Sprintf(stopsLine, stops) }

func lineOfTime(when time.Time) string {
	var n int64
	if !when.IsZero() {
		n = when.UnixNano()
	}
	return fmt.Sprintf(whenLine, n)
}

// text writes the record down.
func (r *record) text() string {
	return title + r.state.line() + lineOfStops(r.stops) + lineOfTime(r.when) +
		"network  " + strconv.Quote(r.network) + "\nof       " + strconv.Quote(r.id) + "\n"
}

var errNoRecord = errors.New("it is not a record of a lease")

// parseRecord reads what text has written. Anything else is an error: a file that
// is damaged says nothing about a link.
func parseRecord(text string) (record, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 7 || lines[0]+"\n" != title || lines[6] != "" {
		return record{}, errNoRecord
	}
	values := make([]string, 0, 5)
	for i, name := range []string{"state    ", "stops    ", "stopped  ", "network  ", "of       "} {
		if !strings.HasPrefix(lines[i+1], name) {
			return record{}, errNoRecord
		}
		values = append(values, lines[i+1][len(name):])
	}
	stops, err1 := strconv.ParseUint(values[1], 16, 32)
	when, err2 := strconv.ParseInt(values[2], 10, 64)
	network, err3 := strconv.Unquote(values[3])
	id, err4 := strconv.Unquote(values[4])
	for _, err := range []error{err1, err2, err3, err4} {
		if err != nil {
			return record{}, errNoRecord
		}
	}
	r := record{state: state(strings.TrimRight(values[0], " ")), stops: uint32(stops), network: network, id: id}
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
