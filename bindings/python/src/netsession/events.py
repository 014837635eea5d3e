"""What managers and sessions tell, as values. Since 0.1.

Events are made for ``match``::

    for event in manager.events():
        match event:
            case netsession.OnlineStateChanged(is_online=True):
                sync()
            case netsession.Closed(session=s) if s is mine:
                break

Each class names the callback that it belongs to, without the ``on_``, in
``member``, and the signal of Qt's classes in ``signal``; ``arguments`` are those
that the callback gets. ``time`` is seconds since the epoch, as time.time() has
it, when the event was taken from the library.
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
    """What all events have in common."""

    member: ClassVar[str]
    signal: ClassVar[str]
    _by: ClassVar[str]
    time: float = field(default_factory=clock.time, kw_only=True, compare=False)

    @property
    def arguments(self) -> tuple[Any, ...]:
        """What is told, but for who tells it and the time."""
        told = (f.name for f in fields(self) if f.name not in (self._by, "time"))
        return tuple(getattr(self, name) for name in told)


@dataclass(frozen=True)
class ManagerEvent(Event):
    """An event of a manager."""

    _by = "manager"
    manager: Manager


@dataclass(frozen=True)
class ConfigurationAdded(ManagerEvent):
    """There is a new configuration."""

    member = "configuration_added"
    signal = "configurationAdded"
    configuration: Configuration


@dataclass(frozen=True)
class ConfigurationChanged(ManagerEvent):
    """A property of a configuration, its link's addresses or its rank changed."""

    member = "configuration_changed"
    signal = "configurationChanged"
    configuration: Configuration


@dataclass(frozen=True)
class ConfigurationRemoved(ManagerEvent):
    """A configuration is gone; it is invalid, and has its identifier still."""

    member = "configuration_removed"
    signal = "configurationRemoved"
    configuration: Configuration


@dataclass(frozen=True)
class OnlineStateChanged(ManagerEvent):
    """The machine went online or offline."""

    member = "online_state_changed"
    signal = "onlineStateChanged"
    is_online: bool


@dataclass(frozen=True)
class UpdateCompleted(ManagerEvent):
    """One follows each Manager.update_configurations."""

    member = "update_completed"
    signal = "updateCompleted"


@dataclass(frozen=True)
class Log(ManagerEvent):
    """A line for developers; told to ``on_log`` only, not to streams."""

    member = "log"
    signal = "log"
    level: LogLevel
    text: str


@dataclass(frozen=True)
class ReachabilityChanged(ManagerEvent):
    """Traffic gets further than before, or less far."""

    member = "reachability_changed"
    signal = "reachabilityChanged"
    reachability: Reachability


@dataclass(frozen=True)
class CaptivePortalChanged(ManagerEvent):
    """A captive portal is before the internet now, or is no more."""

    member = "captive_portal_changed"
    signal = "isBehindCaptivePortalChanged"
    is_behind: bool


@dataclass(frozen=True)
class TransportChanged(ManagerEvent):
    """The default access point is of another kind than before."""

    member = "transport_changed"
    signal = "transportMediumChanged"
    transport: Transport


@dataclass(frozen=True)
class MeteredChanged(ManagerEvent):
    """The default access point costs by volume now, or does no more."""

    member = "metered_changed"
    signal = "isMeteredChanged"
    is_metered: bool


@dataclass(frozen=True)
class ChoiceRequested(ManagerEvent):
    """A session on the user choice asks what to open: answer with Session.choose.

    Told to ``on_choose`` and, while that is set, to streams.
    """

    member = "choose"
    signal = "choose"
    session: Session
    candidates: list[Configuration]


@dataclass(frozen=True)
class SessionEvent(Event):
    """An event of a session."""

    _by = "session"
    session: Session


@dataclass(frozen=True)
class Opened(SessionEvent):
    """The session is open."""

    member = "opened"
    signal = "opened"


@dataclass(frozen=True)
class Closed(SessionEvent):
    """The session is open no more."""

    member = "closed"
    signal = "closed"


@dataclass(frozen=True)
class StateChanged(SessionEvent):
    """The session reached a state; Session.state may be further on already."""

    member = "state_changed"
    signal = "stateChanged"
    state: State


@dataclass(frozen=True)
class ErrorOccurred(SessionEvent):
    """The session failed; the text says in words what failed and why."""

    member = "error"
    signal = "error"
    error: ErrorCode
    text: str


@dataclass(frozen=True)
class PreferredConfigurationChanged(SessionEvent):
    """A better access point is in reach: answer with migrate or ignore.

    Told only where the application decides about roaming; see
    Session.application_roaming. is_seamless tells whether the local address of
    open sockets would survive.
    """

    member = "preferred_configuration_changed"
    signal = "preferredConfigurationChanged"
    configuration: Configuration
    is_seamless: bool


@dataclass(frozen=True)
class NewConfigurationActivated(SessionEvent):
    """The session uses the new access point: after migrate, accept or reject it."""

    member = "new_configuration_activated"
    signal = "newConfigurationActivated"


@dataclass(frozen=True)
class UsagePoliciesChanged(SessionEvent):
    """How the session should be used is different."""

    member = "usage_policies_changed"
    signal = "usagePoliciesChanged"
    policies: Policy
