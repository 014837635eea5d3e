package session

// Row is one line of the machine's table: in a phase of From, an event of On,
// with every condition of If true, does Then in order and leads to To.
type Row struct {
	From []Phase
	On   []Kind
	If   []Condition
	Then []Action
	To   Phase
}

// Same, as a row's To, leaves the phase as it is.
const Same Phase = 0xFF

var (
	every     = []Phase{Idle, Choosing, Opening, Opened, Offered, Migrating, Trying, Stranded, Withdrawing, Stopping}
	shut      = []Phase{Idle, Withdrawing, Stopping}
	ending    = []Phase{Withdrawing, Stopping}
	closable  = []Phase{Idle, Opening, Opened, Offered, Migrating, Trying, Stranded}
	open      = []Phase{Opened, Offered, Migrating, Trying, Stranded}
	connected = []Phase{Opened, Offered, Trying}

	candidateFails = []Kind{Moved, NotStarted, Aborted, Expired}
)

func in(p ...Phase) []Phase           { return p }
func on(k ...Kind) []Kind             { return k }
func when(c ...Condition) []Condition { return c }
func do(a ...Action) []Action         { return a }

// Table is the whole behaviour of a session. The first row that matches counts.
var Table = concat(removal, opening, choosing, closing, stopping, losing, offering, migrating, stranded, leaving, others)

// The configuration is removed: this rule has precedence.
var removal = []Row{
	{open, on(Moved), when(configGone), do(disarm, releaseAll, closed, announce, failGone), Idle},
	{in(Opening), on(Moved), when(configGone), do(disarm, withdraw, announce, failGone), Idle},
	{in(Choosing, Withdrawing, Stopping), on(Moved), when(configGone), do(disarm, unwatch, announce, failGone), Idle},
	{in(Idle), on(Moved), when(configGone), do(announce, failGone), Same},
}

// A session on a service network tries the next access point while there is one;
// the timer keeps running, because it bounds the whole attempt to open.
var opening = []Row{
	{shut, on(Open), when(not(nextAvailable), denied), do(failDenied), Same},
	{shut, on(Open), when(not(nextAvailable)), do(failNotReady), Same},
	{shut, on(Open), when(askable), do(disarm, unwatch, arm, announce, ask), Choosing},
	{shut, on(Open), when(nextUp), do(disarm, resolve, useNext, hold, opened, announce), Opened},
	{shut, on(Open), nil, do(disarm, resolve, useNext, hold, start, arm, announce), Opening},

	{in(Opening), on(Moved), when(usingUp), do(disarm, opened, announce), Opened},
	{in(Opening), on(Moved), when(network, nextUp), do(disarm, withdraw, useNext, hold, opened, announce), Opened},
	{in(Opening), on(Moved), when(not(usingGone)), nil, Same},
	{in(Opening), on(NotStarted), when(not(aboutUsing)), nil, Same},
	{in(Opening), on(NotStarted), when(network, nextUp), do(disarm, giveUp, useNext, hold, opened, announce), Opened},
	{in(Opening), on(Moved, NotStarted), when(network, nextAvailable), do(giveUp, useNext, hold, start), Same},
	{in(Opening), on(Stalled), when(network, nextUp), do(disarm, giveUp, useNext, hold, opened, announce), Opened},
	{in(Opening), on(Stalled), when(network, nextAvailable), do(giveUp, useNext, hold, start), Same},
	{in(Opening), on(Moved), nil, do(disarm, forget, announce, failNotReady), Idle},
	{in(Opening), on(NotStarted), nil, do(disarm, forget, announce, failOfEvent), Idle},
	{in(Opening), on(Expired), when(last), do(releaseAndWatch, arm, announce, failOfEvent), Withdrawing},
	{in(Opening), on(Expired), nil, do(withdraw, announce, failOfEvent), Idle},
	{in(Opening), on(Aborted), when(aboutUsing), do(disarm, forget, announce, failStopped), Idle},
}

