package netsession

import (
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/engine"
	"github.com/netsession/netsession/core/internal/session"
)

// enumeration compares the constants of a public type and of its internal counterpart:
// the numbers, and what String returns.
func enumeration[I, P ~uint8](t *testing.T, name string, twins map[I]P) {
	t.Helper()
	for internal, public := range twins {
		if uint64(internal) != uint64(public) {
			t.Errorf("%s: %d of the engine is %d in public", name, internal, public)
		}
		inside, named := any(internal).(interface{ String() string })
		if outside := any(public).(interface{ String() string }).String(); named && inside.String() != outside {
			t.Errorf("%s %d: %q of the engine is %q in public", name, internal, inside, outside)
		}
	}
}

func TestEnumerationsHaveTheEnginesValues(t *testing.T) {
	enumeration(t, "type", map[bearer.Type]ConfigurationType{
		bearer.InternetAccessPoint: TypeInternetAccessPoint, bearer.ServiceNetwork: TypeServiceNetwork,
		bearer.UserChoice: TypeUserChoice, bearer.Invalid: TypeInvalid,
	})
	enumeration(t, "state", map[bearer.State]ConfigurationState{
		bearer.Undefined: StateUndefined, bearer.Defined: StateDefined,
		bearer.Discovered: StateDiscovered, bearer.Active: StateActive,
	})
	enumeration(t, "purpose", map[bearer.Purpose]Purpose{
		bearer.UnknownPurpose: PurposeUnknown, bearer.PublicPurpose: PurposePublic,
		bearer.PrivatePurpose: PurposePrivate, bearer.ServiceSpecificPurpose: PurposeServiceSpecific,
	})
	enumeration(t, "bearer type", map[bearer.BearerType]BearerType{
		bearer.BearerUnknown: BearerUnknown, bearer.BearerEthernet: BearerEthernet, bearer.BearerWLAN: BearerWLAN,
		bearer.Bearer2G: Bearer2G, bearer.BearerCDMA2000: BearerCDMA2000, bearer.BearerWCDMA: BearerWCDMA,
		bearer.BearerHSPA: BearerHSPA, bearer.BearerBluetooth: BearerBluetooth, bearer.BearerWiMAX: BearerWiMAX,
		bearer.BearerEVDO: BearerEVDO, bearer.BearerLTE: BearerLTE, bearer.Bearer3G: Bearer3G, bearer.Bearer4G: Bearer4G,
	})
	enumeration(t, "metered", map[bearer.Metered]Metered{
		bearer.MeteredUnknown: MeteredUnknown, bearer.MeteredNo: MeteredNo,
		bearer.MeteredGuessed: MeteredGuessed, bearer.MeteredYes: MeteredYes,
	})
	enumeration(t, "reachability", map[bearer.Reach]Reachability{
		bearer.ReachUnknown: ReachabilityUnknown, bearer.ReachNone: ReachabilityDisconnected,
		bearer.ReachLocal: ReachabilityLocal, bearer.ReachSite: ReachabilitySite, bearer.ReachOnline: ReachabilityOnline,
	})
	enumeration(t, "transport", map[bearer.Transport]Transport{
		bearer.TransportUnknown: TransportUnknown, bearer.TransportEthernet: TransportEthernet,
		bearer.TransportCellular: TransportCellular, bearer.TransportWiFi: TransportWiFi,
		bearer.TransportBluetooth: TransportBluetooth,
	})
	enumeration(t, "session state", map[session.State]SessionState{
		session.Invalid: SessionInvalid, session.NotAvailable: SessionNotAvailable,
		session.Connecting: SessionConnecting, session.Connected: SessionConnected, session.Closing: SessionClosing,
		session.Disconnected: SessionDisconnected, session.Roaming: SessionRoaming,
	})
	enumeration(t, "error code", map[session.Error]ErrorCode{
		session.UnknownError: ErrorUnknown, session.AbortedError: ErrorSessionAborted,
		session.RoamingError: ErrorRoaming, session.NotSupportedError: ErrorOperationNotSupported,
		session.InvalidConfigurationError: ErrorInvalidConfiguration,
	})
	enumeration(t, "log level", map[backend.Level]LogLevel{
		backend.LevelWarning: LogWarning, backend.LevelInfo: LogInfo, backend.LevelDebug: LogDebug,
	})
}

