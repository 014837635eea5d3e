package netsession

import (
	"time"

	"github.com/netsession/netsession/core/internal/session"
)

// SessionState is the state of a session. The numbers are equal to
// QNetworkSession::State.
type SessionState uint8

const (
	// SessionInvalid: the configuration does not exist.
	SessionInvalid SessionState = 0
	// SessionNotAvailable: the configuration cannot be opened now.
	SessionNotAvailable SessionState = 1
	// SessionConnecting: the link is on its way up.
	SessionConnecting SessionState = 2
	// SessionConnected: the link is up.
	SessionConnected SessionState = 3
	// SessionClosing: the link is on its way down.
	SessionClosing SessionState = 4
	// SessionDisconnected: the link is down, and can be opened.
	SessionDisconnected SessionState = 5
	// SessionRoaming: the session moves from one access point to another.
	SessionRoaming SessionState = 6
)

// String returns the name of the state, such as "Connected".
func (s SessionState) String() string { return session.State(s).String() }

// UsagePolicies is a set of restrictions on how an application should use a session.
// The zero value has none.
type UsagePolicies uint8

// NoBackgroundTraffic asks the application for only the traffic that the user started,
// because the link costs by volume.
const NoBackgroundTraffic UsagePolicies = 1

// Keys of the session properties that the library knows. Every other key stores a text
// for the application.
const (
	// PropertyActiveConfiguration is the identifier of the access point in use,
	// empty unless the session is open; read-only.
	PropertyActiveConfiguration = "ActiveConfiguration"
	// PropertyUserChoiceConfiguration is the identifier of what the user chose,
	// empty unless a session on the user choice is open; read-only.
	PropertyUserChoiceConfiguration = "UserChoiceConfiguration"
	// PropertyConnectInBackground is "true" if the user must not be asked.
	PropertyConnectInBackground = "ConnectInBackground"
	// PropertyAutoCloseSessionTimeout is the number of milliseconds after which an open
	// session closes by itself, once; "-1", the default, is never.
	PropertyAutoCloseSessionTimeout = "AutoCloseSessionTimeout"
)

// Counters are how many bytes crossed a link since its creation.
type Counters struct{ Received, Written uint64 }

// SessionSnapshot is everything about a session at one moment.
type SessionSnapshot struct {
	State    SessionState
	IsOpen   bool          // true between Opened and Closed
	Err      *SessionError // the last error; nil if the session never failed
	Policies UsagePolicies
	// ActiveConfiguration is the identifier of the access point in use, and
	// UserChoiceConfiguration the identifier of what the user chose; empty unless open.
	ActiveConfiguration     string
	UserChoiceConfiguration string
	// Interface and InterfaceIndex identify the link in use, such as "eth0"; empty
	// and 0 unless SessionConnected.
	Interface      string
	InterfaceIndex int
	// ActiveSince is when the configuration became StateActive, or was first seen
	// so; the zero time while it is not.
	ActiveSince time.Time
}
