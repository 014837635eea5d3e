package engine

import (
	"sync"

	"github.com/netsession/netsession/core/internal/backend"
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

// write adds a line, calling also before anybody else can read or write.
func (j *journal) write(n line, also func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.lines) == journalSize {
		j.lines = append(j.lines[:0:0], j.lines[1:]...)
	}
	j.lines = append(j.lines, n)
	also()
}

// read returns the lines, calling also before anybody else can read or write.
func (j *journal) read(also func()) []line {
	j.mu.Lock()
	defer j.mu.Unlock()
	also()
	return append([]line(nil), j.lines...)
}

// log tells every listener, and those that attach soon. Who attaches meanwhile
// hears the line once: with the journal or by itself.
func (e *Engine) log(level backend.Level, text string) {
	var clients []*Client
	e.journal.write(line{level, text}, func() { clients = e.board.listening() })
	for _, c := range clients {
		c.listener.Log(level, text)
	}
}

func (b *board) listening() []*Client {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.clients
}
