package session

import "strings"

// story is a session on a configuration and what happens to it. Each line says
// what happens and, after the arrow, what the session has done then, in order.
type story struct {
	name   string
	config string // "net" is a service network of all links
	links  string
	lines  string
}

// line splits one line of a story.
func line(l string) (what, want string) {
	parts := strings.SplitN(l, "->", 2)
	if len(parts) == 2 {
		want = strings.TrimSpace(parts[1])
	}
	return strings.TrimSpace(parts[0]), want
}

// The stories of sessions on one access point.
var stories = []story{
	{"open, the configuration is Active", "eth", "eth up", `
		open -> hold eth, opened`},
	{"open, the configuration is Discovered", "eth", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		eth starting
		eth up -> disarm, opened, stateChanged(Connected)`},
	{"open, another process is bringing it up", "eth", "eth starting", `
		open -> hold eth, arm
		eth up -> disarm, opened, stateChanged(Connected)`},
	{"open, out of reach", "eth", "eth unavailable", `
		open -> error(InvalidConfigurationError)
		open -> error(InvalidConfigurationError)`},
	{"open, it would have to be set up, which this process may not", "eth", "eth unavailable", `
		denied Only root may.
		open -> error(OperationNotSupportedError)`},
	{"open, an access point has no other to go on to", "eth", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		stalled
		eth up -> disarm, opened, stateChanged(Connected)`},
	{"open, no such configuration", "eth", "", `
		open -> error(InvalidConfigurationError)`},
	{"open, no configuration at all", "", "", `
		open -> error(InvalidConfigurationError)`},
	{"open, refused", "eth", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		refused wlan: Another one.
		refused eth: Not for you. -> disarm, forget eth, stateChanged(Disconnected), error(OperationNotSupportedError)
		open -> hold eth, start eth, arm, stateChanged(Connecting)`},
	{"open, refused after the link went out of reach", "eth", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		eth unavailable
		refused eth: No carrier. -> disarm, forget eth, stateChanged(NotAvailable), error(OperationNotSupportedError)`},
	{"open, too slow", "eth", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		expired -> release eth, arm, stateChanged(Disconnected), error(UnknownSessionError)
		stopped wlan
		kept wlan: Another one.
		stopped eth -> disarm`},
	{"open, too slow, and still on its way", "eth", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		eth starting
		expired -> release eth, arm, stateChanged(Disconnected), error(UnknownSessionError)
		eth stopping
		eth down -> disarm`},
	{"open, too slow, and the system does not give it up", "eth", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		eth starting
		expired -> release eth, arm, stateChanged(Disconnected), error(UnknownSessionError)
		kept eth: No. -> disarm, stateChanged(Connecting)`},
	{"open, too slow, without an answer", "eth", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		expired -> release eth, arm, stateChanged(Disconnected), error(UnknownSessionError)
		close
		stop
		expired`},
	{"open, too slow, and up all the same", "eth", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		expired -> release eth, arm, stateChanged(Disconnected), error(UnknownSessionError)
		eth up -> stateChanged(Connected)
		eth stopping -> stateChanged(Disconnected)
		eth unavailable -> disarm, stateChanged(NotAvailable)`},
	{"open, too slow, open again", "eth", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		eth starting
		expired -> release eth, arm, stateChanged(Disconnected), error(UnknownSessionError)
		open -> disarm, hold eth, arm, stateChanged(Connecting)`},
	{"open, too slow, others wait for it too", "eth", "eth down", `
		others eth
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		eth starting
		expired -> release eth, error(UnknownSessionError)`},
	{"open, too slow, removed meanwhile", "eth", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		expired -> release eth, arm, stateChanged(Disconnected), error(UnknownSessionError)
		eth gone -> disarm, stateChanged(Invalid), error(InvalidConfigurationError)`},
	{"open twice, close twice, stop what is down: nothing", "eth", "eth down", `
		stop
		close
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		open
		eth up -> disarm, opened, stateChanged(Connected)
		open
		close -> release eth, arm, closed, stateChanged(Closing)
		close
		stop
		eth down -> disarm, stateChanged(Disconnected)
		close
		stop`},
	{"roaming calls on an access point: nothing", "eth", "eth up", `
		asks
		migrate
		open -> hold eth, opened
		migrate
		accept
		reject
		ignore
		decides`},
	{"close while Connecting", "eth", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		eth starting
		close -> disarm, release eth, arm, stateChanged(Closing)
		eth stopping
		eth down -> disarm, stateChanged(Disconnected)`},
	{"close while Connecting, another session waits for it too", "eth", "eth down", `
		others eth
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		close -> disarm, release eth, stateChanged(Disconnected)
		eth starting -> stateChanged(Connecting)`},
	{"stop while Connecting", "eth", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		eth starting
		stop -> disarm, arm, stateChanged(Closing), forget eth, stop eth
		eth down -> disarm, stateChanged(Disconnected)`},
	{"aborted while Connecting", "eth", "eth starting", `
		open -> hold eth, arm
		aborted wlan
		aborted eth -> disarm, forget eth, error(SessionAbortedError)
		eth down -> stateChanged(Disconnected)`},
	{"close, the system had it up", "eth", "eth up", `
		open -> hold eth, opened
		close -> release eth, closed`},
	{"close, others hold it", "eth", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		eth up -> disarm, opened, stateChanged(Connected)
		others eth
		close -> release eth, closed`},
	{"close, the last holder of what a session started", "eth", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		eth up -> disarm, opened, stateChanged(Connected)
		close -> release eth, arm, closed, stateChanged(Closing)
		eth stopping
		eth down -> disarm, stateChanged(Disconnected)`},
	{"close, the link stays up all the same", "eth", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		eth up -> disarm, opened, stateChanged(Connected)
		close -> release eth, arm, closed, stateChanged(Closing)
		stopped wlan
		stopped eth -> disarm, stateChanged(Connected)`},
	{"close, the system refuses", "eth", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		eth up -> disarm, opened, stateChanged(Connected)
		close -> release eth, arm, closed, stateChanged(Closing)
		kept wlan: Another one.
		kept eth: Not for you. -> disarm, stateChanged(Connected), error(OperationNotSupportedError)`},
	{"close, without an answer", "eth", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		eth up -> disarm, opened, stateChanged(Connected)
		close -> release eth, arm, closed, stateChanged(Closing)
		expired -> stateChanged(Connected)`},
	{"open again while Closing", "eth", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		eth up -> disarm, opened, stateChanged(Connected)
		close -> release eth, arm, closed, stateChanged(Closing)
		eth stopping
		open -> disarm, hold eth, start eth, arm, stateChanged(Connecting)
		eth down
		eth up -> disarm, opened, stateChanged(Connected)`},
	{"open while Closing, out of reach by now", "eth", "eth up", `
		open -> hold eth, opened
		stop -> arm, stateChanged(Closing), closed, error(SessionAbortedError), forget eth, stop eth
		eth unavailable -> disarm, stateChanged(NotAvailable)
		open -> error(InvalidConfigurationError)`},
	{"stop, the session open", "eth", "eth up", `
		open -> hold eth, opened
		stop -> arm, stateChanged(Closing), closed, error(SessionAbortedError), forget eth, stop eth
		eth down -> disarm, stateChanged(Disconnected)`},
	{"stop, the session not open", "eth", "eth up", `
		stop -> arm, stateChanged(Closing), stop eth
		eth stopping
		eth down -> disarm, stateChanged(Disconnected)`},
	{"stop, not permitted", "eth", "eth up", `
		denied Only root may.
		stop -> error(OperationNotSupportedError)
		open -> hold eth, opened
		stop -> error(OperationNotSupportedError)`},
	{"stop by another session", "eth", "eth up", `
		aborted eth
		open -> hold eth, opened
		aborted wlan
		aborted eth -> forget eth, closed, error(SessionAbortedError)
		eth down -> stateChanged(Disconnected)`},
	{"link lost while open, can be opened again", "eth", "eth up", `
		open -> hold eth, opened
		eth down -> lose eth, closed, error(SessionAbortedError), stateChanged(Disconnected)`},
	{"link lost while open, out of reach", "eth", "eth up", `
		open -> hold eth, opened
		eth unavailable -> lose eth, closed, error(SessionAbortedError), stateChanged(NotAvailable)`},
	{"link lost while open, already on its way back", "eth", "eth up", `
		open -> hold eth, opened
		eth starting -> release eth, closed, error(SessionAbortedError), stateChanged(Connecting)`},
	{"link taken down slowly, or not after all", "eth", "eth up", `
		open -> hold eth, opened
		eth stopping -> stateChanged(Closing)
		eth up -> stateChanged(Connected)
		eth stopping -> stateChanged(Closing)
		eth down -> lose eth, closed, error(SessionAbortedError), stateChanged(Disconnected)`},
	{"configuration removed while open", "eth", "eth up", `
		open -> hold eth, opened
		eth gone -> forget eth, closed, stateChanged(Invalid), error(InvalidConfigurationError)`},
	{"configuration removed while Connecting", "eth", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		eth gone -> disarm, forget eth, stateChanged(Invalid), error(InvalidConfigurationError)`},
	{"configuration removed while Closing", "eth", "eth up", `
		stop -> arm, stateChanged(Closing), stop eth
		eth gone -> disarm, stateChanged(Invalid), error(InvalidConfigurationError)`},
	{"configuration removed, and back", "eth", "eth down", `
		eth gone -> stateChanged(Invalid), error(InvalidConfigurationError)
		eth down -> stateChanged(Disconnected)
		open -> hold eth, start eth, arm, stateChanged(Connecting)`},
	{"not open: the state follows the link", "eth", "eth unavailable", `
		eth down -> stateChanged(Disconnected)
		eth starting -> stateChanged(Connecting)
		eth up -> stateChanged(Connected)
		eth stopping -> stateChanged(Closing)
		eth down -> stateChanged(Disconnected)
		eth unavailable -> stateChanged(NotAvailable)`},
	{"policies", "eth", "eth up", `
		metered -> policies(1)
		metered
		free -> policies(0)`},
	{"freed, open", "eth", "eth up", `
		open -> hold eth, opened
		freed -> release eth`},
	{"freed, Connecting", "eth", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		freed -> disarm, release eth`},
	{"freed, Closing", "eth", "eth up", `
		stop -> arm, stateChanged(Closing), stop eth
		freed -> disarm`},
}

// The stories of sessions on a service network.
var roamingStories = []story{
	{"open takes the best one", "net", "eth down, wlan up", `
		open -> hold wlan, opened
		close -> release wlan, closed`},
	{"open, nothing in reach", "net", "eth unavailable", `
		open -> error(InvalidConfigurationError)`},
	{"open, the first one is refused", "net", "eth down, wlan down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		refused eth: No. -> forget eth, hold wlan, start wlan
		refused eth: Late.
		wlan up -> disarm, opened, stateChanged(Connected)`},
	{"open, the first one gets no address", "net", "eth down, wlan down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		eth starting
		stalled -> release eth, hold wlan, start wlan
		renewed eth
		eth up -> disarm, release wlan, hold eth, opened, stateChanged(Connected)`},
	{"open, none gets an address", "net", "eth down, wlan down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		stalled -> release eth, hold wlan, start wlan
		stalled
		expired -> release wlan, arm, stateChanged(Disconnected), error(UnknownSessionError)`},
	{"open, what leads nowhere is better than nothing", "net", "eth down, wlan down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		local wlan
		wlan up
		stalled -> disarm, release eth, hold wlan, opened, stateChanged(Connected)`},
	{"open, all are refused", "net", "eth down, wlan down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		refused eth: No. -> forget eth, hold wlan, start wlan
		refused wlan: No. -> disarm, forget wlan, stateChanged(Disconnected), error(OperationNotSupportedError)
		open -> hold eth, start eth, arm, stateChanged(Connecting)`},
	{"open, the first one is removed", "net", "eth down, wlan down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		eth gone -> forget eth, hold wlan, start wlan`},
	{"open, the only one is removed", "net", "eth down, wlan unavailable", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		eth gone -> disarm, forget eth, stateChanged(NotAvailable), error(InvalidConfigurationError)`},
	{"open, another one is up first", "net", "eth down, wlan down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		wlan up -> disarm, release eth, hold wlan, opened, stateChanged(Connected)`},
	{"open again while the only one goes down", "net", "eth down", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		eth up -> disarm, opened, stateChanged(Connected)
		close -> release eth, arm, closed, stateChanged(Closing)
		eth stopping
		open -> disarm, hold eth, start eth, arm, stateChanged(Connecting)`},
	{"open again while one goes down and another is up", "net", "eth down, wlan unavailable", `
		open -> hold eth, start eth, arm, stateChanged(Connecting)
		eth up -> disarm, opened, stateChanged(Connected)
		close -> release eth, arm, closed, stateChanged(Closing)
		eth stopping
		wlan up
		open -> disarm, hold wlan, opened, stateChanged(Connected)`},
	{"stop, not open: the best one", "net", "eth down, wlan up", `
		stop -> arm, stateChanged(Closing), stop wlan
		wlan down -> disarm, stateChanged(Disconnected)`},
	{"stop while lost and looking for another: there is nothing to stop", "net", "eth up, wlan down", `
		denied Only root may.
		open -> hold eth, opened
		eth down -> hold wlan, start wlan, stateChanged(Roaming), arm
		stop -> disarm, release wlan, lose eth, closed, error(SessionAbortedError), stateChanged(Disconnected)`},

	{"better one, the application decides: migrate, accept", "net", "eth unavailable, wlan up", `
		asks
		open -> hold wlan, opened
		eth up
		prefer eth -> preferred(eth)
		prefer eth
		migrate -> hold eth, stateChanged(Roaming), activated, stateChanged(Connected)
		migrate
		ignore
		accept -> release wlan
		accept
		reject`},
	{"better one, the application decides: migrate, reject", "net", "eth unavailable, wlan up", `
		asks
		open -> hold wlan, opened
		eth up
		prefer eth -> preferred(eth)
		migrate -> hold eth, stateChanged(Roaming), activated, stateChanged(Connected)
		reject -> stateChanged(Roaming), release eth, stateChanged(Connected)
		prefer eth
		renewed eth
		prefer eth -> preferred(eth)`},
	{"ignored ones are not offered again until they change", "net", "eth up, lte up, wlan up", `
		asks
		open -> hold eth, opened
		prefer lte -> preferred(lte)
		ignore
		prefer wlan -> preferred(wlan)
		ignore
		prefer lte
		prefer wlan
		renewed lte
		prefer wlan
		prefer lte -> preferred(lte)`},
	{"a better offer replaces one, and both go", "net", "eth up, lte up, wlan up", `
		asks
		open -> hold eth, opened
		prefer lte -> preferred(lte)
		prefer wlan -> preferred(wlan)
		prefer nothing
		migrate`},
	{"the offer goes out of reach", "net", "eth up, wlan up", `
		asks
		open -> hold eth, opened
		prefer wlan -> preferred(wlan)
		wlan unavailable
		migrate`},
	{"migrate to an access point that is down by now", "net", "eth up, wlan up", `
		asks
		open -> hold eth, opened
		prefer wlan -> preferred(wlan)
		wlan down
		migrate -> hold wlan, start wlan, stateChanged(Roaming), arm
		refused eth: Another one.
		wlan starting
		wlan up -> disarm, activated, stateChanged(Connected)
		accept -> release eth`},
	{"migrate, the application does not decide any more", "net", "eth up, wlan up", `
		asks
		open -> hold eth, opened
		prefer wlan -> preferred(wlan)
		wlan down
		migrate -> hold wlan, start wlan, stateChanged(Roaming), arm
		decides
		wlan up -> disarm, release eth, activated, stateChanged(Connected)`},
	{"migrate, the candidate fails", "net", "eth up, wlan up", `
		asks
		open -> hold eth, opened
		prefer wlan -> preferred(wlan)
		wlan down
		migrate -> hold wlan, start wlan, stateChanged(Roaming), arm
		refused wlan: No. -> disarm, forget wlan, stateChanged(Connected), error(RoamingError)
		prefer wlan`},
	{"migrate, the candidate is too slow", "net", "eth up, wlan up", `
		asks
		open -> hold eth, opened
		prefer wlan -> preferred(wlan)
		wlan down
		migrate -> hold wlan, start wlan, stateChanged(Roaming), arm
		expired -> release wlan, stateChanged(Connected), error(RoamingError)`},
	{"migrate, the candidate is removed", "net", "eth up, wlan up", `
		asks
		open -> hold eth, opened
		prefer wlan -> preferred(wlan)
		wlan down
		migrate -> hold wlan, start wlan, stateChanged(Roaming), arm
		wlan gone -> disarm, forget wlan, stateChanged(Connected), error(RoamingError)`},
	{"migrate, the candidate is stopped", "net", "eth up, wlan up", `
		asks
		open -> hold eth, opened
		prefer wlan -> preferred(wlan)
		wlan down
		migrate -> hold wlan, start wlan, stateChanged(Roaming), arm
		aborted lte
		aborted wlan -> disarm, forget wlan, stateChanged(Connected), error(RoamingError)`},
	{"migrate, the old one is lost, the candidate fails, no other", "net", "eth up, wlan up", `
		asks
		open -> hold eth, opened
		prefer wlan -> preferred(wlan)
		wlan down
		migrate -> hold wlan, start wlan, stateChanged(Roaming), arm
		eth unavailable
		refused wlan: No. -> disarm, forget wlan, lose eth, closed, error(RoamingError), stateChanged(Disconnected)`},
	{"migrate, the old one is lost, the candidate fails, another is asked for", "net", "eth up, lte down, wlan up", `
		asks
		open -> hold eth, opened
		prefer wlan -> preferred(wlan)
		wlan down
		migrate -> hold wlan, start wlan, stateChanged(Roaming), arm
		eth unavailable
		refused wlan: No. -> disarm, forget wlan, preferred(lte), arm
		migrate -> disarm, hold lte, start lte, arm
		lte up -> disarm, activated, stateChanged(Connected)
		accept -> lose eth`},
	{"trying, the new one is lost, the old one is still up", "net", "eth up, wlan up", `
		asks
		open -> hold eth, opened
		prefer wlan -> preferred(wlan)
		migrate -> hold wlan, stateChanged(Roaming), activated, stateChanged(Connected)
		wlan down -> stateChanged(Roaming), lose wlan, stateChanged(Connected), error(RoamingError)`},
	{"trying, the old one is lost, reject, no other", "net", "eth up, wlan up", `
		asks
		open -> hold eth, opened
		prefer wlan -> preferred(wlan)
		migrate -> hold wlan, stateChanged(Roaming), activated, stateChanged(Connected)
		eth unavailable
		reject -> lose eth, release wlan, closed, error(RoamingError)`},
	{"trying, the old one is lost, reject, another is asked for", "net", "eth up, lte down, wlan up", `
		asks
		open -> hold eth, opened
		prefer wlan -> preferred(wlan)
		migrate -> hold wlan, stateChanged(Roaming), activated, stateChanged(Connected)
		eth unavailable
		reject -> release wlan, preferred(lte), stateChanged(Roaming), arm
		ignore -> disarm, lose eth, closed, error(RoamingError), stateChanged(Connected)`},
	{"trying, the old one is down, reject: it is not offered as another one", "net", "eth up, wlan up", `
		asks
		open -> hold eth, opened
		prefer wlan -> preferred(wlan)
		migrate -> hold wlan, stateChanged(Roaming), activated, stateChanged(Connected)
		eth down
		reject -> lose eth, release wlan, closed, error(RoamingError)`},
	{"trying, both are lost", "net", "eth up, lte down, wlan up", `
		asks
		open -> hold eth, opened
		prefer wlan -> preferred(wlan)
		migrate -> hold wlan, stateChanged(Roaming), activated, stateChanged(Connected)
		eth unavailable
		wlan unavailable -> lose eth, preferred(lte), stateChanged(Roaming), arm`},
	{"trying, stopped", "net", "eth up, wlan up", `
		asks
		open -> hold eth, opened
		prefer wlan -> preferred(wlan)
		migrate -> hold wlan, stateChanged(Roaming), activated, stateChanged(Connected)
		stop -> arm, stateChanged(Closing), closed, error(SessionAbortedError), release eth, forget wlan, stop wlan
		wlan down -> disarm, stateChanged(Connected)`},
	{"trying, the application does not decide any more", "net", "eth up, wlan up", `
		asks
		open -> hold eth, opened
		prefer wlan -> preferred(wlan)
		migrate -> hold wlan, stateChanged(Roaming), activated, stateChanged(Connected)
		decides -> release eth`},
	{"offered, the application does not decide any more", "net", "eth up, wlan up", `
		asks
		open -> hold eth, opened
		prefer wlan -> preferred(wlan)
		decides
		prefer wlan -> hold wlan, stateChanged(Roaming), activated, release eth, stateChanged(Connected)`},

	{"old one lost, the application decides: no candidate", "net", "eth up", `
		asks
		open -> hold eth, opened
		eth unavailable -> lose eth, closed, error(RoamingError), stateChanged(NotAvailable)`},
	{"old one lost, the application decides: unanswered", "net", "eth up, wlan down", `
		asks
		open -> hold eth, opened
		eth unavailable -> preferred(wlan), stateChanged(Roaming), arm
		expired -> lose eth, closed, error(RoamingError), stateChanged(Disconnected)`},
	{"old one lost, the application decides: migrate", "net", "eth up, wlan down", `
		asks
		open -> hold eth, opened
		eth unavailable -> preferred(wlan), stateChanged(Roaming), arm
		migrate -> disarm, hold wlan, start wlan, arm
		wlan up -> disarm, activated, stateChanged(Connected)
		accept -> lose eth`},
	{"old one lost, the candidate is up", "net", "eth up, wlan up", `
		asks
		open -> hold eth, opened
		eth unavailable -> preferred(wlan), stateChanged(Roaming), arm
		migrate -> disarm, hold wlan, activated, stateChanged(Connected)`},
	{"old one lost while an offer stands", "net", "eth up, wlan up", `
		asks
		open -> hold eth, opened
		prefer wlan -> preferred(wlan)
		eth unavailable -> stateChanged(Roaming), arm
		wlan starting
		migrate -> disarm, hold wlan, arm`},
	{"old one lost and back", "net", "eth up, wlan down", `
		asks
		open -> hold eth, opened
		eth unavailable -> preferred(wlan), stateChanged(Roaming), arm
		eth up -> disarm, stateChanged(Connected)`},
	{"old one lost, offers are ignored until none is left", "net", "eth up, lte down, wlan down", `
		asks
		open -> hold eth, opened
		eth unavailable -> preferred(lte), stateChanged(Roaming), arm
		ignore -> disarm, preferred(wlan), arm
		ignore -> disarm, lose eth, closed, error(RoamingError), stateChanged(Disconnected)`},
	{"old one lost, the offer goes, another comes", "net", "eth up, lte down, wlan down", `
		asks
		open -> hold eth, opened
		eth unavailable -> preferred(lte), stateChanged(Roaming), arm
		lte unavailable -> preferred(wlan)
		wlan unavailable -> disarm, lose eth, closed, error(RoamingError), stateChanged(NotAvailable)`},
	{"old one lost, close", "net", "eth up, wlan down", `
		asks
		open -> hold eth, opened
		eth unavailable -> preferred(wlan), stateChanged(Roaming), arm
		close -> disarm, lose eth, closed, stateChanged(Disconnected)`},
	{"old one lost, the application does not decide any more", "net", "eth up, wlan down", `
		asks
		open -> hold eth, opened
		eth unavailable -> preferred(wlan), stateChanged(Roaming), arm
		decides -> disarm, hold wlan, start wlan, arm
		wlan up -> disarm, lose eth, activated, stateChanged(Connected)`},
	{"old one lost, the offer is up, the application does not decide any more", "net", "eth up, wlan up", `
		asks
		open -> hold eth, opened
		eth unavailable -> preferred(wlan), stateChanged(Roaming), arm
		decides -> disarm, hold wlan, lose eth, activated, stateChanged(Connected)`},

	{"forced: better one", "net", "eth up, wlan up", `
		open -> hold eth, opened
		prefer wlan -> hold wlan, stateChanged(Roaming), activated, release eth, stateChanged(Connected)`},
	{"forced: old one lost, another is up", "net", "eth up, wlan up", `
		open -> hold eth, opened
		eth unavailable -> hold wlan, stateChanged(Roaming), lose eth, activated, stateChanged(Connected)`},
	{"forced: old one lost, another is brought up", "net", "eth up, wlan down", `
		open -> hold eth, opened
		eth unavailable -> hold wlan, start wlan, stateChanged(Roaming), arm
		wlan starting
		wlan up -> disarm, lose eth, activated, stateChanged(Connected)
		close -> release wlan, arm, closed, stateChanged(Closing)`},
	{"forced: old one lost, no other", "net", "eth up, wlan unavailable", `
		open -> hold eth, opened
		eth down -> lose eth, closed, error(RoamingError), stateChanged(Disconnected)`},
	{"forced: old one removed, another is up", "net", "eth up, wlan up", `
		open -> hold eth, opened
		eth gone -> hold wlan, stateChanged(Roaming), forget eth, activated, stateChanged(Connected)`},
	{"forced: candidates fail one after another, each once", "net", "eth up, lte down, wlan down", `
		open -> hold eth, opened
		eth unavailable -> hold lte, start lte, stateChanged(Roaming), arm
		refused lte: No. -> disarm, forget lte, hold wlan, start wlan, arm
		expired -> release wlan, lose eth, closed, error(RoamingError), stateChanged(Disconnected)`},
	{"forced: the candidate fails, another came up meanwhile", "net", "eth up, lte down, wlan down", `
		open -> hold eth, opened
		eth unavailable -> hold lte, start lte, stateChanged(Roaming), arm
		wlan up
		refused lte: No. -> disarm, forget lte, hold wlan, lose eth, activated, stateChanged(Connected)`},
	{"forced: the candidate fails, the old one is back", "net", "eth up, wlan down", `
		open -> hold eth, opened
		eth unavailable -> hold wlan, start wlan, stateChanged(Roaming), arm
		eth up
		refused wlan: No. -> disarm, forget wlan, stateChanged(Connected), error(RoamingError)`},
	{"freed while migrating", "net", "eth up, wlan down", `
		open -> hold eth, opened
		eth unavailable -> hold wlan, start wlan, stateChanged(Roaming), arm
		freed -> disarm, release wlan, lose eth`},
}

// The stories of sessions on the user choice.
var choosingStories = []story{
	{"asked: an access point that is up", "choice", "eth up, wlan up", `
		chooser
		open -> arm, stateChanged(Connecting), choose
		open
		eth unavailable
		choose wlan -> disarm, hold wlan, opened, stateChanged(Connected)
		choose eth
		eth up
		close -> release wlan, closed`},
	{"asked: an access point that has to be started", "choice", "eth down, wlan down", `
		chooser
		open -> arm, stateChanged(Connecting), choose
		choose wlan -> disarm, hold wlan, start wlan, arm
		wlan up -> disarm, opened, stateChanged(Connected)
		wlan down -> lose wlan, closed, error(SessionAbortedError), stateChanged(Disconnected)`},
	{"asked: an access point that refuses; no other is tried", "choice", "eth down, wlan down", `
		chooser
		open -> arm, stateChanged(Connecting), choose
		choose wlan -> disarm, hold wlan, start wlan, arm
		refused wlan: No. -> disarm, forget wlan, stateChanged(Disconnected), error(OperationNotSupportedError)
		open -> arm, stateChanged(Connecting), choose`},
	{"asked: a service network, on which the session roams", "choice", "eth down, wlan down", `
		chooser
		open -> arm, stateChanged(Connecting), choose
		choose net -> disarm, hold eth, start eth, arm
		refused eth: No. -> forget eth, hold wlan, start wlan
		wlan up -> disarm, opened, stateChanged(Connected)
		eth up
		prefer eth
		renewed eth
		prefer eth -> hold eth, stateChanged(Roaming), activated, release wlan, stateChanged(Connected)`},
	{"asked: a service network that is removed while open", "choice", "eth up", `
		chooser
		open -> arm, stateChanged(Connecting), choose
		choose net -> disarm, hold eth, opened, stateChanged(Connected)
		undefined -> release eth, closed, error(InvalidConfigurationError)`},
	{"asked: an access point that is removed while open", "choice", "eth up, wlan down", `
		chooser
		open -> arm, stateChanged(Connecting), choose
		choose eth -> disarm, hold eth, opened, stateChanged(Connected)
		eth gone -> forget eth, closed, stateChanged(Disconnected), error(InvalidConfigurationError)`},
	{"asked: an access point that is removed while opening", "choice", "eth up, wlan down", `
		chooser
		open -> arm, stateChanged(Connecting), choose
		choose wlan -> disarm, hold wlan, start wlan, arm
		wlan gone -> disarm, forget wlan, stateChanged(Connected), error(InvalidConfigurationError)`},
	{"asked: refused by the user", "choice", "eth down", `
		chooser
		open -> arm, stateChanged(Connecting), choose
		declined -> disarm, stateChanged(Disconnected), error(SessionAbortedError)
		declined
		choose eth`},
	{"asked: no answer", "choice", "eth up", `
		chooser
		open -> arm, stateChanged(Connecting), choose
		expired -> stateChanged(Connected), error(UnknownSessionError)`},
	{"asked: closed, stopped, freed before an answer", "choice", "eth down", `
		chooser
		open -> arm, stateChanged(Connecting), choose
		close -> disarm, stateChanged(Disconnected)
		open -> arm, stateChanged(Connecting), choose
		denied Only root may.
		stop -> disarm, stateChanged(Disconnected)
		open -> arm, stateChanged(Connecting), choose
		freed -> disarm`},
	{"asked, but the application cannot ask the user: the best one", "choice", "eth down, wlan up", `
		chooser
		open -> arm, stateChanged(Connecting), choose
		cancelled -> disarm, hold wlan, opened, stateChanged(Connected)`},
	{"asked, but the application cannot ask the user, and nothing is left", "choice", "eth down", `
		chooser
		open -> arm, stateChanged(Connecting), choose
		eth unavailable
		cancelled -> disarm, stateChanged(NotAvailable), error(InvalidConfigurationError)`},
	{"asked while what was closed before still goes down", "choice", "eth down", `
		chooser
		open -> arm, stateChanged(Connecting), choose
		choose eth -> disarm, hold eth, start eth, arm
		eth up -> disarm, opened, stateChanged(Connected)
		close -> release eth, arm, closed, stateChanged(Closing)
		open -> disarm, arm, stateChanged(Connecting), choose
		eth down
		choose eth -> disarm, hold eth, start eth, arm`},
	{"without a user to ask: the best one, and it does not roam", "choice", "eth up, wlan up", `
		open -> hold eth, opened
		eth unavailable -> lose eth, closed, error(SessionAbortedError)
		open -> hold wlan, opened`},
	{"nothing to choose from", "choice", "eth unavailable", `
		chooser
		open -> error(InvalidConfigurationError)
		nobody
		open -> error(InvalidConfigurationError)`},
	{"stop, not open: the best one", "choice", "eth up", `
		stop -> arm, stateChanged(Closing), stop eth
		eth down -> disarm, stateChanged(Disconnected)`},
}
