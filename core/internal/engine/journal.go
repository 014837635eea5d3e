package engine

import (
	"slices"
	"sync"

	"github.com/netsession/netsession/core/internal/backend"
)

// journalSize is how many earlier lines a listener gets when it attaches: enough for the whole story of a start that failed.
const journalSize = 16

// journal keeps the clients that receive log lines, and the last lines, so that the
// manager whose creation started the engine receives the lines of that start.
type journal struct {
	mu      sync.Mutex // guards what follows, so that a new client gets each line once
	lines   []line
	clients []*Client // never written in place
}

type line struct {
	level backend.Level
	text  string
}

// attach adds a client and returns the lines that were written before.
func (j *journal) attach(c *Client) []line {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.clients = append(j.clients[:len(j.clients):len(j.clients)], c)
	return slices.Clone(j.lines)
}

func (j *journal) detach(c *Client) {
	j.mu.Lock()
	defer j.mu.Unlock()
	kept := make([]*Client, 0, len(j.clients))
	for _, other := range j.clients {
		if other != c {
			kept = append(kept, other)
		}
	}
	j.clients = kept
}

// write adds a line and returns the clients that are to get it.
func (j *journal) write(n line) []*Client {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.lines) == journalSize {
		j.lines = append(j.lines[:0:0], j.lines[1:]...)
	}
	j.lines = append(j.lines, n)
	return j.clients
}

// log passes a line to every listener, and keeps it for listeners that attach soon.
func (e *Engine) log(level backend.Level, text string) {
	for _, c := range e.journal.write(line{level, text}) {
		c.listener.Log(level, text)
	}
}
