"""The C callbacks, kept at module level so that C never calls a collected callback.

The library calls a trampoline inside Manager.dispatch. A trampoline only takes the event
out of the library: the dispatcher calls the handlers later, outside of C, where a handler
may raise.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import partial
from typing import Any

from .. import events
from .._native import abi
from .._native.text import from_c
from ..configuration import from_borrowed, from_borrowed_list
from ..enums import ErrorCode, LogLevel, Policy, Reachability, State, Transport
from ..events import Event
from .eventsource import EventSource, find

Convert = Callable[..., tuple[Any, ...]]  # from an event source and C's arguments


def _take(event: Callable[..., Event], convert: Convert, *raw: Any) -> None:
    """Appends the event to the queue of the source's manager.

    raw is what C passes: the handle, the event's arguments, and user_data.
    """
    _handle, *arguments, key = raw
    source = find(key)
    if source is None:
        return
    manager = source._manager

    def enqueue() -> None:
        converted = convert(source, *arguments)
        if None not in converted:  # else the object of the event was deleted
            manager._enqueue(event(source, *converted))

    try:
        enqueue()
    except Exception as why:  # C would print and lose it
        manager._failures.append(why)
    except BaseException as why:  # a signal handler raised: the event is intact
        manager._failures.append(why)
        enqueue()


def _nothing(_source: EventSource) -> tuple[()]:
    return ()


def _configuration(source: EventSource, pointer: int) -> tuple[Any, ...]:
    return (from_borrowed(source._manager, pointer),)


def _preferred(source: EventSource, pointer: int, is_seamless: int) -> tuple[Any, ...]:
    return (from_borrowed(source._manager, pointer), is_seamless == 1)


def _choice(source: EventSource, pointer: int, candidates: int) -> tuple[Any, ...]:
    manager = source._manager
    session = next((s for s in manager._sessions if s._pointer == pointer), None)
    return (session, from_borrowed_list(manager, candidates))


def _number(kind: Callable[[int], Any]) -> Convert:
    return lambda _source, number: (kind(number),)


def _number_and_text(kind: Callable[[int], Any]) -> Convert:
    return lambda _source, number, text: (kind(number), from_c(text))


_CONVERTERS: dict[type[Event], Convert] = {
    events.ConfigurationAdded: _configuration,
    events.ConfigurationChanged: _configuration,
    events.ConfigurationRemoved: _configuration,
    events.OnlineStateChanged: _number(bool),
    events.UpdateCompleted: _nothing,
    events.Log: _number_and_text(LogLevel),
    events.ReachabilityChanged: _number(Reachability),
    events.CaptivePortalChanged: _number(bool),
    events.TransportChanged: _number(Transport),
    events.MeteredChanged: _number(bool),
    events.ChoiceRequested: _choice,
    events.Opened: _nothing,
    events.Closed: _nothing,
    events.StateChanged: _number(State),
    events.ErrorOccurred: _number_and_text(ErrorCode),
    events.PreferredConfigurationChanged: _preferred,
    events.NewConfigurationActivated: _nothing,
    events.UsagePoliciesChanged: _number(Policy),
}


def _trampolines(struct: type[ctypes.Structure], kind: type[Event]) -> dict[str, Any]:
    """The trampolines for the members of a struct of callbacks."""
    prototypes = {name: prototype for name, prototype, *_ in struct._fields_}
    return {
        event.member: prototypes[event.member](partial(_take, event, convert))
        for event, convert in _CONVERTERS.items()
        if issubclass(event, kind)
    }


MANAGER = _trampolines(abi.ManagerCallbacks, events.ManagerEvent)
SESSION = _trampolines(abi.SessionCallbacks, events.SessionEvent)
