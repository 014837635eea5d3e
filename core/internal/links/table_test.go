package links

import (
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
	"github.com/netsession/netsession/core/internal/store/storetest"
)

func TestOf(t *testing.T) {
	for words, want := range map[string]session.Link{
		"eth up": session.LinkUp, "eth down": session.LinkDown, "eth unavailable": session.LinkUnavailable,
		"eth starting": session.LinkStarting, "eth stopping": session.LinkStopping,
		"eth unavailable starting": session.LinkUnavailable, "eth up starting": session.LinkUp,
	} {
		if c := storetest.AccessPoint(words); Of(&c) != want {
			t.Errorf("%s: %v, want %v", words, Of(&c), want)
		}
	}
	if Of(nil) != session.LinkGone || Of(&bearer.Configuration{ID: "a", Type: bearer.Invalid}) != session.LinkGone {
		t.Error("no configuration, but a state")
	}
}

// The state of an access point includes commands that the backend has not answered.
func TestStateWithCommandsUnderWay(t *testing.T) {
	s := store.New(nil)
	table := New(s, nil, nil, Options{})
	for _, c := range []struct {
		link string
		p    pending
		want session.Link
	}{
		{"up", pending{}, session.LinkUp},
		{"up", pending{stops: 1}, session.LinkStopping},
		{"up", pending{starts: 1}, session.LinkUp},
		{"up", pending{starts: 1, stops: 1}, session.LinkStopping},
		{"starting", pending{stops: 1}, session.LinkStopping},
		{"starting", pending{starts: 1}, session.LinkStarting},
		{"stopping", pending{starts: 1}, session.LinkStopping},
		{"down", pending{}, session.LinkDown},
		{"down", pending{starts: 1}, session.LinkStarting},
		{"down", pending{stops: 1}, session.LinkDown},
		{"down", pending{starts: 1, stops: 1}, session.LinkStopping},
		{"unavailable", pending{starts: 1}, session.LinkUnavailable},
		{"unavailable", pending{stops: 1}, session.LinkUnavailable},
		{"gone", pending{starts: 1, stops: 1}, session.LinkGone},
	} {
		state := c.link
		if state == "gone" {
			state = "down"
		}
		batch := bearer.Batch{Changed: []bearer.Configuration{storetest.AccessPoint("eth " + state)}}
		if c.link == "gone" {
			batch = bearer.Batch{Gone: []string{"eth"}}
		}
		s.Apply(batch, time.Now())
		table.pending["eth"] = c.p
		if got := table.State("eth"); got != c.want {
			t.Errorf("%s with %+v: %v, want %v", c.link, c.p, got, c.want)
		}
	}
}