// The user is asked what to open, and has as long to answer as an attempt to
// open may take.
var choosing = []Row{
	{in(Choosing), on(Chosen), when(not(nextAvailable)), do(disarm, announce, failNotReady), Idle},
	{in(Choosing), on(Chosen), when(nextUp), do(disarm, resolve, useNext, hold, opened, announce), Opened},
	{in(Choosing), on(Chosen), nil, do(disarm, resolve, useNext, hold, start, arm, announce), Opening},
	{in(Choosing), on(Declined), nil, do(disarm, announce, failDeclined), Idle},
	{in(Choosing), on(Expired), nil, do(announce, failOfEvent), Idle},
	{in(Choosing), on(Close, Stop), nil, do(disarm, announce), Idle},
}

var closing = []Row{
	{in(Opening), on(Close), when(last), do(disarm, releaseAndWatch, arm, announce), Stopping},
	{in(Opening), on(Close), nil, do(disarm, withdraw, announce), Idle},
	{open, on(Close), when(last, not(usingLost)), do(disarm, releaseAndWatch, arm, closed, announce), Stopping},
	{open, on(Close), nil, do(disarm, releaseAll, closed, announce), Idle},

	{ending, on(Moved), when(usingDown), do(disarm, unwatch, announce), Idle},
	{in(Withdrawing), on(Moved), nil, do(announce), Same},
	{ending, on(Stopped), when(aboutUsing), do(disarm, unwatch, announce), Idle},
	{in(Stopping), on(NotStopped), when(aboutUsing), do(disarm, unwatch, announce, failOfEvent), Idle},
	{in(Withdrawing), on(NotStopped), when(aboutUsing), do(disarm, unwatch, announce), Idle},
	{ending, on(Expired), nil, do(unwatch, announce), Idle},
}

var stopping = []Row{
	{in(Idle), on(Stop), when(not(stoppable)), nil, Same},
	{open, on(Stop), when(usingLost), do(disarm, releaseAll, closed, failStopped, announce), Idle},
	{closable, on(Stop), when(denied), do(failDenied), Same},
	{in(Idle), on(Stop), nil, do(useNext, arm, announce, stopLink), Stopping},
	{in(Opening), on(Stop), nil, do(disarm, arm, announce, stopLink), Stopping},
	{open, on(Stop), nil, do(disarm, arm, announce, closed, failStopped, stopLink), Stopping},
	{open, on(Aborted), when(aboutUsing), do(disarm, forgetAll, closed, failStopped, announce), Idle},
}

// The access point in use is lost. A service network moves on if it can.
var losing = []Row{
	{connected, on(Moved), when(usingLost, not(network)), do(releaseAll, closed, failLost, announce), Idle},
	{in(Trying), on(Moved), when(usingLost, previousUp), do(roaming, switchBack, announce, failCandidate), Opened},
	{in(Offered), on(Moved), when(usingLost, not(offerGone)), do(announce, arm), Stranded},
	{connected, on(Moved), when(usingLost, not(nextAvailable)), do(releaseAll, closed, failNoRoam, announce), Idle},
	{connected, on(Moved), when(usingLost, asks), do(releasePrevious, takeOffer, offer, announce, arm), Stranded},
	{connected, on(Moved), when(usingLost, nextUp), do(releasePrevious, takeOffer, holdOffer, roaming, switchOver, releasePrevious, activated, announce), Opened},
	{connected, on(Moved), when(usingLost), do(releasePrevious, takeOffer, holdOffer, startOffer, announce, arm), Migrating},
}

// A better access point becomes available, or unavailable again. If the application
// does not decide, the session moves by itself.
var offering = []Row{
	{in(Offered), on(Moved), when(offerGone), do(dropOffer, announce), Opened},
	{connected, on(Moved), nil, do(announce), Same},
	{in(Offered), on(Preferred), when(nextNone), do(dropOffer), Opened},
	{in(Opened, Offered), on(Preferred), when(nextPassed), nil, Same},
	{in(Offered), on(Preferred), when(nextOffered), nil, Same},
	{in(Opened, Offered), on(Preferred), when(asks, nextAvailable), do(takeOffer, offer), Offered},
	{in(Opened), on(Preferred), when(nextUp), do(takeOffer, holdOffer, roaming, switchOver, activated, releasePrevious, announce), Opened},
	{in(Offered), on(Ignore), nil, do(passOffer), Opened},
}

