// The waits of the recorder.

package backendtest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
)

// Await waits until a condition holds, which is evaluated after each call of the backend.
func (r *Recorder) Await(what string, holds func(*Record) bool) {
	r.t.Helper()
	late := time.NewTimer(Wait)
	defer late.Stop()
	for {
		r.mu.Lock()
		done, changed := holds(&r.record), r.changed
		r.mu.Unlock()
		if done {
			return
		}
		select {
		case <-changed:
		case <-late.C:
			r.t.Fatalf("timeout while waiting for %s\n%s", what, r)
		}
	}
}

// AwaitConfiguration waits until a configuration exists for which a condition holds.
func (r *Recorder) AwaitConfiguration(id, what string, holds func(c bearer.Configuration) bool) {
	r.t.Helper()
	r.Await(id+" with "+what, func(rec *Record) bool {
		c, known := rec.Known[id]
		return known && holds(c)
	})
}

// AwaitState waits until a configuration is in a state, as StateName has it, or gone if
// the state is empty.
func (r *Recorder) AwaitState(id, state string) {
	r.t.Helper()
	r.Await(id+" "+state, func(rec *Record) bool {
		c, known := rec.Known[id]
		return !known && state == "" || known && StateName(&c) == state
	})
}

// AwaitComplete waits for the n-th complete report.
func (r *Recorder) AwaitComplete(n int) {
	r.t.Helper()
	r.Await(fmt.Sprintf("complete report %d", n), func(rec *Record) bool { return rec.Completes >= n })
}

// AwaitLog waits for a log line that contains a text.
func (r *Recorder) AwaitLog(text string) {
	r.t.Helper()
	r.Await("a log line with "+text, func(rec *Record) bool {
		return strings.Contains(strings.Join(rec.Logs, "\n"), text)
	})
}

// AwaitAnswers waits until there are n answers, and returns all that there are.
func (r *Recorder) AwaitAnswers(n int) (list []Answer) {
	r.t.Helper()
	r.Await(fmt.Sprintf("%d answers", n), func(rec *Record) bool {
		list = slices.Clone(rec.Answers)
		return len(list) >= n
	})
	return list
}

// AwaitAnswer waits for the n-th answer, counted from 1.
func (r *Recorder) AwaitAnswer(n int) Answer {
	r.t.Helper()
	return r.AwaitAnswers(n)[n-1]
}

// AwaitLine waits for a line that begins with a text, after the line that it returned
// last, and returns it.
func (r *Recorder) AwaitLine(prefix string) (line string) {
	r.t.Helper()
	r.Await(fmt.Sprintf("the line %q", prefix), func(rec *Record) bool {
		for r.read < len(rec.Lines) {
			line = rec.Lines[r.read]
			r.read++
			if strings.HasPrefix(line, prefix) {
				return true
			}
		}
		return false
	})
	return line
}

// Mark makes AwaitLine skip all lines so far, and returns their number.
func (r *Recorder) Mark() (mark int) {
	r.View(func(rec *Record) {
		r.read = len(rec.Lines)
		mark = r.read
	})
	return mark
}

// Rewind makes AwaitLine continue after the last line that equals a text.
func (r *Recorder) Rewind(text string) {
	r.View(func(rec *Record) {
		for r.read = len(rec.Lines); r.read > 0 && rec.Lines[r.read-1] != text; r.read-- {
		}
	})
}

// Forget removes the lines that AwaitLine has passed, and all batches, answers,
// calls and logs.
func (r *Recorder) Forget() {
	r.View(func(rec *Record) {
		rec.Batches, rec.Answers, rec.Calls, rec.Logs = nil, nil, nil, nil
		rec.Lines = slices.Clone(rec.Lines[r.read:])
		r.read = 0
	})
}

// ForgetAll removes all but what is known: lines, batches, answers, calls, logs, and how
// many reports were complete.
func (r *Recorder) ForgetAll() {
	r.View(func(rec *Record) {
		rec.Batches, rec.Answers, rec.Calls = nil, nil, nil
		rec.Logs, rec.Lines, rec.Completes = nil, nil, 0
		r.read = 0
	})
}

// LinesSince returns the lines after a mark that contain a text.
func (r *Recorder) LinesSince(mark int, text string) (lines []string) {
	r.View(func(rec *Record) {
		for _, line := range rec.Lines[mark:] {
			if strings.Contains(line, text) {
				lines = append(lines, line)
			}
		}
	})
	return lines
}

// ExpectLines checks the lines after a mark that contain a text.
func (r *Recorder) ExpectLines(mark int, text string, want ...string) {
	r.t.Helper()
	if got := r.LinesSince(mark, text); !slices.Equal(got, want) {
		r.t.Errorf("lines with %q:\n\t%s\nwant\n\t%s", text, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// ExpectJoined waits for the success of a start, and checks whether it joined a network
// that another process had started.
func (r *Recorder) ExpectJoined(id string, want bool) {
	r.t.Helper()
	r.AwaitLine("done start " + id)
	if got := r.LastAnswer("start " + id).Joined; got != want {
		r.t.Errorf("the start of %s joined others: %v, want %v", id, got, want)
	}
}
