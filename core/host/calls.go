package host

import (
	"time"

	netsession "github.com/netsession/netsession/core"
)

// The methods of this file pass calls of the host on to the engine's session. Methods
// with a counterpart in package netsession behave alike.

// Open registers the use of the configuration, and brings its link up if it is down.
// SessionOpened or SessionErrorOccurred follows.
func (s *Session) Open() { s.session.Open() }

// Close ends the use that Open registered; SessionClosed follows.
func (s *Session) Close() { s.session.Close() }

// Stop takes the link down, even if other sessions or processes use it. The session itself
// need not be open.
func (s *Session) Stop() { s.session.Stop() }

// Migrate moves to the access point that SessionPreferredConfigurationChanged offered. The
// access point in use stays up until Accept.
func (s *Session) Migrate() { s.session.Migrate() }

// Ignore declines the access point that SessionPreferredConfigurationChanged offered.
func (s *Session) Ignore() { s.session.Ignore() }

// Accept ends a move that Migrate began: the session stays on the new access point, and
// releases the previous one.
func (s *Session) Accept() { s.session.Accept() }

// Reject undoes a move that Migrate began: the session returns to the previous access
// point, and releases the new one.
func (s *Session) Reject() { s.session.Reject() }

// Free ends the session, and releases what it held. The listener's Freed follows.
// Further calls of any method do nothing.
func (s *Session) Free() { s.session.Free() }

// SetApplicationRoaming sets who decides about roaming: the application, by its answer to
// each SessionPreferredConfigurationChanged, or the library, which is the default.
func (s *Session) SetApplicationRoaming(applicationDecides bool) {
	s.session.SetApplicationRoaming(applicationDecides)
}

// IsOpening waits until the loop has carried out the calls before it, and reports whether
// an open is under way then.
func (s *Session) IsOpening() bool { return s.session.IsOpening() }

// WaitForOpened waits until an open that is under way is over, and reports whether the
// session is open then. A negative timeout waits without bound.
func (s *Session) WaitForOpened(timeout time.Duration) bool { return s.session.WaitForOpened(timeout) }

// Question returns the number of the question that the session asks now; 0 without one.
func (s *Session) Question() uint64 { return s.session.Question() }

// Candidates calls f for everything that can answer a question: access points, best
// first, then service networks. It reports false, and calls nothing, when the question is
// over. The engine is locked while f runs.
func (s *Session) Candidates(question uint64, f func(Entry)) (asked bool) {
	return s.session.Candidates(question, entryFunc(f))
}

// Choose answers the session's question with the identifier of an access point or of a
// service network. It waits for the loop. The errors are netsession.ErrNotAsked,
// netsession.ErrAnswered and netsession.ErrNoCandidate.
func (s *Session) Choose(id string) error { return s.session.Choose(id) }

// Decline answers the session's question: the user wants nothing opened. It waits for the
// loop, and fails as Choose does.
func (s *Session) Decline() error { return s.session.Decline() }

// CancelQuestion reports that the user could not be asked: the session opens the
// best-ranked configuration.
func (s *Session) CancelQuestion(question uint64) { s.session.CancelQuestion(question) }

// Counters returns how many bytes crossed the session's link since the link's
// creation; 0 unless netsession.SessionConnected.
func (s *Session) Counters() netsession.Counters { return netsession.Counters(s.session.Counters()) }

// Property returns the value of a property, and false if the session has none. The keys
// that the library knows are constants, such as netsession.PropertyConnectInBackground.
func (s *Session) Property(key string) (string, bool) { return s.session.Property(key) }

// SetProperty sets a property; nil removes it, or restores its default. Setting a
// read-only one does nothing. It reports false for a value that the property cannot have.
func (s *Session) SetProperty(key string, value *string) bool {
	return s.session.SetProperty(key, value)
}
