package engine

import (
	"sync"

	"github.com/netsession/netsession/core/backend"
)

// journalSize is how many lines a listener that attaches is told of what went
// before: enough for the whole story of a start that failed.
const journalSize = 16

// journal keeps the last log lines, so that the manager whose making started
// the engine learns what happened meanwhile.
type journal struct {
	mu    sync.Mutex // guards lines
	lines []line
}

type line struct {
	level backend.Level
	text  string
}

func (j *journal) add(n line) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.lines) == journalSize {
		j.lines = append(j.lines[:0:0], j.lines[1:]...)
	}
	j.lines = append(j.lines, n)
}

func (j *journal) replay(l Listener) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, n := range j.lines {
		l.Log(n.level, n.text)
	}
}

// log tells every listener, and those that attach soon.
func (e *Engine) log(level backend.Level, text string) {
	e.journal.add(line{level, text})
	e.board.mu.RLock()
	clients := e.board.clients
	e.board.mu.RUnlock()
	for _, c := range clients {
		c.listener.Log(level, text)
	}
}
