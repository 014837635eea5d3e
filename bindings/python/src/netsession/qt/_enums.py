"""The enumerations of the classes under Qt's names, scoped and unscoped.

Pickled values refer to the full names here, such as QNetworkSession.State.
"""

from __future__ import annotations

import enum
from typing import Any


class _FlagsType(enum.EnumMeta):
    """Makes the value optional in a call, as with QFlags."""

    def __call__(cls, value: Any = 0, *arguments: Any, **named: Any) -> Any:
        return super().__call__(value, *arguments, **named)


class Flags(enum.IntFlag, metaclass=_FlagsType):
    """A set of flags; a single flag is of the same type, as in the bindings to Qt 5."""

    def testFlag(self, flag: int) -> bool:
        """Whether all bits of a flag are set; for 0, whether none is."""
        return int(self) & int(flag) == int(flag) and (int(flag) != 0 or int(self) == 0)


class QNetworkSession:
    """The enumerations of sessions."""

    class State(enum.IntEnum):
        """The state of a session."""

        Invalid = 0
        NotAvailable = 1
        Connecting = 2
        Connected = 3
        Closing = 4
        Disconnected = 5
        Roaming = 6

    class SessionError(enum.IntEnum):
        """Why a session failed."""

        UnknownSessionError = 0
        SessionAbortedError = 1
        RoamingError = 2
        OperationNotSupportedError = 3
        InvalidConfigurationError = 4

    class UsagePolicy(Flags):
        """How a session should be used."""

        NoPolicy = 0
        NoBackgroundTrafficPolicy = 1

    Invalid = State.Invalid
    NotAvailable = State.NotAvailable
    Connecting = State.Connecting
    Connected = State.Connected
    Closing = State.Closing
    Disconnected = State.Disconnected
    Roaming = State.Roaming
    UnknownSessionError = SessionError.UnknownSessionError
    SessionAbortedError = SessionError.SessionAbortedError
    RoamingError = SessionError.RoamingError
    OperationNotSupportedError = SessionError.OperationNotSupportedError
    InvalidConfigurationError = SessionError.InvalidConfigurationError
    NoPolicy = UsagePolicy.NoPolicy
    NoBackgroundTrafficPolicy = UsagePolicy.NoBackgroundTrafficPolicy
    UsagePolicies = UsagePolicy


class QNetworkConfiguration:
    """The enumerations of configurations."""

    class Type(enum.IntEnum):
        """The type of a configuration."""

        InternetAccessPoint = 0
        ServiceNetwork = 1
        UserChoice = 2
        Invalid = 3

    class StateFlag(Flags):
        """How far a configuration is usable; the bits are cumulative."""

        Undefined = 0x1
        Defined = 0x2
        Discovered = 0x6
        Active = 0xE

    class Purpose(enum.IntEnum):
        """The purpose of a configuration."""

        UnknownPurpose = 0
        PublicPurpose = 1
        PrivatePurpose = 2
        ServiceSpecificPurpose = 3

    class BearerType(enum.IntEnum):
        """The technology of a configuration's link."""

        BearerUnknown = 0
        BearerEthernet = 1
        BearerWLAN = 2
        Bearer2G = 3
        BearerCDMA2000 = 4
        BearerWCDMA = 5
        BearerHSPA = 6
        BearerBluetooth = 7
        BearerWiMAX = 8
        BearerEVDO = 9
        BearerLTE = 10
        Bearer3G = 11
        Bearer4G = 12

    InternetAccessPoint = Type.InternetAccessPoint
    ServiceNetwork = Type.ServiceNetwork
    UserChoice = Type.UserChoice
    Invalid = Type.Invalid
    Undefined = StateFlag.Undefined
    Defined = StateFlag.Defined
    Discovered = StateFlag.Discovered
    Active = StateFlag.Active
    StateFlags = StateFlag
    UnknownPurpose = Purpose.UnknownPurpose
    PublicPurpose = Purpose.PublicPurpose
    PrivatePurpose = Purpose.PrivatePurpose
    ServiceSpecificPurpose = Purpose.ServiceSpecificPurpose
    BearerUnknown = BearerType.BearerUnknown
    BearerEthernet = BearerType.BearerEthernet
    BearerWLAN = BearerType.BearerWLAN
    Bearer2G = BearerType.Bearer2G
    BearerCDMA2000 = BearerType.BearerCDMA2000
    BearerWCDMA = BearerType.BearerWCDMA
    BearerHSPA = BearerType.BearerHSPA
    BearerBluetooth = BearerType.BearerBluetooth
    BearerWiMAX = BearerType.BearerWiMAX
    BearerEVDO = BearerType.BearerEVDO
    BearerLTE = BearerType.BearerLTE
    Bearer3G = BearerType.Bearer3G
    Bearer4G = BearerType.Bearer4G


class QNetworkConfigurationManager:
    """The enumerations of managers."""

    class Capability(Flags):
        """What this process may do with networks."""

        CanStartAndStopInterfaces = 0x01
        DirectConnectionRouting = 0x02
        SystemSessionSupport = 0x04
        ApplicationLevelRoaming = 0x08
        ForcedRoaming = 0x10
        DataStatistics = 0x20
        NetworkSessionRequired = 0x40

    CanStartAndStopInterfaces = Capability.CanStartAndStopInterfaces
    DirectConnectionRouting = Capability.DirectConnectionRouting
    SystemSessionSupport = Capability.SystemSessionSupport
    ApplicationLevelRoaming = Capability.ApplicationLevelRoaming
    ForcedRoaming = Capability.ForcedRoaming
    DataStatistics = Capability.DataStatistics
    NetworkSessionRequired = Capability.NetworkSessionRequired
    Capabilities = Capability
