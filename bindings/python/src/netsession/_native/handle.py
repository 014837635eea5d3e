"""The base of managers, configurations and sessions: owns one handle of the C interface."""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Callable
from typing import Any

from ..errors import ClosedError, ForkedError
from .library import is_forked, release
from .text import from_c


class Handle:
    """Owns a handle, and frees the handle at the latest when nothing refers to the object.

    library is what library.load returned, free the name of the C function that frees
    the handle. at_exit selects whether the interpreter frees the handle at exit: objects
    with callbacks need that, configurations do not.
    """

    def __init__(self, library: ctypes.CDLL, pointer: int, free: str, at_exit: bool) -> None:
        self._library = library
        self._pointer = pointer
        self._finalizer = weakref.finalize(self, release, getattr(library, free), pointer)
        self._finalizer.atexit = at_exit

    @property
    def _handle(self) -> int:
        """The handle, to pass to a C function.

        Raises ForkedError in a forked child, ClosedError after the handle was freed.
        """
        if is_forked():
            raise ForkedError
        if not self._finalizer.alive:
            raise ClosedError(f"This {type(self).__name__} was closed or freed before.")
        return self._pointer

    def _call(self, function: str, *arguments: Any) -> int:
        """Calls a C function on the handle; a negative result raises."""
        result: int = getattr(self._library, function)(self._handle, *arguments)
        return result

    def _string(self, function: str, *arguments: Any) -> str:
        """Calls a C function on the handle that returns a string."""
        return from_c(getattr(self._library, function)(self._handle, *arguments))

    def _out(self, function: str, *arguments: Any) -> int:
        """Calls a C function on the handle that stores a new handle; returns the new one."""
        return new_handle(getattr(self._library, function), self._handle, *arguments)

    def __reduce__(self) -> str | tuple[Any, ...]:
        raise TypeError(
            f"a netsession.{type(self).__name__} cannot be pickled; "
            "pass the configuration's identifier instead"
        )


def new_handle(function: Callable[..., int], *arguments: Any) -> int:
    """Calls a C function whose last argument receives a handle, and returns the handle."""
    out = ctypes.c_void_p()
    function(*arguments, ctypes.byref(out))
    assert out.value is not None, "the library succeeds with a handle"
    return out.value
