package engine

import (
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/session"
)

func text(s string) *string { return &s }

func wantProperty(t *testing.T, s *probe, key, want string, has bool) {
	t.Helper()
	if got, ok := s.Property(key); got != want || ok != has {
		t.Errorf("%s is %q, %v, want %q, %v", key, got, ok, want, has)
	}
}

func TestProperties(t *testing.T) {
	r := newRig(t, "eth up")
	s := r.session("s", "eth")
	wantProperty(t, s, "Colour", "", false)
	for _, v := range []string{"red", "", "blue"} {
		if !s.SetProperty("Colour", text(v)) {
			t.Errorf("%q is refused", v)
		}
		wantProperty(t, s, "Colour", v, true)
	}
	s.SetProperty("Colour", nil)
	wantProperty(t, s, "Colour", "", false)
	s.SetProperty("Never", nil)
	s.SetProperty(ConnectInBackground, text("true"))
	wantProperty(t, s, ConnectInBackground, "true", true)
}

func TestReadOnlyProperties(t *testing.T) {
	r := newRig(t, "eth up")
	for id, active := range map[string]string{"eth": "eth", bearer.InternetID: "eth"} {
		s := r.session("s", id)
		for _, key := range []string{ActiveConfiguration, UserChoiceConfiguration} {
			if !s.SetProperty(key, text("mine")) {
				t.Errorf("writing %s is an error", key)
			}
			wantProperty(t, s, key, "", true)
		}
		s.Open()
		r.sync()
		wantProperty(t, s, ActiveConfiguration, active, true)
		wantProperty(t, s, UserChoiceConfiguration, "", true)
		s.Close()
		r.sync()
		wantProperty(t, s, ActiveConfiguration, "", true)
	}
}

func TestAutoCloseValues(t *testing.T) {
	r := newRig(t, "eth up")
	s := r.session("s", "eth")
	wantProperty(t, s, AutoCloseSessionTimeout, "-1", true)
	for _, c := range []struct {
		value *string
		ok    bool
		want  string
	}{
		{text("100000"), true, "100000"}, {text("x"), false, "100000"}, {text(""), false, "100000"},
		{text("1.5"), false, "100000"}, {text("2147483648"), false, "100000"}, {text("2147483647"), true, "2147483647"},
		{text("-7"), true, "-1"}, {text("0"), true, "0"}, {nil, true, "-1"}, {text("-1"), true, "-1"},
	} {
		if ok := s.SetProperty(AutoCloseSessionTimeout, c.value); ok != c.ok {
			t.Errorf("%v is accepted: %v", c.value, ok)
		}
		wantProperty(t, s, AutoCloseSessionTimeout, c.want, true)
	}
}

func TestAutoClose(t *testing.T) {
	r := newRig(t, "eth up")
	s := r.session("s", "eth")
	s.Open()
	s.SetProperty(AutoCloseSessionTimeout, text("1"))
	r.log.waitFor(t, "s closed")
	r.want("s opened, s closed")
	wantProperty(t, s, AutoCloseSessionTimeout, "-1", true)
	s.Open()
	r.want("s opened")
}

func TestAutoCloseSetBefore(t *testing.T) {
	r := newRig(t, "eth down")
	s := r.session("s", "eth")
	s.SetProperty(AutoCloseSessionTimeout, text("1"))
	s.Open()
	r.set("eth up")
	r.started("eth")
	r.log.waitFor(t, "s closed")
	r.want("s Connecting, start eth, s opened, s Connected, s closed, s Closing, stop eth")
}

func TestAutoCloseTakenBack(t *testing.T) {
	r := newRig(t, "eth up")
	s := r.session("s", "eth")
	s.Open()
	s.SetProperty(AutoCloseSessionTimeout, text("60000"))
	var number int
	r.onLoop(func(*loop) { number = s.autoCloseNumber })
	s.SetProperty(AutoCloseSessionTimeout, nil)
	r.onLoop(func(l *loop) {
		if s.autoCloseTimer != nil {
			t.Error("the timer still runs")
		}
		l.autoClose(s.Session, number)
	})
	r.want("s opened")
}

// A timer that fired for an earlier opening has no effect.
func TestAutoCloseOfAnEarlierOpening(t *testing.T) {
	r := newRig(t, "eth up")
	s := r.session("s", "eth")
	s.SetProperty(AutoCloseSessionTimeout, text("60000"))
	s.Open()
	var number int
	r.onLoop(func(*loop) { number = s.autoCloseNumber })
	s.Close()
	s.Open()
	r.onLoop(func(l *loop) {
		l.autoClose(s.Session, number)
		if s.autoCloseTimer == nil {
			t.Error("the timer of this opening does not run")
		}
	})
	r.want("s opened, s closed, s opened")
	s.Free()
	r.wait(s.done, "not freed")
	if s.autoCloseTimer != nil {
		t.Error("the timer outlives the session")
	}
}

// A session that roams stays open, and its timer runs on.
func TestAutoCloseWhileRoaming(t *testing.T) {
	r := newRig(t, "wlan up")
	n := r.session("n", bearer.InternetID)
	n.SetProperty(AutoCloseSessionTimeout, text("60000"))
	n.Open()
	var timer *time.Timer
	r.onLoop(func(*loop) { timer = n.autoCloseTimer })
	r.set("eth up")
	r.onLoop(func(*loop) {
		if timer == nil || n.autoCloseTimer != timer || n.m.Phase != session.Opened {
			t.Error("the timer was stopped or started anew")
		}
	})
}
