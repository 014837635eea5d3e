package session

import "fmt"

// Action is a named thing that a transition does.
type Action struct {
	Text string
	do   func(*transition)
}

func emitting(kind EffectKind) Action {
	return Action{kind.String(), func(t *transition) { t.emit(Effect{Kind: kind}) }}
}

// The events for the application.
var (
	opened    = emitting(EmitOpened)
	closed    = emitting(EmitClosed)
	activated = emitting(EmitActivated)

	announce = Action{"stateChanged where it differs", func(t *transition) { t.say(t.s.shown()) }}
	roaming  = Action{"stateChanged(Roaming)", func(t *transition) { t.say(Roaming) }}

	offer = Action{"preferredConfigurationChanged", func(t *transition) {
		t.emit(Effect{Kind: EmitPreferred, ID: t.s.Offer.ID, Seamless: t.ev.Seamless})
	}}
	restrict = Action{"usagePoliciesChanged where they differ", func(t *transition) {
		if t.s.Policies != t.ev.Policies {
			t.s.Policies = t.ev.Policies
			t.emit(Effect{Kind: EmitPolicies, Policies: t.s.Policies})
		}
	}}
)

// The errors.
var (
	failAsTold    = Action{"error(as told)", func(t *transition) { t.fail(t.ev.Err, t.ev.Text) }}
	failDenied    = failing(NotSupportedError, func(t *transition) string { return t.ev.Text })
	failStopped   = failing(AbortedError, func(*transition) string { return "The session was closed because its network was stopped." })
	failLost      = failing(AbortedError, lostText)
	failGone      = failing(InvalidConfigurationError, func(t *transition) string { return noConfiguration(t.s.Config) })
	failNoRoam    = failing(RoamingError, roamingText)
	failCandidate = failing(RoamingError, candidateText)
	failNotReady  = failing(InvalidConfigurationError, notReadyText)
)

func failing(err Error, text func(*transition) string) Action {
	return Action{"error(" + err.String() + ")", func(t *transition) { t.fail(err, text(t)) }}
}

// What happens to access points.
var (
	useNext = Action{"use the access point", func(t *transition) { t.s.Using = t.ev.Next }}
	hold    = Action{"hold it", func(t *transition) { t.hold(&t.s.Using) }}
	start   = Action{"start it unless it is on its way", func(t *transition) { t.start(t.s.Using) }}

	takeOffer  = Action{"take it as the offer", func(t *transition) { t.s.Offer = t.ev.Next }}
	dropOffer  = Action{"drop the offer", func(t *transition) { t.s.Offer = AccessPoint{} }}
	pass       = Action{"do not offer it again until it has changed", func(t *transition) { t.s.Passed, t.s.Offer = t.s.Offer.ID, AccessPoint{} }}
	holdOffer  = Action{"hold the offer", func(t *transition) { t.hold(&t.s.Offer) }}
	startOffer = Action{"start the offer unless it is on its way", func(t *transition) { t.start(t.s.Offer) }}
	failOffer  = Action{"release the offer and do not make it again", func(t *transition) {
		t.release(&t.s.Offer)
		pass.do(t)
	}}
	forgetPassed = Action{"it may be offered again", func(t *transition) { t.s.Passed = "" }}

	switchOver = Action{"use the offer, keep the previous access point", func(t *transition) {
		t.s.Previous, t.s.Using, t.s.Offer = t.s.Using, t.s.Offer, AccessPoint{}
	}}
	switchBack = Action{"release the new access point, use the previous one", func(t *transition) {
		t.s.Passed = t.s.Using.ID
		t.letGo(&t.s.Using)
		t.s.Using, t.s.Previous = t.s.Previous, AccessPoint{}
	}}
	letPreviousGo = Action{"release the previous access point", func(t *transition) { t.letGo(&t.s.Previous) }}
	letAllGo      = Action{"release every access point", func(t *transition) {
		t.letGo(&t.s.Previous)
		t.release(&t.s.Offer)
		t.letGo(&t.s.Using)
		t.s.Passed = ""
	}}
	// The access point stays in Using, as the one that Stopping waits for.
	releaseAndWatch = Action{"release every access point", func(t *transition) {
		t.letGo(&t.s.Previous)
		t.release(&t.s.Offer)
		target := t.s.Using
		t.release(&t.s.Using)
		t.s.Using = AccessPoint{ID: target.ID, Link: target.Link}
		t.s.Passed = ""
	}}
	withdraw = Action{"withdraw the attempt", func(t *transition) { t.release(&t.s.Using) }}
	forget   = Action{"forget the attempt", func(t *transition) { t.forget(&t.s.Using) }}
	unwatch  = Action{"watch it no longer", func(t *transition) { t.s.Using = AccessPoint{} }}
	stopLink = Action{"stop the link and abort every other session on it", func(t *transition) {
		t.letGo(&t.s.Previous)
		t.release(&t.s.Offer)
		target := t.s.Using
		t.forget(&t.s.Using)
		t.s.Using = AccessPoint{ID: target.ID, Link: target.Link}
		t.emit(Effect{Kind: StopLink, ID: target.ID})
	}}
	forgetAll = Action{"forget every access point", func(t *transition) {
		t.letGo(&t.s.Previous)
		t.release(&t.s.Offer)
		t.forget(&t.s.Using)
		t.s.Passed = ""
	}}
)

