"""The C functions that the library calls, at module level so that they never die.

They run inside Manager.dispatch, and only take each event out of the library:
handlers run after that, outside of C, where they may raise.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from . import _abi, events
from ._text import from_c
from .configuration import from_borrowed, from_borrowed_list
from .enums import ErrorCode, LogLevel, Policy, Reachability, State, Transport
from .events import Event

if TYPE_CHECKING:
    import ctypes

    from ._emitter import Emitter

_emitters: weakref.WeakValueDictionary[int, Emitter] = weakref.WeakValueDictionary()
_keys = itertools.count(1)

Convert = Callable[..., tuple[Any, ...]]  # from an emitter and C's arguments


def register(emitter: Emitter) -> int:
    """Returns the user_data by which trampolines find the emitter."""
    key = next(_keys)
    _emitters[key] = emitter
    return key


def _take(event: Callable[..., Event], convert: Convert, *raw: Any) -> None:
    _handle, *arguments, key = raw
    emitter = _emitters.get(key)
    if emitter is None:
        return
    manager = emitter._queue_owner

    def enqueue() -> None:
        converted = convert(emitter, *arguments)
        if None not in converted:  # else it is about what is gone
            manager._enqueue(event(emitter, *converted))

    try:
        enqueue()
    except Exception as why:  # would be printed and lost in C
        manager._failures.append(why)
    except BaseException as why:  # a signal's handler raised: the event is not to blame
        manager._failures.append(why)
        enqueue()


def _nothing(_emitter: Emitter) -> tuple[()]:
    return ()


def _configuration(emitter: Emitter, pointer: int) -> tuple[Any, ...]:
    return (from_borrowed(emitter._queue_owner, pointer),)


def _offer(emitter: Emitter, pointer: int, seamless: int) -> tuple[Any, ...]:
    return (from_borrowed(emitter._queue_owner, pointer), seamless == 1)


def _question(emitter: Emitter, session: int, candidates: int) -> tuple[Any, ...]:
    manager = emitter._queue_owner
    asking = next((s for s in manager._sessions if s._pointer == session), None)
    return (asking, from_borrowed_list(manager, candidates))


def _number(kind: Callable[[int], Any]) -> Convert:
    return lambda _emitter, number: (kind(number),)


def _text(kind: Callable[[int], Any]) -> Convert:
    return lambda _emitter, number, text: (kind(number), from_c(text))


_CONVERTERS: dict[type[Event], Convert] = {
    events.ConfigurationAdded: _configuration,
    events.ConfigurationChanged: _configuration,
    events.ConfigurationRemoved: _configuration,
    events.OnlineStateChanged: _number(bool),
    events.UpdateCompleted: _nothing,
    events.Log: _text(LogLevel),
    events.ReachabilityChanged: _number(Reachability),
    events.CaptivePortalChanged: _number(bool),
    events.TransportChanged: _number(Transport),
    events.MeteredChanged: _number(bool),
    events.ChoiceRequested: _question,
    events.Opened: _nothing,
    events.Closed: _nothing,
    events.StateChanged: _number(State),
    events.ErrorOccurred: _text(ErrorCode),
    events.PreferredConfigurationChanged: _offer,
    events.NewConfigurationActivated: _nothing,
    events.UsagePoliciesChanged: _number(Policy),
}


def _trampolines(struct: type[ctypes.Structure], of: type[Event]) -> dict[str, Any]:
    prototypes = {name: kind for name, kind, *_ in struct._fields_}
    return {
        event.member: prototypes[event.member](partial(_take, event, convert))
        for event, convert in _CONVERTERS.items()
        if issubclass(event, of)
    }


MANAGER = _trampolines(_abi.ManagerCallbacks, events.ManagerEvent)
SESSION = _trampolines(_abi.SessionCallbacks, events.SessionEvent)
