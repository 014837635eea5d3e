"""The events of managers and sessions, as values. Since 0.1.

Events are made for ``match``::

    for event in manager.events():
        match event:
            case netsession.OnlineStateChanged(is_online=True):
                sync()
            case netsession.Closed(session=s) if s is mine:
                break

In each class ``member`` is the name of the callback without ``on_``, and ``signal`` the
name of the signal in Qt's classes. ``arguments`` are the callback's arguments. ``time``
is when the package took the event from the library, in seconds since the epoch, as
time.time() returns them.
"""

from __future__ import annotations

import time as clock
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar

from .enums import ErrorCode, LogLevel, Policy, Reachability, State, Transport

if TYPE_CHECKING:
    from .configuration import Configuration
    from .manager import Manager
    from .session import Session

__all__ = [
    "CaptivePortalChanged",
    "ChoiceRequested",
    "Closed",
    "ConfigurationAdded",
    "ConfigurationChanged",
    "ConfigurationRemoved",
    "ErrorOccurred",
    "Event",
    "Log",
    "ManagerEvent",
    "MeteredChanged",
    "NewConfigurationActivated",
    "OnlineStateChanged",
    "Opened",
    "PreferredConfigurationChanged",
    "ReachabilityChanged",
    "SessionEvent",
    "StateChanged",
    "TransportChanged",
    "UpdateCompleted",
    "UsagePoliciesChanged",
]


@dataclass(frozen=True)
class Event:
    """The base class of all events. Since 0.1."""

    member: ClassVar[str]
    signal: ClassVar[str]
    _source: ClassVar[str]  # the field with the manager or session
    time: float = field(default_factory=clock.time, kw_only=True, compare=False)

    @property
    def arguments(self) -> tuple[Any, ...]:
        """All fields but the event's manager or session, and its time. Since 0.1."""
        names = (f.name for f in fields(self) if f.name not in (self._source, "time"))
        return tuple(getattr(self, name) for name in names)


@dataclass(frozen=True)
class ManagerEvent(Event):
    """An event of a manager. Since 0.1."""

    _source = "manager"
    manager: Manager


@dataclass(frozen=True)
class ConfigurationAdded(ManagerEvent):
    """A configuration was found. Since 0.1."""

    member = "configuration_added"
    signal = "configurationAdded"
    configuration: Configuration


@dataclass(frozen=True)
class ConfigurationChanged(ManagerEvent):
    """A property of a configuration, its link's addresses or its rank changed. Since 0.1."""

    member = "configuration_changed"
    signal = "configurationChanged"
    configuration: Configuration


@dataclass(frozen=True)
class ConfigurationRemoved(ManagerEvent):
    """A configuration was removed: it is invalid, and keeps its identifier. Since 0.1."""

    member = "configuration_removed"
    signal = "configurationRemoved"
    configuration: Configuration


@dataclass(frozen=True)
class OnlineStateChanged(ManagerEvent):
    """The machine went online or offline. Since 0.1."""

    member = "online_state_changed"
    signal = "onlineStateChanged"
    is_online: bool


@dataclass(frozen=True)
class UpdateCompleted(ManagerEvent):
    """A Manager.update_configurations has ended. Since 0.1."""

    member = "update_completed"
    signal = "updateCompleted"


@dataclass(frozen=True)
class Log(ManagerEvent):
    """A log line for developers; for ``on_log`` only, not for streams. Since 0.1."""

    member = "log"
    signal = "log"
    level: LogLevel
    text: str


@dataclass(frozen=True)
class ReachabilityChanged(ManagerEvent):
    """The reachability has changed. Since 0.1."""

    member = "reachability_changed"
    signal = "reachabilityChanged"
    reachability: Reachability


@dataclass(frozen=True)
class CaptivePortalChanged(ManagerEvent):
    """A captive portal was detected, or blocks the internet no longer. Since 0.1."""

    member = "captive_portal_changed"
    signal = "isBehindCaptivePortalChanged"
    is_behind: bool


@dataclass(frozen=True)
class TransportChanged(ManagerEvent):
    """The transport of the default access point has changed. Since 0.1."""

    member = "transport_changed"
    signal = "transportMediumChanged"
    transport: Transport


@dataclass(frozen=True)
class MeteredChanged(ManagerEvent):
    """Whether the default access point is metered has changed. Since 0.1."""

    member = "metered_changed"
    signal = "isMeteredChanged"
    is_metered: bool


@dataclass(frozen=True)
class ChoiceRequested(ManagerEvent):
    """A session on the user choice asks what to open: answer with Session.choose.

    Streams get the event only while ``on_choose`` is set. Since 0.1.
    """

    member = "choose"
    signal = "choose"
    session: Session
    candidates: list[Configuration]


@dataclass(frozen=True)
class SessionEvent(Event):
    """An event of a session. Since 0.1."""

    _source = "session"
    session: Session


@dataclass(frozen=True)
class Opened(SessionEvent):
    """The session is open. Since 0.1."""

    member = "opened"
    signal = "opened"


@dataclass(frozen=True)
class Closed(SessionEvent):
    """The session is closed. Since 0.1."""

    member = "closed"
    signal = "closed"


@dataclass(frozen=True)
class StateChanged(SessionEvent):
    """The session reached a state; Session.state may be a later one. Since 0.1."""

    member = "state_changed"
    signal = "stateChanged"
    state: State


@dataclass(frozen=True)
class ErrorOccurred(SessionEvent):
    """The session failed; the text says what failed and why. Since 0.1."""

    member = "error"
    signal = "error"
    error: ErrorCode
    text: str


@dataclass(frozen=True)
class PreferredConfigurationChanged(SessionEvent):
    """A better access point is available: answer with migrate or ignore.

    Only if the application decides about roaming; see Session.application_roaming.
    is_seamless: open sockets keep their local address. Since 0.1.
    """

    member = "preferred_configuration_changed"
    signal = "preferredConfigurationChanged"
    configuration: Configuration
    is_seamless: bool


@dataclass(frozen=True)
class NewConfigurationActivated(SessionEvent):
    """The session uses the new access point: after migrate, accept or reject it. Since 0.1."""

    member = "new_configuration_activated"
    signal = "newConfigurationActivated"


@dataclass(frozen=True)
class UsagePoliciesChanged(SessionEvent):
    """The usage policies of the session have changed. Since 0.1."""

    member = "usage_policies_changed"
    signal = "usagePoliciesChanged"
    policies: Policy
