"""`session.error`, which is a method and a signal."""

from __future__ import annotations

import weakref
from typing import Any

from ._enums import QNetworkSession
from ._object import live

SIGNAL = "_netsession_error"


class ErrorAttribute:
    """The attribute of the class.

    A session has one at a time: who disconnects one that was connected has to find
    the same again.
    """

    def __get__(self, session: Any, owner: type) -> Any:
        if session is None:
            return getattr(owner, SIGNAL)
        inside = session._netsession
        found = inside.error() if inside is not None else None
        if found is None:
            found = ErrorOf(session)
        if inside is not None:
            inside.error = weakref.ref(found)
        return found


class ErrorOf:
    """A session's last error, called as error(), and the signal that tells of one.

    What takes nothing but a signal of the binding, as QSignalSpy does, takes
    error[QNetworkSession.SessionError]. Called with an argument it tells that error:
    so does a signal that was connected to it. Since 0.1.
    """

    def __init__(self, session: Any) -> None:
        self._session = session

    def __call__(self, *told: Any) -> Any:
        if told:
            return self._signal().emit(*told)
        inside = live(self._session)
        assert inside.session is not None
        return QNetworkSession.SessionError(inside.said.get("error", inside.session.error or 0))

    def _signal(self) -> Any:
        return getattr(self._session, SIGNAL)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._signal(), name)

    def __getitem__(self, signature: Any) -> Any:
        return self._signal()

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """For isinstance: it is a signal, too."""
        return type(self._signal())

    def __repr__(self) -> str:
        return f"<signal and method error of {self._session!r}>"
