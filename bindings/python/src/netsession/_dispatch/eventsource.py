"""The base of managers and sessions: their callbacks, and the registration of these in C."""

from __future__ import annotations

import ctypes
import itertools
import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from .._native.handle import Handle

if TYPE_CHECKING:
    from ..manager import Manager

F = TypeVar("F", bound=Callable[..., object])

_sources: weakref.WeakValueDictionary[int, EventSource] = weakref.WeakValueDictionary()
_keys = itertools.count(1)


def find(key: int) -> EventSource | None:
    """The event source whose callbacks have this user_data in C; None if it was deleted."""
    return _sources.get(key)


class Handler(Generic[F]):
    """An attribute ``on_...``: the callback for one kind of event, or None."""

    def __init__(self, doc: str) -> None:
        self.__doc__ = doc

    def __set_name__(self, _owner: type, name: str) -> None:
        self._member = name.removeprefix("on_")

    @overload
    def __get__(self, source: None, owner: type) -> Handler[F]: ...
    @overload
    def __get__(self, source: EventSource, owner: type) -> F | None: ...
    def __get__(self, source: EventSource | None, owner: type) -> Handler[F] | F | None:
        if source is None:
            return self
        return source._handlers.get(self._member)

    def __set__(self, source: EventSource, handler: F | None) -> None:
        source._set_handler(self._member, handler)

    def __delete__(self, source: EventSource) -> None:
        source._set_handler(self._member, None)


class EventSource(Handle):
    """Has handlers, and registers C callbacks for the events that have a listener.

    A subclass names the struct of callbacks, the C function that takes the struct, and
    the trampolines by the struct's members. ``_manager`` dispatches the events.
    """

    _struct: type[ctypes.Structure]
    _function: str
    _trampolines: dict[str, Any]
    _manager: Manager

    def __init__(self, library: ctypes.CDLL, pointer: int, free: str) -> None:
        super().__init__(library, pointer, free, at_exit=True)
        # Guards the next two fields. Reentrant: a signal handler may set a callback.
        self._registration = threading.RLock()
        self._handlers: dict[str, Any] = {}  # by member
        self._registered: frozenset[str] = frozenset()  # the members that C calls back
        self._key = next(_keys)  # the user_data in C
        _sources[self._key] = self

    def _set_handler(self, member: str, handler: Callable[..., object] | None) -> None:
        if handler is not None and not callable(handler):
            raise TypeError(f"on_{member} must be a callable or None, not {handler!r}")
        with self._registration:
            if handler is None:
                self._handlers.pop(member, None)
            else:
                self._handlers[member] = handler
            self._register()

    def _wanted(self) -> frozenset[str]:
        """The members that have a listener."""
        return frozenset(self._handlers)

    def _register(self) -> None:
        """Sets the callbacks in C, if the members with a listener have changed."""
        with self._registration:
            wanted = self._wanted()
            if wanted == self._registered:
                return
            struct = self._struct(ctypes.sizeof(self._struct), self._key)
            for member in wanted:
                setattr(struct, member, self._trampolines[member])
            self._call(self._function, ctypes.byref(struct))
            self._registered = wanted
