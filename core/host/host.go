// Package host is the engine of the library for hosts in other languages.
package host

import (
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/engine"
	"github.com/netsession/netsession/core/internal/session"
)

type (
	Backend         = backend.Backend
	Capabilities    = backend.Capabilities
	Counters        = backend.Counters
	Level           = backend.Level
	Sink            = backend.Sink
	Batch           = bearer.Batch
	BearerType      = bearer.BearerType
	Configuration   = bearer.Configuration
	Definition      = bearer.Definition
	Purpose         = bearer.Purpose
	State           = bearer.State
	Client          = engine.Client
	Engine          = engine.Engine
	Entry           = engine.Entry
	Listener        = engine.Listener
	Mirror          = engine.Mirror
	Options         = engine.Options
	Outlook         = engine.Outlook
	Pool            = engine.Pool
	Session         = engine.Session
	SessionListener = engine.SessionListener
	View            = engine.View
	Effect          = session.Effect
)

const (
	Active              = bearer.Active
	BearerUnknown       = bearer.BearerUnknown
	InternetAccessPoint = bearer.InternetAccessPoint
	NetworkPrefix       = bearer.NetworkPrefix
	EmitChoose          = session.EmitChoose
	EmitError           = session.EmitError
	EmitPolicies        = session.EmitPolicies
	EmitPreferred       = session.EmitPreferred
	EmitState           = session.EmitState
)

var (
	ErrAnswered  = engine.ErrAnswered
	ErrNoNetwork = engine.ErrNoNetwork
	ErrNotAsked  = engine.ErrNotAsked
	New          = engine.New
)
