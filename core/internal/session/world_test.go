package session

import (
	"fmt"
	"slices"
	"strings"
)

// world is a model of the environment of one session: links that change state, the
// count of holders, and a timer. It computes the facts that a driver would pass to the
// session, and checks the invariants after every step.
type world struct {
	s     Machine
	links map[string]Link

	others  map[string]int  // holders besides the session
	held    map[string]int  // by the session
	started map[string]bool // by a holder, while it is held
	denied  string
	chooser bool   // the user can be asked what to open
	local   string // a link that leads nowhere: not used while another link may come up

	armed, open bool
	netGone     bool // "net" was removed
	trace       []string
	taken       map[int]bool // rows of Table
	broken      []string     // invariants that did not hold
}

// newWorld makes a world of links and a session. The links are given as
// "eth up, wlan down"; the session is on the configuration, or on the network
// of all links for "net", or on the choice among all links for "choice".
func newWorld(config, links string) *world {
	w := &world{
		links: map[string]Link{}, others: map[string]int{}, held: map[string]int{},
		started: map[string]bool{}, taken: map[int]bool{},
	}
	for _, l := range strings.Split(links, ", ") {
		if l != "" {
			w.set(l)
		}
	}
	scope := map[string]Scope{"net": OnNetwork, "choice": OnChoice}[config]
	w.s = New(config, scope, Facts{Config: w.config(config)})
	return w
}

// group reports whether a configuration represents all links.
func group(id string) bool { return id == "net" || id == "choice" }

// set changes the state of a link, as in "eth up".
func (w *world) set(l string) {
	f := strings.Fields(l)
	w.links[f[0]] = linkNamed(f[1])
}

func linkNamed(name string) Link {
	for i, n := range linkNames {
		if n == name {
			return Link(i)
		}
	}
	panic("no link state " + name)
}

// config is the state of a configuration.
func (w *world) config(id string) Link {
	if !group(id) || w.netGone && id == "net" {
		return w.links[id]
	}
	has := map[Link]bool{}
	for _, l := range w.links {
		has[l] = true
	}
	for _, l := range []Link{LinkUp, LinkStopping, LinkStarting, LinkDown} {
		if has[l] {
			return l
		}
	}
	return LinkUnavailable
}

// first is the best access point of the chosen configuration.
func (w *world) first(id string) AccessPoint {
	if !group(id) {
		return w.point(id)
	}
	var best AccessPoint
	for _, id := range w.names() {
		if a := w.point(id); a.available() && (best.ID == "" || (a.Link == LinkUp && best.Link != LinkUp)) {
			best = a
		}
	}
	return best
}

func (w *world) choice(id string) Choice {
	return Choice{ID: id, Network: id == "net", Link: w.config(id)}
}

func (w *world) point(id string) AccessPoint { return AccessPoint{ID: id, Link: w.links[id]} }

// next is the best access point that the session does not use: links that are up
// first, else by name.
func (w *world) next() AccessPoint {
	if !group(w.s.Target()) {
		return w.point(w.s.Target())
	}
	var best AccessPoint
	for _, id := range w.names() {
		taken := id == w.s.Using.ID && w.s.Phase != Stopping && w.s.Phase != Withdrawing
		a := w.point(id)
		if taken || id == w.s.Offer.ID || id == w.s.Previous.ID || w.s.Passed(id) || !a.available() {
			continue
		}
		if best.ID == "" || (a.Link == LinkUp && best.Link != LinkUp) {
			best = a
		}
	}
	return best
}

func (w *world) names() []string {
	var names []string
	for id := range w.links {
		names = append(names, id)
	}
	slices.Sort(names)
	return names
}

// stoppable is the access point that a stop takes down.
func (w *world) stoppable() AccessPoint {
	switch {
	case !group(w.s.Target()):
		return w.point(w.s.Target())
	case w.s.Using.ID != "":
		return w.point(w.s.Using.ID)
	}
	return w.next()
}

func (w *world) facts() Facts {
	return Facts{
		Config: w.config(w.s.Config), Choice: w.config(w.s.Choice.ID), Using: w.links[w.s.Using.ID],
		Offer: w.links[w.s.Offer.ID], Previous: w.links[w.s.Previous.ID],
	}
}

// last reports whether a release of the access point would stop it.
func (w *world) last(id string) bool {
	return w.held[id] == 1 && w.others[id] == 0 && w.started[id]
}

