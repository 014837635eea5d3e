package engine

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
)

// choosing makes a session on the user choice, whose user is asked.
func (r *rig) choosing(name string) *probe {
	r.t.Helper()
	c := r.session(name, bearer.UserChoiceID)
	c.chooses.Store(true)
	return c
}

// asked opens it, and returns the number of the question.
func (r *rig) asked(c *probe) uint64 {
	r.t.Helper()
	c.Open()
	r.want(c.name + " Connecting, " + c.name + " choose")
	if c.Question() == 0 {
		r.t.Fatal("asked, but there is no question")
	}
	return c.Question()
}

func (r *rig) candidates(c *probe, question uint64) string {
	var ids []string
	if !c.Candidates(question, func(e *store.Entry) { ids = append(ids, e.ID()) }) {
		return "over"
	}
	return strings.Join(ids, " ")
}

func (r *rig) chooses(c *probe, id string, want error) {
	r.t.Helper()
	if err := c.Choose(id); !errors.Is(err, want) || (err == nil) != (want == nil) {
		r.t.Errorf("choose %q: %v, want %v", id, err, want)
	}
}

func property(s *probe, key string) string {
	v, _ := s.Property(key)
	return v
}

func TestUserChoiceIsFoundButNotListed(t *testing.T) {
	r := newRig(t, "eth down, lte up private")
	r.listen("a")
	c := r.value(bearer.UserChoiceID)
	if c.Type != bearer.UserChoice || c.State != bearer.Active || c.RoamingAvailable || !c.Valid() {
		t.Errorf("%+v", c)
	}
	if got := r.each(0); got != "eth lte netsession:internet" {
		t.Error(got)
	}
	if got := r.children(bearer.UserChoiceID); got != "" {
		t.Errorf("has children: %s", got)
	}
	s := r.session("s", bearer.UserChoiceID)
	r.set("lte unavailable")
	r.want("s Disconnected, a ~lte")
	r.set("eth unavailable")
	r.want("s NotAvailable, a ~eth, a ~netsession:internet")
	if v := s.Snapshot(); v.State != session.NotAvailable {
		t.Errorf("%+v", v)
	}
}

func TestDefaultUserChoice(t *testing.T) {
	for links, want := range map[string]string{"": "none", "eth up online": bearer.UserChoiceID} {
		r := parked(t, links, func(_ *rig, o *Options) { o.Default = bearer.UserChoice })
		r.run()
		if got := r.byDefault(); got != want {
			t.Errorf("%s: %s, want %s", links, got, want)
		}
	}
}

func TestChooseAnAccessPoint(t *testing.T) {
	r := newRig(t, "eth up online, wlan down, wlan2 unavailable")
	r.define("far", "wlan2")
	r.define("near", "wlan wlan2")
	r.counters["eth"] = backend.Counters{Received: 5}
	r.counters["wlan"] = backend.Counters{Received: 7}
	c := r.choosing("c")
	q := r.asked(c)
	if got := r.candidates(c, q); got != "eth wlan netsession:internet network:near" {
		t.Errorf("candidates: %s", got)
	}
	r.chooses(c, "wlan", nil)
	r.want("start wlan")
	if got := r.candidates(c, q); got != "over" {
		t.Errorf("candidates after the answer: %s", got)
	}
	if property(c, UserChoiceConfiguration) != "" || property(c, ActiveConfiguration) != "" {
		t.Error("reported before it is open")
	}
	r.set("wlan up")
	r.started("wlan")
	r.want("c opened, c Connected")
	if property(c, UserChoiceConfiguration) != "wlan" || property(c, ActiveConfiguration) != "wlan" {
		t.Errorf("%+v", c.Snapshot())
	}
	if v := c.Snapshot(); v.Interface != "wlan" || v.Since.IsZero() || c.Counters().Received != 7 {
		t.Errorf("%+v, %+v", v, c.Counters())
	}
	r.set("wlan up metered")
	r.want("c policies(1)")
	r.set("eth up online")
	r.want("") // it does not roam
	c.Close()
	r.want("c closed, c Closing, stop wlan")
	r.set("wlan down")
	r.stopped("wlan")
	r.want("c Connected, c policies(0)")
	if property(c, UserChoiceConfiguration) != "" || property(c, ActiveConfiguration) != "" {
		t.Errorf("%+v", c.Snapshot())
	}
	if got := r.asked(c); got == q {
		t.Error("a second question has the number of the first")
	}
}

