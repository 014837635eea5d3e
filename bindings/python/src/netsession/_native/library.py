"""Finds the shared library, loads it once, and checks its version.

The order is: the path from the caller, the environment variable NETSESSION_LIBRARY, the
library inside the installed package, and the system's library by its SONAME. If a named
library cannot be loaded, that is an error: the package does not try the next one.
"""

from __future__ import annotations

import ctypes
import os
import threading
from pathlib import Path
from typing import Any

from .._version import VERSION
from ..errors import LibraryError, NetsessionError, from_errno
from . import abi

VARIABLE = "NETSESSION_LIBRARY"
BUNDLED = Path(__file__).parents[1] / abi.SONAME

_lock = threading.Lock()  # guards _loaded and _loaded_from
_loaded: ctypes.CDLL | None = None  # None until the first load
_loaded_from = ""
_forked = False  # this process is a fork of a process with the library loaded


def load(path: str | os.PathLike[str] | None = None) -> ctypes.CDLL:
    """Returns the library, and loads it at the first call.

    Raises LibraryError for another path than at the first call, because a process can
    load only one.
    """
    global _loaded, _loaded_from
    with _lock:
        if _loaded is None:
            found = _find(path)
            _loaded, _loaded_from = _open(found), found
        elif path is not None and not _same(os.fspath(path), _loaded_from):
            raise LibraryError(
                f"libnetsession was loaded from {_loaded_from} before; this process "
                f"cannot use {os.fspath(path)} as well."
            )
        return _loaded


def is_forked() -> bool:
    """Whether this process is a fork of a process that had loaded the library."""
    return _forked


def _mark_forked() -> None:
    global _forked
    _forked = _loaded is not None


os.register_at_fork(after_in_child=_mark_forked)


def _same(a: str, b: str) -> bool:
    return os.path.realpath(a) == os.path.realpath(b)


def _find(path: str | os.PathLike[str] | None) -> str:
    if path is not None:
        return os.fspath(path)
    named = os.environ.get(VARIABLE)
    if named:
        return named
    return str(BUNDLED) if BUNDLED.exists() else abi.SONAME


def _open(path: str) -> ctypes.CDLL:
    try:
        library = ctypes.CDLL(path)
    except OSError as why:
        raise LibraryError(_explain(path, why)) from None
    _check_version(library, path)
    _declare(library, path)
    return library


def _explain(path: str, why: OSError) -> str:
    if path == os.environ.get(VARIABLE):
        return f"{VARIABLE} names a library that cannot be loaded: {why}"
    if path != abi.SONAME:
        return f"The library cannot be loaded: {why}"
    return (
        f"libnetsession cannot be found. Tried: the environment variable {VARIABLE} "
        f"(not set), {BUNDLED} (not there), and {abi.SONAME} in the system's "
        f"library folders ({why}). Install it, or set {VARIABLE} to its path."
    )


def _check_version(library: ctypes.CDLL, path: str) -> None:
    try:
        number = library.netsession_version()
    except AttributeError:
        raise LibraryError(f"{path} is not libnetsession.") from None
    version = (number >> 16, number >> 8 & 0xFF, number & 0xFF)
    if version[0] != VERSION[0] or version < VERSION:
        raise LibraryError(
            f"{path} has version {_dotted(version)}; this package needs {_dotted(VERSION)}, "
            f"or a later one that begins with {VERSION[0]}."
        )


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _declare(library: ctypes.CDLL, path: str) -> None:
    for name, (result, arguments) in abi.FUNCTIONS.items():
        try:
            function = getattr(library, name)
        except AttributeError:
            raise LibraryError(f"{path} is too old: it has no {name}.") from None
        function.restype = result
        function.argtypes = arguments
        if result in (ctypes.c_int, ctypes.c_int64):
            function.errcheck = _check


def _check(result: int, function: Any, _arguments: tuple[Any, ...]) -> int:
    """Converts a negative result of a C function to an exception."""
    if result < 0:
        raise from_errno(-result, function.__name__)
    return result


def release(function: Any, pointer: int) -> None:
    """Frees a handle on behalf of a finalizer, which must not raise."""
    try:
        function(pointer)
    except NetsessionError:
        pass  # in a forked child, where the handle belongs to the parent
