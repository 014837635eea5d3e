"""Network sessions for Linux: list the networks, open one, and get events.

::

    import netsession

    with netsession.Manager() as manager:
        with manager.default_configuration.open(timeout=30) as session:
            print(session.interface)

A *configuration* is a network that can be opened, a *session* is an application's use
of a configuration, and a *manager* lists configurations and delivers events. States,
errors and events are the same as in Qt's QNetworkSession family. The package is a layer
over libnetsession.so; its names are from the header, netsession.h.

Times are in seconds. Every function may be called on any thread; callbacks run on the
thread that dispatches, or iterates over events. In a forked child everything raises
ForkedError. Since 0.1.
"""

from . import _start, aio  # _start is there for the imports of all others
from ._native.library import load as _load
from ._version import VERSION
from .configuration import Configuration
from .enums import (
    Bearer,
    Capability,
    ConfigurationState,
    ConfigurationType,
    ErrorCode,
    LogLevel,
    Policy,
    Purpose,
    Reachability,
    State,
    Transport,
)
from .errors import (
    ArgumentError,
    BusyError,
    ClosedError,
    ForkedError,
    InternalError,
    LibraryError,
    NetsessionError,
    NotAskedError,
    OpenTimeoutError,
    OptionError,
    SessionError,
    SocketError,
)
from .events import (
    CaptivePortalChanged,
    ChoiceRequested,
    Closed,
    ConfigurationAdded,
    ConfigurationChanged,
    ConfigurationRemoved,
    ErrorOccurred,
    Event,
    Log,
    ManagerEvent,
    MeteredChanged,
    NewConfigurationActivated,
    OnlineStateChanged,
    Opened,
    PreferredConfigurationChanged,
    ReachabilityChanged,
    SessionEvent,
    StateChanged,
    TransportChanged,
    UpdateCompleted,
    UsagePoliciesChanged,
)
from .manager import Manager
from .session import Session
from .stream import EventStream

_start.imported()

__version__ = ".".join(map(str, VERSION))


def library_version() -> str:
    """The version of libnetsession.so that is loaded, such as ``0.1.0``.

    Loads the library if it is not loaded; raises LibraryError. Since 0.1.
    """
    version: bytes = _load().netsession_version_string()
    return version.decode()


__all__ = [
    "ArgumentError",
    "Bearer",
    "BusyError",
    "Capability",
    "CaptivePortalChanged",
    "ChoiceRequested",
    "Closed",
    "ClosedError",
    "Configuration",
    "ConfigurationAdded",
    "ConfigurationChanged",
    "ConfigurationRemoved",
    "ConfigurationState",
    "ConfigurationType",
    "ErrorCode",
    "ErrorOccurred",
    "Event",
    "EventStream",
    "ForkedError",
    "InternalError",
    "LibraryError",
    "Log",
    "LogLevel",
    "Manager",
    "ManagerEvent",
    "MeteredChanged",
    "NetsessionError",
    "NewConfigurationActivated",
    "NotAskedError",
    "OnlineStateChanged",
    "OpenTimeoutError",
    "Opened",
    "OptionError",
    "Policy",
    "PreferredConfigurationChanged",
    "Purpose",
    "Reachability",
    "ReachabilityChanged",
    "Session",
    "SessionError",
    "SessionEvent",
    "SocketError",
    "State",
    "StateChanged",
    "Transport",
    "TransportChanged",
    "UpdateCompleted",
    "UsagePoliciesChanged",
    "aio",
    "library_version",
]
