package host

import (
	"time"

	netsession "github.com/netsession/netsession/core"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/engine"
)

// Entry refers to one configuration over time. Entries are equal if they refer to the
// same configuration; it stays the same when it changes, and also when it was removed
// and came back while the publisher kept its entry.
type Entry struct{ entry *engine.Entry }

// ID returns the identifier of the configuration.
func (e Entry) ID() string { return e.entry.ID() }

// Configuration returns the configuration as it is now. A removed one has the type
// netsession.TypeInvalid.
func (e Entry) Configuration() Configuration { return Configuration{e.entry.Value()} }

// ConnectTimeout returns how long an attempt to open the configuration may take.
func (e Entry) ConnectTimeout() time.Duration { return e.entry.ConnectTimeout() }

// SetConnectTimeout changes the ConnectTimeout for every user of the configuration in this
// process. A value of 0 or below restores the default.
func (e Entry) SetConnectTimeout(d time.Duration) { e.entry.SetConnectTimeout(d) }

// Datum returns what the publisher stored by SetDatum, or nil. Methods of the publisher, and
// functions that the engine calls with an entry, may call it; others only while they
// know that the publisher keeps the entry.
func (e Entry) Datum() any { return e.entry.Datum }

// SetDatum stores a value of the host's own with the entry. Only the methods Listed and
// Expected of the publisher may call it, and the host after it has reaped the entry.
func (e Entry) SetDatum(d any) { e.entry.Datum = d }

// Configuration is one configuration at one moment. It does not change, and copies of
// it are cheap.
type Configuration struct{ value *bearer.Configuration }

// Name returns the name for people.
func (c Configuration) Name() string { return c.value.Name }

// Interface returns the name of the link, such as "eth0"; empty while there is none.
func (c Configuration) Interface() string { return c.value.Interface }

// Type returns what the configuration represents.
func (c Configuration) Type() netsession.ConfigurationType {
	return netsession.ConfigurationType(c.value.Type)
}

// State returns how far the configuration is known and usable.
func (c Configuration) State() netsession.ConfigurationState {
	return netsession.ConfigurationState(c.value.State)
}

// Purpose returns what kind of network the configuration leads to.
func (c Configuration) Purpose() netsession.Purpose { return netsession.Purpose(c.value.Purpose) }

// BearerType returns the technology of an access point's link, and
// netsession.BearerUnknown for other types of configuration.
func (c Configuration) BearerType() netsession.BearerType {
	if c.value.Type != bearer.InternetAccessPoint {
		return netsession.BearerUnknown
	}
	return netsession.BearerType(c.value.Bearer)
}

// IsRoamingAvailable is true for a service network with more than one access point that
// can be opened.
func (c Configuration) IsRoamingAvailable() bool { return c.value.RoamingAvailable }

// SignalStrength returns the strength of the radio signal in percent; 0 without a radio.
func (c Configuration) SignalStrength() uint8 { return c.value.Strength }