// The timer.
var (
	arm    = Action{"arm the timer", func(t *transition) { t.emit(Effect{Kind: Arm}) }}
	disarm = Action{"disarm the timer", func(t *transition) { t.emit(Effect{Kind: Disarm}) }}
)

func (t *transition) say(state State) {
	if t.s.State == state {
		return
	}
	t.s.State = state
	t.emit(Effect{Kind: EmitState, State: state})
}

func (t *transition) fail(err Error, text string) {
	t.s.Err, t.s.ErrText = err, text
	t.emit(Effect{Kind: EmitError, Err: err, Text: text})
}

func (t *transition) hold(a *AccessPoint) {
	a.Held = true
	t.emit(Effect{Kind: Hold, ID: a.ID})
}

func (t *transition) start(a AccessPoint) {
	if a.Link != LinkStarting {
		t.emit(Effect{Kind: StartLink, ID: a.ID})
	}
}

// letGo ends the session's part in an access point: a link that is down is
// lost, any other is released.
func (t *transition) letGo(a *AccessPoint) {
	if a.Link.settledDown() {
		t.drop(a, Lose)
		return
	}
	t.drop(a, Release)
}

func (t *transition) release(a *AccessPoint) { t.drop(a, Release) }
func (t *transition) forget(a *AccessPoint)  { t.drop(a, Forget) }

func (t *transition) drop(a *AccessPoint, how EffectKind) {
	if a.Held {
		t.emit(Effect{Kind: how, ID: a.ID})
	}
	*a = AccessPoint{}
}

func noConfiguration(id string) string {
	if id == "" {
		return "The session has no configuration."
	}
	return fmt.Sprintf("There is no configuration %s.", id)
}

func notReadyText(t *transition) string {
	if t.s.Link == LinkGone {
		return noConfiguration(t.s.Config)
	}
	if t.s.Network {
		return fmt.Sprintf("No access point of %s can be opened now.", t.s.Config)
	}
	return fmt.Sprintf("%s cannot be opened now: it has no carrier or is out of range.", t.s.Config)
}

func lostText(t *transition) string {
	why := "it was taken down"
	if t.s.Link == LinkUnavailable {
		why = "it has no carrier any more or went out of range"
	}
	return fmt.Sprintf("%s lost its link: %s.", t.s.Config, why)
}

func roamingText(t *transition) string {
	return fmt.Sprintf("%s lost its link, and has no other access point to move to.", t.s.Config)
}

func candidateText(t *transition) string {
	if t.ev.Text != "" {
		return t.ev.Text
	}
	return fmt.Sprintf("The new access point of %s was lost.", t.s.Config)
}
