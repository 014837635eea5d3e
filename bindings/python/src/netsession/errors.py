"""The exceptions. Since 0.1.

A failure of the *network* is a SessionError or an event. All other exceptions mean that
the program used the package in a wrong way.
"""

from __future__ import annotations

import errno
import os

from .enums import ErrorCode

__all__ = [
    "ArgumentError",
    "BusyError",
    "ClosedError",
    "ForkedError",
    "InternalError",
    "LibraryError",
    "NetsessionError",
    "NotAskedError",
    "OpenTimeoutError",
    "OptionError",
    "SessionError",
    "SocketError",
]


class NetsessionError(Exception):
    """The base class of all exceptions of this package. Since 0.1."""


class LibraryError(NetsessionError):
    """libnetsession.so cannot be found, or has another version. Since 0.1."""


class OptionError(NetsessionError, ValueError):
    """An option of a manager is wrong, or a script cannot be played. Since 0.1.

    ``errno`` is the reason: EINVAL (no such value), EPROTO (not a valid script),
    ENOENT and the like (the script cannot be read).
    """

    def __init__(self, number: int, text: str) -> None:
        super().__init__(text)
        self.errno = number


class ArgumentError(NetsessionError, ValueError):
    """An argument is out of its range, or not text. Since 0.1."""


class ClosedError(NetsessionError, ValueError):
    """The manager was closed, or the session freed. Since 0.1."""


class BusyError(NetsessionError, RuntimeError):
    """Another thread is dispatching the manager. Since 0.1."""


class NotAskedError(NetsessionError, RuntimeError):
    """Session.choose was called while the session asks no question. Since 0.1."""


class ForkedError(NetsessionError, RuntimeError):
    """The process is a fork of a process that used the library. Since 0.1."""

    def __init__(self) -> None:
        super().__init__(
            "netsession was used before this process was forked, and cannot be used "
            "in the child. Start the child by exec instead: subprocess does, and so "
            'does multiprocessing.get_context("spawn").'
        )


class InternalError(NetsessionError, OSError):
    """The library is out of memory, or has an internal error. Since 0.1.

    ``errno`` is the reason.
    """


class SocketError(NetsessionError, OSError):
    """A socket cannot be bound to a session's link. Since 0.1.

    ``errno`` is the reason: ENOTCONN (the session is not connected), EBADFD or ENOTSOCK
    (it is not a socket), EAFNOSUPPORT (its family is neither IPv4 nor IPv6),
    EBUSY (it is bound to another link), EISCONN (it is connected already), ENODEV
    (the link has vanished, or is played from a script), EPERM (the kernel refuses).
    """


class SessionError(NetsessionError):
    """A session could not be opened, or was ended by the network. Since 0.1.

    ``error`` is the ErrorCode, ``text`` a sentence that says what failed and why, and
    ``identifier`` the configuration's identifier.
    """

    def __init__(self, error: ErrorCode, text: str, identifier: str) -> None:
        super().__init__(text)
        self.error = error
        self.text = text
        self.identifier = identifier

    def __reduce__(self) -> tuple[type, tuple[ErrorCode, str, str]]:
        return type(self), (self.error, self.text, self.identifier)


class OpenTimeoutError(SessionError, TimeoutError):
    """A session was not open before the timeout. Since 0.1."""


_SOCKET = {
    errno.ENOTCONN: "the session is not connected, so that there is no link to bind to",
    errno.EBUSY: "it is bound to another link; make a new socket",
    errno.EISCONN: "it is connected; bind it before that",
    errno.ENODEV: "the session's link has vanished, or is played from a script",
}


def from_errno(number: int, function: str) -> NetsessionError:
    """Creates the exception for a negative result of a C function."""
    if number == errno.ECHILD:
        return ForkedError()
    if number == errno.EBADF:
        return ClosedError("It was closed or freed before, and cannot be used any more.")
    if function == "netsession_bind_socket":
        why = _SOCKET.get(number, os.strerror(number))
        return SocketError(number, f"The socket cannot be bound to the session: {why}")
    if number in (errno.EALREADY, errno.ESRCH):
        over = "any more" if number == errno.EALREADY else "yet"
        return NotAskedError(f"The session does not ask what to open {over}.")
    if number == errno.EBUSY:
        return BusyError(
            "Another thread is dispatching this manager. Give each thread a manager of its own."
        )
    if number in (errno.EINVAL, errno.EILSEQ):
        return ArgumentError(f"{function}: an argument is out of its range or not valid text.")
    return InternalError(number, f"{function}: {os.strerror(number)}")
