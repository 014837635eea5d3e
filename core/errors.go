package netsession

import (
	"errors"

	"github.com/netsession/netsession/core/internal/engine"
	"github.com/netsession/netsession/core/internal/session"
)

// ErrorCode is the class of a SessionError. The numbers are equal to
// QNetworkSession::SessionError.
type ErrorCode uint8

const (
	// ErrorUnknown is none of the others; a timeout, for example.
	ErrorUnknown ErrorCode = 0
	// ErrorSessionAborted: the user or the system took the link away.
	ErrorSessionAborted ErrorCode = 1
	// ErrorRoaming: the session could not move to another access point.
	ErrorRoaming ErrorCode = 2
	// ErrorOperationNotSupported: not possible here, or not permitted.
	ErrorOperationNotSupported ErrorCode = 3
	// ErrorInvalidConfiguration: the configuration does not exist, or cannot be
	// opened now.
	ErrorInvalidConfiguration ErrorCode = 4
)

// String returns Qt's name of the code, such as "SessionAbortedError".
func (c ErrorCode) String() string { return session.Error(c).String() }

// SessionError says why a session could not be opened, or was ended by the network.
type SessionError struct {
	Configuration string // the identifier of what the session was made on
	Code          ErrorCode
	Text          string // a whole sentence: what failed, on what, and why
}

// Error returns the text.
func (e *SessionError) Error() string { return e.Text }

// Errors that calls return. They may be wrapped: compare with errors.Is.
var (
	// ErrNoServiceNetwork: no application has defined a service network with the
	// identifier.
	ErrNoServiceNetwork error = engine.ErrNoServiceNetwork
	// ErrNotAsked: the session has never asked what to open.
	ErrNotAsked error = engine.ErrNotAsked
	// ErrAnswered: the question of the session has been answered, or is over.
	ErrAnswered error = engine.ErrAnswered
	// ErrNoCandidate: the chosen configuration cannot be opened now; the session
	// awaits another answer.
	ErrNoCandidate error = engine.ErrNoCandidate
	// ErrNoLink: the session is not SessionConnected and so has no link to bind
	// to; or the link is not one of the kernel's, but played from a script.
	ErrNoLink = errors.New("the session has no link to bind a socket to")
)