func TestSetsAndTextsAreTheEngines(t *testing.T) {
	for internal, public := range map[engine.Capabilities]Capabilities{
		engine.CanStartAndStopInterfaces: CanStartAndStopInterfaces,
		engine.DirectConnectionRouting:   DirectConnectionRouting,
		engine.SystemSessionSupport:      SystemSessionSupport,
		engine.ApplicationLevelRoaming:   ApplicationLevelRoaming,
		engine.ForcedRoaming:             ForcedRoaming,
		engine.DataStatistics:            DataStatistics,
	} {
		if uint32(internal) != uint32(public) {
			t.Errorf("the capability %#x of the engine is %#x in public", internal, public)
		}
	}
	if uint8(NoBackgroundTraffic) != uint8(session.NoBackgroundTraffic) {
		t.Error("the policy has another number")
	}
	for internal, public := range map[string]string{
		bearer.InternetID:              InternetID,
		bearer.UserChoiceID:            UserChoiceID,
		bearer.NetworkPrefix:           ServiceNetworkPrefix,
		engine.ActiveConfiguration:     PropertyActiveConfiguration,
		engine.UserChoiceConfiguration: PropertyUserChoiceConfiguration,
		engine.ConnectInBackground:     PropertyConnectInBackground,
		engine.AutoCloseSessionTimeout: PropertyAutoCloseSessionTimeout,
	} {
		if internal != public {
			t.Errorf("%q of the engine is %q in public", internal, public)
		}
	}
}

// Numbers that no constant has print, too.
func TestNamesOfUnknownValues(t *testing.T) {
	for _, value := range []interface{ String() string }{
		ConfigurationType(99), ConfigurationState(99), Purpose(99), BearerType(99), Metered(99), Reachability(99),
		Transport(99), SessionState(99), ErrorCode(99), LogLevel(99),
	} {
		if value.String() == "" {
			t.Errorf("%T(99) has no name", value)
		}
	}
}

func TestEveryFieldOfAConfiguration(t *testing.T) {
	m, _ := playScript(t, `access-point wwan0 name="Mobile data" bearer=lte state=active strength=60 metered=yes purpose=private `+
		`abroad=yes address=203.0.113.9/32 default-route=yes metric=700 connect-timeout=7s`+"\n"+
		"access-point eth0 state=defined\n")
	got := m.Configuration("wwan0")
	want := Configuration{
		ID: "wwan0", Name: "Mobile data", Type: TypeInternetAccessPoint, State: StateActive, Purpose: PurposePrivate,
		BearerType: BearerLTE, ConnectTimeout: 7 * time.Second, Interface: "wwan0",
		InterfaceIndex: got.InterfaceIndex, HardwareAddress: got.HardwareAddress,
		Addresses: []netip.Prefix{netip.MustParsePrefix("203.0.113.9/32")}, HasDefaultRoute: true, RouteMetric: 700,
		SignalStrength: 60, Metered: MeteredYes, Reachability: ReachabilityOnline, IsAbroad: true,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got.BearerTypeName() != "LTE" || got.BearerType.Family() != Bearer4G || !got.State.Has(StateDiscovered) {
		t.Errorf("%q, %v", got.BearerTypeName(), got.BearerType.Family())
	}
	internet := m.Configuration(InternetID)
	if internet.Type != TypeServiceNetwork || internet.BearerTypeName() != "" || internet.Reachability != ReachabilityUnknown {
		t.Errorf("%+v", internet)
	}
	state := NetworkState{IsOnline: true, Reachability: ReachabilityOnline, Transport: TransportCellular, IsMetered: true}
	if got := m.NetworkState(); got != state || !m.IsOnline() {
		t.Errorf("the networks are %+v, want %+v", got, state)
	}
}

func TestASnapshotOfASession(t *testing.T) {
	now := time.Now()
	got := snapshotOf("link:eth0", engine.SessionSnapshot{
		State: session.Connected, Open: true, Err: session.RoamingError, ErrText: "It failed.", Policies: session.NoBackgroundTraffic,
		Active: "link:eth1", Choice: "network:x", Interface: "eth1", Index: 3, Since: now,
	})
	want := SessionSnapshot{
		State: SessionConnected, IsOpen: true, Policies: NoBackgroundTraffic,
		Err:                 &SessionError{Configuration: "link:eth0", Code: ErrorRoaming, Text: "It failed."},
		ActiveConfiguration: "link:eth1", UserChoiceConfiguration: "network:x",
		Interface: "eth1", InterfaceIndex: 3, ActiveSince: now,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got := snapshotOf("link:eth0", engine.SessionSnapshot{}); got != (SessionSnapshot{}) {
		t.Errorf("a session that never failed: %+v", got)
	}
}