// say takes one step that is described in words, and returns what the session did.
func (w *world) say(what string) string {
	w.trace = nil
	verb, rest := what, ""
	if i := strings.IndexByte(what, ' '); i > 0 {
		verb, rest = what[:i], what[i+1:]
	}
	id, text, _ := strings.Cut(rest, ": ")
	switch verb {
	case "others":
		w.others[id]++
	case "local":
		w.local = id
	case "denied":
		w.denied = rest
	case "prefer":
		if id == "nothing" {
			id = ""
		}
		w.step(Event{Kind: Preferred, Next: w.point(id)})
	case "stopped", "aborted", "renewed":
		w.step(Event{Kind: kindNamed(verb), ID: id})
	case "refused":
		w.step(Event{Kind: NotStarted, ID: id, Err: NotSupportedError, Text: text})
	case "kept":
		w.step(Event{Kind: NotStopped, ID: id, Err: NotSupportedError, Text: text})
	case "chooser", "nobody":
		w.chooser = verb == "chooser"
	case "choose":
		w.step(Event{Kind: Chosen, Choice: w.choice(id)})
	case "cancelled":
		w.step(Event{Kind: Chosen, Choice: w.choice(w.next().ID)})
	case "stalled":
		w.step(Event{Kind: Stalled})
	case "declined":
		w.step(Event{Kind: Declined})
	case "asks", "decides":
		w.step(Event{Kind: Asked, Asks: verb == "asks"})
	case "metered", "free":
		w.step(Event{Kind: Restricted, Policies: map[string]Policies{"metered": NoBackgroundTraffic}[verb]})
	case "expired":
		w.armed = false
		w.step(Event{Kind: Expired, Text: "It did not come up in time.", Last: w.last(w.s.Using.ID)})
	case "undefined":
		w.netGone = true
		w.move()
	default:
		w.call(what, verb)
	}
	return strings.Join(w.trace, ", ")
}

// call is a call of the application, or else a change of a link.
func (w *world) call(what, verb string) {
	switch verb {
	case "open":
		ev := Event{Kind: Open, Text: w.denied}
		if w.s.Scope == OnChoice {
			ev.Ask, ev.Choice = w.chooser, w.choice(w.next().ID)
		}
		w.step(ev)
	case "close", "migrate", "accept", "reject", "ignore", "freed":
		w.step(Event{Kind: kindNamed(verb), Last: w.last(w.s.Using.ID)})
	case "stop":
		w.step(Event{Kind: Stop, Next: w.stoppable(), Text: w.denied})
	default:
		w.set(what)
		w.move()
	}
}

func kindNamed(name string) Kind {
	for i, n := range kindNames {
		if n == name {
			return Kind(i)
		}
	}
	panic("no event " + name)
}

// move passes the states of the links to the session, if they have changed.
func (w *world) move() {
	known := Facts{Config: w.s.Link, Choice: w.s.Choice.Link, Using: w.s.Using.Link, Offer: w.s.Offer.Link, Previous: w.s.Previous.Link}
	if f := w.facts(); f != known {
		w.step(Event{Kind: Moved, Facts: f})
	}
}

// step takes one step and follows its effects.
func (w *world) step(ev Event) {
	switch ev.Kind {
	case Preferred, Stop:
	case Chosen:
		ev.Next = w.first(ev.Choice.ID)
	default:
		ev.Next = w.next()
		if ev.Kind == Moved && w.s.Phase == Opening && ev.Next.ID == w.local {
			ev.Next = AccessPoint{}
		}
	}
	before := w.s
	w.note(before, ev)
	var effects []Effect
	w.s, effects = Step(before, ev)
	for _, e := range effects {
		w.follow(e)
	}
	if ev.Kind == Freed {
		w.open = false // without an event
	}
	w.check(before, ev, effects)
}

// note remembers which row of the table is taken.
func (w *world) note(s Machine, ev Event) {
	t := transition{m: &s, ev: ev}
	t.absorb()
	if row := find(t.m, &ev); row != nil {
		for i := range Table {
			if row == &Table[i] {
				w.taken[i] = true
			}
		}
	}
}