// On a service network that the user chose, a session roams like on any other.
func TestChooseANetwork(t *testing.T) {
	r := newRig(t, "eth up online, wlan down, wlan2 down strong")
	r.define("office", "wlan wlan2")
	c := r.choosing("c")
	r.asked(c)
	r.chooses(c, "network:office", nil)
	r.want("start wlan2")
	r.answer(backend.OpStart, "wlan2", errors.New("no"))
	r.want("start wlan")
	r.set("wlan up")
	r.started("wlan")
	r.want("c opened, c Connected")
	if property(c, UserChoiceConfiguration) != "network:office" || property(c, ActiveConfiguration) != "wlan" {
		t.Errorf("%+v", c.Snapshot())
	}
	c.SetApplicationRoaming(true)
	r.set("wlan2 up strong online")
	r.want("c preferred(wlan2)")
	c.Migrate()
	r.want("c Roaming, c newConfigurationActivated, c Connected")
	c.Accept()
	r.want("stop wlan")
	r.counters["eth"], r.counters["wlan2"] = backend.Counters{Received: 1}, backend.Counters{Received: 2}
	if got := c.Counters().Received; got != 2 {
		t.Errorf("%d bytes", got)
	}
	r.undefine("office")
	r.want("c closed, c error(InvalidConfigurationError)")
	if v := c.Snapshot(); !strings.Contains(v.ErrText, "network:office") {
		t.Errorf("%q", v.ErrText)
	}
}

func TestSessionsThatDoNotAsk(t *testing.T) {
	r := newRig(t, "eth down, wlan up")
	c := r.session("c", bearer.UserChoiceID)
	c.Open()
	r.want("c opened")
	if property(c, UserChoiceConfiguration) != "wlan" {
		t.Errorf("%+v", c.Snapshot())
	}
	r.chooses(c, "eth", ErrNotAsked)
	c.Close()
	c.chooses.Store(true)
	yes := "true"
	c.SetProperty(ConnectInBackground, &yes)
	c.Open()
	r.want("c closed, c opened")
	c.Close()
	c.SetProperty(ConnectInBackground, nil)
	r.want("c closed")
	r.asked(c)
	c.Close()
	r.want("c Connected")
	e := r.session("e", "eth")
	e.chooses.Store(true)
	r.chooses(e, "eth", ErrNotAsked)
	if err := e.Decline(); !errors.Is(err, ErrNotAsked) {
		t.Error(err)
	}
}

func TestBadAnswers(t *testing.T) {
	r := newRig(t, "eth up, wlan unavailable, lte down")
	r.define("far", "wlan")
	c := r.choosing("c")
	q := r.asked(c)
	for _, id := range []string{"x", "wlan", "network:far", "network:x", bearer.UserChoiceID, "netsession:x"} {
		r.chooses(c, id, ErrNoCandidate)
	}
	r.set("eth unavailable") // not a candidate any more
	r.chooses(c, "eth", ErrNoCandidate)
	r.want("")
	if got := r.candidates(c, q); got != "lte netsession:internet" {
		t.Errorf("candidates: %s", got)
	}
	r.chooses(c, "lte", nil)
	r.chooses(c, "lte", ErrAnswered)
	if err := c.Decline(); !errors.Is(err, ErrAnswered) {
		t.Error(err)
	}
	r.want("start lte")
}

func TestDecline(t *testing.T) {
	r := newRig(t, "eth down")
	c := r.choosing("c")
	r.asked(c)
	if err := c.Decline(); err != nil {
		t.Fatal(err)
	}
	r.want("c Disconnected, c error(SessionAbortedError)")
	r.chooses(c, "eth", ErrAnswered)
	r.want("")
}

