"""What the three kinds of objects have in common: a handle of the C interface."""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Callable
from typing import Any

from . import _library
from ._text import from_c
from .errors import ClosedError, ForkedError


class Handle:
    """Owns a handle, and frees it at the latest when nobody refers to it."""

    def __init__(self, library: ctypes.CDLL, pointer: int, free: str, at_exit: bool) -> None:
        self._library = library
        self._pointer = pointer
        self._finalizer = weakref.finalize(
            self, _library.release, getattr(library, free), pointer
        )
        self._finalizer.atexit = at_exit

    @property
    def _handle(self) -> int:
        """The handle for a call; an exception where there is none any more."""
        if _library.is_forked():
            raise ForkedError
        if not self._finalizer.alive:
            raise ClosedError(f"This {type(self).__name__} was closed or freed before.")
        return self._pointer

    def _call(self, function: str, *arguments: Any) -> int:
        """Calls a C function on the handle; a negative result raises."""
        result: int = getattr(self._library, function)(self._handle, *arguments)
        return result

    def _string(self, function: str, *arguments: Any) -> str:
        return from_c(getattr(self._library, function)(self._handle, *arguments))

    def _out(self, function: str, *arguments: Any) -> int:
        """Calls a C function that stores a new handle, and returns that."""
        return new_handle(getattr(self._library, function), self._handle, *arguments)

    def __reduce__(self) -> str | tuple[Any, ...]:
        raise TypeError(
            f"a netsession.{type(self).__name__} cannot be pickled; "
            "pass the configuration's identifier instead"
        )


def new_handle(function: Callable[..., int], *arguments: Any) -> int:
    """Calls a C function whose last argument receives a handle, and returns it."""
    out = ctypes.c_void_p()
    function(*arguments, ctypes.byref(out))
    assert out.value is not None, "the library succeeds with a handle"
    return out.value
