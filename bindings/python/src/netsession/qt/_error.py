"""`session.error`, which is a method and a signal."""

from __future__ import annotations

import weakref
from typing import Any

from ._enums import QNetworkSession
from ._object import private_of

ERROR_SIGNAL = "_netsession_error"
"""The name of the signal in the class; the attribute `error` wraps it."""


class ErrorAttribute:
    """The descriptor of the class's attribute `error`.

    A session has one ErrorOf at a time: a disconnect has to find the object that was
    connected.
    """

    def __get__(self, session: Any, owner: type) -> Any:
        if session is None:
            return getattr(owner, ERROR_SIGNAL)
        private = session._netsession
        found = private.error_attribute() if private is not None else None
        if found is None:
            found = ErrorOf(session)
        if private is not None:
            private.error_attribute = weakref.ref(found)
        return found


class ErrorOf:
    """A session's last error, by the call error(), and the signal of an error.

    A function that takes only a signal of the binding, as QSignalSpy does, takes
    error[QNetworkSession.SessionError]. A call with an argument emits the signal, so
    that another signal can be connected to this one. Since 0.1.
    """

    def __init__(self, session: Any) -> None:
        self._session = session

    def __call__(self, *error: Any) -> Any:
        if error:
            return self._signal().emit(*error)
        private = private_of(self._session)
        assert private.session is not None
        return QNetworkSession.SessionError(
            private.signal_frame.get("error", private.session.error or 0)
        )

    def _signal(self) -> Any:
        return getattr(self._session, ERROR_SIGNAL)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._signal(), name)

    def __getitem__(self, signature: Any) -> Any:
        return self._signal()

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """Makes isinstance accept the object as a signal."""
        return type(self._signal())

    def __repr__(self) -> str:
        return f"<signal and method error of {self._session!r}>"