func TestTheQuestionIsWithdrawn(t *testing.T) {
	for name, end := range map[string]func(*probe){
		"close": func(c *probe) { c.Close() },
		"stop":  func(c *probe) { c.Stop() },
	} {
		r := newRig(t, "eth down")
		c := r.choosing("c")
		q := r.asked(c)
		end(c)
		r.want("c Disconnected")
		if got := r.candidates(c, q); got != "over" || c.Question() != 0 {
			t.Errorf("%s: still asked: %s", name, got)
		}
		r.chooses(c, "eth", ErrAnswered)
		r.want("")
	}
	r := newRig(t, "eth down")
	c := r.choosing("c")
	q := r.asked(c)
	c.Free()
	r.wait(c.done, "not freed")
	if got := r.candidates(c, q); got != "over" {
		t.Errorf("freed, still asked: %s", got)
	}
	r.chooses(c, "eth", ErrAnswered)
}

func TestTheQuestionIsNotAnswered(t *testing.T) {
	r := newRig(t, "eth down")
	r.e.Find(bearer.UserChoiceID, func(e *store.Entry) { e.SetConnectTimeout(time.Millisecond) })
	c := r.choosing("c")
	opened := make(chan bool)
	c.Open()
	go func() { opened <- c.WaitForOpened(-1) }()
	r.log.waitFor(t, "c error(UnknownSessionError)")
	r.want("c Connecting, c choose, c Disconnected, c error(UnknownSessionError)")
	if v := c.Snapshot(); !strings.HasPrefix(v.ErrText, "Nobody chose within 1ms") {
		t.Errorf("%q", v.ErrText)
	}
	if <-opened {
		t.Error("the open failed, but the wait reports that the session is open")
	}
	r.chooses(c, "eth", ErrAnswered)
}

// An attempt on the chosen configuration has the timeout of that configuration.
func TestTimeoutOfTheChosenConfiguration(t *testing.T) {
	r := newRig(t, "eth down")
	r.e.Find("eth", func(e *store.Entry) { e.SetConnectTimeout(time.Millisecond) })
	c := r.choosing("c")
	r.asked(c)
	r.chooses(c, "eth", nil)
	r.log.waitFor(t, "c error(UnknownSessionError)")
	r.want("start eth, c Disconnected, c error(UnknownSessionError), stop eth")
}

// If the user cannot be asked, the engine decides.
func TestCancelQuestion(t *testing.T) {
	r := newRig(t, "eth up online, wlan up")
	c := r.choosing("c")
	q := r.asked(c)
	c.CancelQuestion(q + 1)
	c.CancelQuestion(0)
	r.want("")
	c.CancelQuestion(q)
	r.want("c opened, c Connected")
	if property(c, UserChoiceConfiguration) != "eth" {
		t.Errorf("%+v", c.Snapshot())
	}
	c.CancelQuestion(q)
	c.Close()
	r.want("c closed")
	q = r.asked(c)
	r.set("eth unavailable, wlan unavailable")
	c.CancelQuestion(q)
	r.want("c NotAvailable, c error(InvalidConfigurationError)")
}

// Of many concurrent answers, on any goroutine, only one counts.
func TestAnswersAtOnce(t *testing.T) {
	r := newRig(t, "eth up, wlan up")
	c := r.choosing("c")
	for round := 0; round < 50; round++ {
		c.Open()
		r.log.waitFor(t, "c choose")
		var all sync.WaitGroup
		var mu sync.Mutex
		counted := 0
		for _, answer := range []func() error{
			func() error { return c.Choose("eth") },
			func() error { return c.Choose("wlan") },
			func() error { return c.Choose("x") },
			c.Decline,
		} {
			all.Add(1)
			go func() {
				defer all.Done()
				if answer() == nil {
					mu.Lock()
					counted++
					mu.Unlock()
				}
			}()
		}
		all.Wait()
		if counted != 1 {
			t.Fatalf("%d answers counted", counted)
		}
		c.Close()
		r.sync()
		r.log.take()
	}
}
