"""What managers and sessions have in common: handlers, and what C is asked to tell."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from . import _trampolines
from ._handle import Handle

if TYPE_CHECKING:
    from .manager import Manager

F = TypeVar("F", bound=Callable[..., object])


class Handler(Generic[F]):
    """An attribute ``on_...``: the callable for one kind of event, or None."""

    def __init__(self, doc: str) -> None:
        self.__doc__ = doc

    def __set_name__(self, _owner: type, name: str) -> None:
        self._member = name.removeprefix("on_")

    @overload
    def __get__(self, emitter: None, owner: type) -> Handler[F]: ...
    @overload
    def __get__(self, emitter: Emitter, owner: type) -> F | None: ...
    def __get__(self, emitter: Emitter | None, owner: type) -> Handler[F] | F | None:
        if emitter is None:
            return self
        return emitter._handlers.get(self._member)

    def __set__(self, emitter: Emitter, handler: F | None) -> None:
        emitter._set_handler(self._member, handler)

    def __delete__(self, emitter: Emitter) -> None:
        emitter._set_handler(self._member, None)


class Emitter(Handle):
    """Has handlers, and registers with C for what somebody listens to."""

    _struct: type[ctypes.Structure]
    _function: str
    _table: dict[str, Any]
    _queue_owner: Manager

    def __init__(self, library: ctypes.CDLL, pointer: int, free: str) -> None:
        super().__init__(library, pointer, free, at_exit=True)
        self._handlers: dict[str, Any] = {}
        self._registered: frozenset[str] = frozenset()
        self._registration = threading.RLock()
        self._key = _trampolines.register(self)

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
        """The members that somebody listens to."""
        return frozenset(self._handlers)

    def _register(self) -> None:
        """Tells C what to tell, where that is different from before."""
        with self._registration:
            wanted = self._wanted()
            if wanted == self._registered:
                return
            struct = self._struct(ctypes.sizeof(self._struct), self._key)
            for member in wanted:
                setattr(struct, member, self._table[member])
            self._call(self._function, ctypes.byref(struct))
            self._registered = wanted
