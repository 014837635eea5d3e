"""The enumerations of the C interface, under its names.

The numbers are the same as in Qt's QNetworkSession family: values that programs for Qt 5
have stored compare equal. Since 0.1.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag

__all__ = [
    "Bearer",
    "Capability",
    "ConfigurationState",
    "ConfigurationType",
    "ErrorCode",
    "LogLevel",
    "Policy",
    "Purpose",
    "Reachability",
    "State",
    "Transport",
]


class State(IntEnum):
    """The state of a session. Since 0.1."""

    INVALID = 0  #: the configuration does not exist
    NOT_AVAILABLE = 1  #: it cannot be opened now
    CONNECTING = 2  #: the link is being brought up
    CONNECTED = 3  #: the link is up
    CLOSING = 4  #: the link is being taken down
    DISCONNECTED = 5  #: the link is down, and can be opened
    ROAMING = 6  #: moving to another access point


class ErrorCode(IntEnum):
    """Why a session failed. Since 0.1."""

    UNKNOWN = 0  #: any other error, such as a timeout
    SESSION_ABORTED = 1
    ROAMING = 2
    OPERATION_NOT_SUPPORTED = 3
    INVALID_CONFIGURATION = 4


class Policy(IntFlag):
    """How a session should be used, a set of bits. Since 0.1."""

    NONE = 0
    NO_BACKGROUND_TRAFFIC = 1  #: the link is metered


class ConfigurationType(IntEnum):
    """The type of a configuration. Since 0.1."""

    INTERNET_ACCESS_POINT = 0
    SERVICE_NETWORK = 1
    USER_CHOICE = 2
    INVALID = 3


class ConfigurationState(IntFlag):
    """Whether a configuration can be opened or is active: any of these except ``ANY``.

    ``ANY`` is a filter only. The bits are cumulative: the filter ``DISCOVERED`` selects the
    configurations that are discovered or active. Since 0.1.
    """

    ANY = 0
    UNDEFINED = 0x1  #: removed, or empty
    DEFINED = 0x2  #: known, but out of reach: no carrier
    DISCOVERED = 0x6  #: can be opened now
    ACTIVE = 0xE  #: up, with an address


class Purpose(IntEnum):
    """The purpose of a configuration. Since 0.1."""

    UNKNOWN = 0
    PUBLIC = 1
    PRIVATE = 2
    SERVICE_SPECIFIC = 3


class Bearer(IntEnum):
    """The technology of an access point's link. Since 0.1."""

    UNKNOWN = 0
    ETHERNET = 1
    WLAN = 2
    BEARER_2G = 3
    CDMA2000 = 4
    WCDMA = 5
    HSPA = 6
    BLUETOOTH = 7
    WIMAX = 8
    EVDO = 9
    LTE = 10
    BEARER_3G = 11
    BEARER_4G = 12


class Reachability(IntEnum):
    """How far traffic gets. Since 0.1."""

    DISCONNECTED = 1
    LOCAL = 2  #: hosts on the same link
    SITE = 3  #: the local network, but not the internet
    ONLINE = 4


class Transport(IntEnum):
    """The kind of technology. Since 0.1."""

    UNKNOWN = 0
    ETHERNET = 1
    CELLULAR = 2
    WIFI = 3
    BLUETOOTH = 4


class Capability(IntFlag):
    """What this process may do on this machine now, a set of bits. Since 0.1."""

    CAN_START_AND_STOP_INTERFACES = 0x01
    DIRECT_CONNECTION_ROUTING = 0x02
    SYSTEM_SESSION_SUPPORT = 0x04  #: sessions of all processes count
    APPLICATION_LEVEL_ROAMING = 0x08
    FORCED_ROAMING = 0x10
    DATA_STATISTICS = 0x20
    NETWORK_SESSION_REQUIRED = 0x40  #: never set on Linux


class LogLevel(IntEnum):
    """The severity of a log line. Since 0.1."""

    WARNING = 0
    INFO = 1
    DEBUG = 2