var migrating = []Row{
	{in(Offered), on(Migrate), when(offerUp), do(holdOffer, roaming, switchOver, activated, announce), Trying},
	{in(Offered), on(Migrate), nil, do(holdOffer, startOffer, announce, arm), Migrating},

	{in(Migrating), on(Moved), when(offerUp, asks), do(disarm, switchOver, activated, announce), Trying},
	{in(Migrating), on(Moved), when(offerUp), do(disarm, switchOver, releasePrevious, activated, announce), Opened},
	{in(Migrating), on(Moved), when(not(offerRemoved)), nil, Same},
	{in(Migrating), on(NotStarted, Aborted), when(not(aboutOffer)), nil, Same},
	{in(Migrating), candidateFails, when(not(usingLost)), do(disarm, failOffer, announce, failCandidate), Opened},
	{in(Migrating), candidateFails, when(not(nextAvailable)), do(disarm, failOffer, releaseAll, closed, failNoRoam, announce), Idle},
	{in(Migrating), candidateFails, when(asks), do(disarm, failOffer, takeOffer, offer, arm), Stranded},
	{in(Migrating), candidateFails, when(nextUp), do(disarm, failOffer, takeOffer, holdOffer, switchOver, releasePrevious, activated, announce), Opened},
	{in(Migrating), candidateFails, nil, do(disarm, failOffer, takeOffer, holdOffer, startOffer, arm), Migrating},

	{in(Trying), on(Accept), nil, do(releasePrevious), Opened},
	{in(Trying), on(Reject), when(previousUp), do(roaming, switchBack, announce), Opened},
	{in(Trying), on(Reject), when(nextAvailable), do(switchBack, takeOffer, offer, announce, arm), Stranded},
	{in(Trying), on(Reject), nil, do(releaseAll, closed, failNoRoam, announce), Idle},
}

// The session has no usable link, and the application has not answered the offer.
var stranded = []Row{
	{in(Stranded), on(Moved), when(usingUp), do(disarm, dropOffer, announce), Opened},
	{in(Stranded), on(Moved), when(not(offerGone)), nil, Same},
	{in(Stranded), on(Moved), when(nextAvailable), do(takeOffer, offer), Same},
	{in(Stranded), on(Migrate), when(offerUp), do(disarm, holdOffer, switchOver, activated, announce), Trying},
	{in(Stranded), on(Migrate), nil, do(disarm, holdOffer, startOffer, arm), Migrating},
	{in(Stranded), on(Ignore), when(nextAvailable), do(disarm, passOffer, takeOffer, offer, arm), Same},
	{in(Stranded), on(Moved, Ignore), nil, do(disarm, releaseAll, closed, failNoRoam, announce), Idle},
	{in(Stranded), on(Expired), nil, do(releaseAll, closed, failSilence, announce), Idle},
}

// The application no longer decides: the machine decides the open offers.
var leaving = []Row{
	{in(Offered), on(Asked), when(not(asks)), do(dropOffer), Opened},
	{in(Trying), on(Asked), when(not(asks)), do(releasePrevious), Opened},
	{in(Stranded), on(Asked), when(not(asks), offerUp), do(disarm, holdOffer, switchOver, releasePrevious, activated, announce), Opened},
	{in(Stranded), on(Asked), when(not(asks)), do(disarm, holdOffer, startOffer, arm), Migrating},
}

var others = []Row{
	{in(Idle), on(Moved), nil, do(announce), Same},
	{every, on(Renewed), nil, do(renew), Same},
	{every, on(Restricted), nil, do(restrict), Same},
	{in(Opening), on(Freed), nil, do(disarm, withdraw), Idle},
	{every, on(Freed), nil, do(disarm, releaseAll), Idle},
}

func concat(parts ...[]Row) []Row {
	var all []Row
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}
