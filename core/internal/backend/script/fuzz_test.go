package script

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// checker is a sink that checks the contract of sinks.
type checker struct {
	t        *testing.T
	known    map[string]bool
	reports  int
	expected map[answerKey]int
}

// answerKey is a command that waits for its answer.
type answerKey struct {
	op backend.Op
	id string
}

func (c *checker) Report(b bearer.Batch) {
	if b.Complete != (c.reports == 0) {
		c.t.Errorf("report %d has Complete=%v", c.reports, b.Complete)
	}
	c.reports++
	for _, x := range b.Changed {
		switch {
		case x.State != bearer.Active && (x.DefaultRoute || len(x.Addresses) > 0):
			c.t.Errorf("%s is %v with a route or addresses", x.ID, x.State)
		case !x.Valid() || x.ID == bearer.InternetID:
			c.t.Errorf("%+v is no access point", x)
		}
		c.known[x.ID] = true
	}
	for _, id := range b.Gone {
		if !c.known[id] && c.reports > 1 {
			continue // added and removed in one step
		}
		delete(c.known, id)
	}
}

func (c *checker) Done(a backend.Answer) {
	op, id, err := a.Op, a.ID, a.Err
	key := answerKey{op, id}
	if c.expected[key]--; c.expected[key] < 0 {
		c.t.Errorf("an answer too many to command %d on %s", op, id)
	}
	if err != nil && err.Error() == "" {
		c.t.Errorf("command %d on %s was refused without a word", op, id)
	}
}

func (c *checker) Loading() {}

func (c *checker) Log(backend.Level, string) {}

// FuzzScript: any file is refused with the number of a line, or it can be
// played. Then each command is answered at most once, and exactly once if
// nothing hangs.
func FuzzScript(f *testing.F) {
	for _, s := range scriptsOf(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		program, err := parse("fuzz.play", text)
		if err != nil {
			checkError(t, err, text)
			return
		}
		c := &checker{t: t, known: make(map[string]bool), expected: make(map[answerKey]int)}
		p := newPlayer(program, c, newStatsTable())
		p.begin()
		exercise(p, c)
		if p.now < 0 || c.reports == 0 {
			t.Errorf("%v passed with %d reports", p.now, c.reports)
		}
		if strings.Contains(text, "hangs") {
			return
		}
		for i := 0; i < 1000 && p.advance(1000*maxDuration); i++ {
		}
		if len(p.attempts) > 0 {
			return // the script takes too long
		}
		for key, missing := range c.expected {
			if missing > 0 {
				t.Errorf("%d answers to command %d on %s are missing", missing, key.op, key.id)
			}
		}
	})
}

func checkError(t *testing.T, err error, text string) {
	var syntax *SyntaxError
	if !errors.As(err, &syntax) {
		t.Fatalf("%v is no SyntaxError", err)
	}
	if most := strings.Count(text, "\n") + 1; syntax.Line < 1 || syntax.Line > most {
		t.Errorf("%v is about line %d of %d", err, syntax.Line, most)
	}
	if len(syntax.Text) > 1000 || !strings.HasSuffix(syntax.Text, ".") {
		t.Errorf("%q is no short sentence", syntax.Text)
	}
}

// exercise gives each command several times while time passes.
func exercise(p *player, c *checker) {
	give := func(op backend.Op, id string) {
		c.expected[answerKey{op, id}]++
		p.command(op, id)
	}
	for round := 0; round < 4; round++ {
		var ids []string
		for id := range c.known {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for _, id := range append(ids, "missing") {
			give(backend.OpStart, id)
			give(backend.OpStop, id)
			give(backend.OpStart, id)
			for i := 0; i < 20 && p.advance(p.now+time.Duration(round)*time.Second); i++ {
			}
		}
		give(backend.OpRefresh, "")
	}
}
