"""The enumerations of the classes, under Qt's names, and their use without a scope."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class _FlagsType(enum.EnumMeta):
    """Lets flags be made without a value, as QFlags are."""

    def __call__(cls, value: Any = 0, *arguments: Any, **named: Any) -> Any:
        return super().__call__(value, *arguments, **named)


class Flags(enum.IntFlag, metaclass=_FlagsType):
    """A set of flags; a single flag is a set of one, as both are in the old bindings."""

    def testFlag(self, flag: int) -> bool:
        """Whether all bits of a flag are set; for 0, whether none is."""
        return int(self) & int(flag) == int(flag) and (int(flag) != 0 or int(self) == 0)


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


class Type(enum.IntEnum):
    """What a configuration is."""

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
    """What a configuration is for."""

    UnknownPurpose = 0
    PublicPurpose = 1
    PrivatePurpose = 2
    ServiceSpecificPurpose = 3


class BearerType(enum.IntEnum):
    """The technology under a configuration."""

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


class Capability(Flags):
    """What can be done with networks here."""

    CanStartAndStopInterfaces = 0x01
    DirectConnectionRouting = 0x02
    SystemSessionSupport = 0x04
    ApplicationLevelRoaming = 0x08
    ForcedRoaming = 0x10
    DataStatistics = 0x20
    NetworkSessionRequired = 0x40


def scoped(
    name: str, *kinds: type[enum.IntEnum] | type[Flags], **sets: type[Flags]
) -> Callable[[type[T]], type[T]]:
    """Gives a class its enumerations, each enumerator, and names for sets of flags.

    name is that of the class for those who use it.
    """

    def give(owner: type[T]) -> type[T]:
        for kind in kinds:
            kind.__qualname__ = f"{name}.{kind.__name__}"
            setattr(owner, kind.__name__, kind)
            for enumerator, member in kind.__members__.items():
                setattr(owner, enumerator, member)
        for flags, kind in sets.items():
            setattr(owner, flags, kind)
        return owner

    return give
