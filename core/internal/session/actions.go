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

	announce = Action{"stateChanged where it differs", func(t *transition) { t.setState(t.m.visibleState()) }}
	roaming  = Action{"stateChanged(Roaming)", func(t *transition) { t.setState(Roaming) }}

	offer = Action{"preferredConfigurationChanged", func(t *transition) {
		t.emit(Effect{Kind: EmitPreferred, ID: t.m.Offer.ID, Seamless: t.ev.Seamless})
	}}
	restrict = Action{"usagePoliciesChanged where they differ", func(t *transition) {
		if t.m.Policies != t.ev.Policies {
			t.m.Policies = t.ev.Policies
			t.emit(Effect{Kind: EmitPolicies, Policies: t.m.Policies})
		}
	}}
)

// What happens to access points.
var (
	resolve  = Action{"take what was chosen", func(t *transition) { t.m.Choice = t.ev.Choice }}
	useNext  = Action{"use the access point", func(t *transition) { t.m.Using = t.ev.Next }}
	hold     = Action{"hold it", func(t *transition) { t.hold(&t.m.Using) }}
	start    = Action{"start it unless it is on its way", func(t *transition) { t.start(t.m.Using) }}
	withdraw = Action{"withdraw the attempt", func(t *transition) { t.withdraw(&t.m.Using) }}
	forget   = Action{"forget the attempt", func(t *transition) { t.forget(&t.m.Using) }}
	giveUp   = Action{"give it up and do not try it again", func(t *transition) { t.giveUp(&t.m.Using) }}

	takeOffer  = Action{"take the other access point as the offer", func(t *transition) { t.m.Offer = t.ev.Next }}
	dropOffer  = Action{"drop the offer", func(t *transition) { t.m.Offer = AccessPoint{} }}
	holdOffer  = Action{"hold the offer", func(t *transition) { t.hold(&t.m.Offer) }}
	startOffer = Action{"start the offer unless it is on its way", func(t *transition) { t.start(t.m.Offer) }}
	failOffer  = Action{"give the offer up and do not make it again", func(t *transition) { t.giveUp(&t.m.Offer) }}
	passOffer  = Action{"drop the offer until it has changed", func(t *transition) {
		t.m.pass(t.m.Offer.ID)
		t.m.Offer = AccessPoint{}
	}}
	renew = Action{"it may be offered again", func(t *transition) { t.m.renew(t.ev.ID) }}

	switchOver = Action{"use the offer, keep the previous access point", func(t *transition) {
		t.m.Previous, t.m.Using, t.m.Offer = t.m.Using, t.m.Offer, AccessPoint{}
	}}
	switchBack = Action{"release the new access point, use the previous one", func(t *transition) {
		t.m.pass(t.m.Using.ID)
		t.leave(&t.m.Using)
		t.m.Using, t.m.Previous = t.m.Previous, AccessPoint{}
	}}
	releasePrevious = Action{"release the previous access point", func(t *transition) { t.leave(&t.m.Previous) }}

	releaseAll = Action{"release every access point", func(t *transition) {
		t.leaveOthers()
		t.leave(&t.m.Using)
	}}
	forgetAll = Action{"forget every access point", func(t *transition) {
		t.leaveOthers()
		t.forget(&t.m.Using)
	}}
	releaseAndWatch = Action{"release every access point, watch the one in use", func(t *transition) {
		t.leaveOthers()
		t.watch(t.withdraw)
	}}
	stopLink = Action{"stop the link and abort every other session on it", func(t *transition) {
		t.leaveOthers()
		t.watch(t.forget)
		t.emit(Effect{Kind: StopLink, ID: t.m.Using.ID})
	}}
	unwatch = Action{"watch the access point no longer", func(t *transition) { t.m.Using = AccessPoint{} }}
)

// The timer.
var (
	arm    = Action{"arm the timer", func(t *transition) { t.emit(Effect{Kind: Arm}) }}
	disarm = Action{"disarm the timer", func(t *transition) { t.emit(Effect{Kind: Disarm}) }}
)

func (t *transition) setState(state State) {
	if t.m.State == state {
		return
	}
	t.m.State = state
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

// leave ends the session's hold on an access point, which may be down already.
func (t *transition) leave(a *AccessPoint) {
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
// has changed. A start that was refused or stopped needs no withdrawal.
func (t *transition) giveUp(a *AccessPoint) {
	t.m.pass(a.ID)
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

// leaveOthers ends the session's hold on access points that it does not use.
func (t *transition) leaveOthers() {
	t.leave(&t.m.Previous)
	t.withdraw(&t.m.Offer)
}

// watch ends the session's hold on the access point in use, which stays in
// Using as the access point that Stopping waits for.
func (t *transition) watch(leave func(*AccessPoint)) {
	target := AccessPoint{ID: t.m.Using.ID, Link: t.m.Using.Link}
	leave(&t.m.Using)
	t.m.Using = target
}

func (t *transition) release(a *AccessPoint) { t.drop(a, Release) }
func (t *transition) forget(a *AccessPoint)  { t.drop(a, Forget) }

func (t *transition) drop(a *AccessPoint, how EffectKind) {
	if a.Held {
		t.emit(Effect{Kind: how, ID: a.ID})
	}
	*a = AccessPoint{}
}
