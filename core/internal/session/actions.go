package session

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

	ask = emitting(EmitChoose)

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

// What happens to access points.
var (
	resolve  = Action{"take what was chosen", func(t *transition) { t.s.Choice = t.ev.Choice }}
	useNext  = Action{"use the access point", func(t *transition) { t.s.Using = t.ev.Next }}
	hold     = Action{"hold it", func(t *transition) { t.hold(&t.s.Using) }}
	start    = Action{"start it unless it is on its way", func(t *transition) { t.start(t.s.Using) }}
	withdraw = Action{"withdraw the attempt", func(t *transition) { t.withdraw(&t.s.Using) }}
	forget   = Action{"forget the attempt", func(t *transition) { t.forget(&t.s.Using) }}
	giveUp   = Action{"give it up and do not try it again", func(t *transition) { t.giveUp(&t.s.Using) }}

	takeOffer  = Action{"take the other access point as the offer", func(t *transition) { t.s.Offer = t.ev.Next }}
	dropOffer  = Action{"drop the offer", func(t *transition) { t.s.Offer = AccessPoint{} }}
	holdOffer  = Action{"hold the offer", func(t *transition) { t.hold(&t.s.Offer) }}
	startOffer = Action{"start the offer unless it is on its way", func(t *transition) { t.start(t.s.Offer) }}
	failOffer  = Action{"give the offer up and do not make it again", func(t *transition) { t.giveUp(&t.s.Offer) }}
	passOffer  = Action{"drop the offer until it has changed", func(t *transition) {
		t.s.pass(t.s.Offer.ID)
		t.s.Offer = AccessPoint{}
	}}
	renew = Action{"it may be offered again", func(t *transition) { t.s.renew(t.ev.ID) }}

	switchOver = Action{"use the offer, keep the previous access point", func(t *transition) {
		t.s.Previous, t.s.Using, t.s.Offer = t.s.Using, t.s.Offer, AccessPoint{}
	}}
	switchBack = Action{"release the new access point, use the previous one", func(t *transition) {
		t.s.pass(t.s.Using.ID)
		t.letGo(&t.s.Using)
		t.s.Using, t.s.Previous = t.s.Previous, AccessPoint{}
	}}
	letPreviousGo = Action{"release the previous access point", func(t *transition) { t.letGo(&t.s.Previous) }}

	letAllGo = Action{"release every access point", func(t *transition) {
		t.letOthersGo()
		t.letGo(&t.s.Using)
	}}
	forgetAll = Action{"forget every access point", func(t *transition) {
		t.letOthersGo()
		t.forget(&t.s.Using)
	}}
	releaseAndWatch = Action{"release every access point, watch the one in use", func(t *transition) {
		t.letOthersGo()
		t.watch(t.withdraw)
	}}
	stopLink = Action{"stop the link and abort every other session on it", func(t *transition) {
		t.letOthersGo()
		t.watch(t.forget)
		t.emit(Effect{Kind: StopLink, ID: t.s.Using.ID})
	}}
	unwatch = Action{"watch the access point no longer", func(t *transition) { t.s.Using = AccessPoint{} }}
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

func (t *transition) hold(a *AccessPoint) {
	a.Held = true
	t.emit(Effect{Kind: Hold, ID: a.ID})
}

func (t *transition) start(a AccessPoint) {
	if a.Link != LinkStarting {
		t.emit(Effect{Kind: StartLink, ID: a.ID})
	}
}

// letGo ends the session's part in an access point, which may be down already.
func (t *transition) letGo(a *AccessPoint) {
	switch {
	case a.Link == LinkGone:
		t.forget(a)
	case a.Link.settledDown():
		t.drop(a, Lose)
	default:
		t.release(a)
	}
}

// giveUp ends an attempt on an access point, which is not tried again until it
// has changed. One that was refused or stopped needs no withdrawal.
func (t *transition) giveUp(a *AccessPoint) {
	t.s.pass(a.ID)
	if t.ev.Kind == NotStarted || t.ev.Kind == Aborted {
		t.forget(a)
		return
	}
	t.withdraw(a)
}

// withdraw ends an attempt on an access point, which may not exist any more.
func (t *transition) withdraw(a *AccessPoint) {
	if a.Link == LinkGone {
		t.forget(a)
		return
	}
	t.release(a)
}

// letOthersGo ends the session's part in what it does not use.
func (t *transition) letOthersGo() {
	t.letGo(&t.s.Previous)
	t.withdraw(&t.s.Offer)
}

// watch ends the session's part in the access point in use, which stays in
// Using as the one that Stopping waits for.
func (t *transition) watch(leave func(*AccessPoint)) {
	target := AccessPoint{ID: t.s.Using.ID, Link: t.s.Using.Link}
	leave(&t.s.Using)
	t.s.Using = target
}

func (t *transition) release(a *AccessPoint) { t.drop(a, Release) }
func (t *transition) forget(a *AccessPoint)  { t.drop(a, Forget) }

func (t *transition) drop(a *AccessPoint, how EffectKind) {
	if a.Held {
		t.emit(Effect{Kind: how, ID: a.ID})
	}
	*a = AccessPoint{}
}