// follow carries out an effect in the model.
func (w *world) follow(e Effect) {
	switch e.Kind {
	case Hold:
		if w.held[e.ID]++; w.held[e.ID] == 1 && w.others[e.ID] == 0 {
			w.started[e.ID] = w.links[e.ID] != LinkUp && w.links[e.ID] != LinkStarting
		}
	case Release, Lose, Forget:
		w.held[e.ID]--
	case Arm:
		w.armed = true
	case Disarm:
		if !w.armed {
			return
		}
		w.armed = false
	case EmitOpened:
		w.require(!w.open, "opened twice")
		w.open = true
	case EmitClosed:
		w.require(w.open, "closed, but was not open")
		w.open = false
	case EmitError:
		w.require(e.Text != "", "an error without a text")
	}
	w.trace = append(w.trace, describe(e))
}

func describe(e Effect) string {
	switch e.Kind {
	case EmitState:
		return fmt.Sprintf("stateChanged(%v)", e.State)
	case EmitError:
		return fmt.Sprintf("error(%v)", e.Err)
	case EmitPreferred:
		return "preferred(" + e.ID + ")"
	case EmitActivated:
		return "activated"
	case EmitChoose:
		return "choose"
	case EmitPolicies:
		return fmt.Sprintf("policies(%d)", e.Policies)
	case Hold, Release, Lose, Forget, StartLink, StopLink:
		return e.Kind.String() + " " + e.ID
	}
	return e.Kind.String()
}

func (w *world) require(ok bool, format string, args ...any) {
	if !ok {
		w.broken = append(w.broken, fmt.Sprintf(format, args...))
	}
}

// check checks the invariants after a step.
func (w *world) check(before Machine, ev Event, effects []Effect) {
	s := w.s
	if ev.Kind == Freed {
		w.checkFreed(effects)
		return
	}
	w.require(s.State == s.visibleState(), "state is %v, but %v in %v should show", s.State, s.visibleState(), s.Phase)
	w.require(s.IsOpen() == w.open, "IsOpen is %v after the events said %v", s.IsOpen(), w.open)
	w.require(w.armed == s.Phase.Timed(), "timer armed: %v in %v", w.armed, s.Phase)
	w.require(s.Active() == "" || s.IsOpen(), "ActiveConfiguration of a closed session")
	for _, a := range []AccessPoint{s.Using, s.Offer, s.Previous} {
		w.require(a.Held == (a.ID != "" && w.held[a.ID] == 1), "%+v in %v, but held %d times", a, s.Phase, w.held[a.ID])
	}
	total := 0
	for id, n := range w.held {
		w.require(n == 0 || n == 1, "%s is held %d times", id, n)
		total += n
	}
	if s.Phase == Idle || s.Phase == Choosing || s.Phase == Withdrawing || s.Phase == Stopping {
		w.require(total == 0, "%d access points held in %v", total, s.Phase)
	}
	w.require(s.Choice.ID == "" || s.Scope == OnChoice && (s.IsOpen() || s.Phase == Opening), "%+v in %v", s.Choice, s.Phase)
	w.require(s.Scope != OnChoice || s.Choice.ID != "" || !s.IsOpen() && s.Phase != Opening, "no choice in %v", s.Phase)
	w.require(s.Phase != Choosing || s.Scope == OnChoice, "asked, but not OnChoice")
	w.require(s.Offer.ID == "" || s.Phase == Offered || s.Phase == Migrating || s.Phase == Stranded, "an offer in %v", s.Phase)
	w.require(s.Previous.ID == "" || s.Phase == Trying, "a previous access point in %v", s.Phase)
	w.require(s.Phase != Trying && s.Phase != Stranded && s.Phase != Offered || s.Asks, "%v, but the application is not asked", s.Phase)
	w.require(s.Err == before.Err || emits(effects, EmitError), "the error changed without an event")
	w.require(!s.Passed(s.Using.ID) || s.Using.ID == "" || !s.IsOpen() || before.Using.ID == s.Using.ID || before.Previous.ID == s.Using.ID,
		"%s is used, but was passed over", s.Using.ID)
}

// checkFreed checks the invariants after the session was freed.
func (w *world) checkFreed(effects []Effect) {
	for _, e := range effects {
		w.require(!e.Kind.Emits(), "%v while being freed", e.Kind)
	}
	for id, n := range w.held {
		w.require(n == 0, "%s is held after the session was freed", id)
	}
	w.require(!w.armed && !w.s.IsOpen() && w.s.Phase == Idle, "freed, but in %v, timer armed: %v", w.s.Phase, w.armed)
}

func emits(effects []Effect, kind EffectKind) bool {
	for _, e := range effects {
		if e.Kind == kind {
			return true
		}
	}
	return false
}
