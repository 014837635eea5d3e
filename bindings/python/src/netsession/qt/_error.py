"""`session.error`, which is a method and a signal."""

from __future__ import annotations

from typing import Any

SIGNAL = "_error_signal"


class ErrorAttribute:
    """The attribute of the class."""

    def __get__(self, session: Any, owner: type) -> Any:
        return ErrorOf(session) if session is not None else getattr(owner, SIGNAL)


class ErrorOf:
    """The attribute of a session: called it is the method, else the signal.

    Called with an argument it tells that error: so does a signal that was connected
    to it.
    """

    def __init__(self, session: Any) -> None:
        self._session = session

    def __call__(self, *told: Any) -> Any:
        if told:
            return self.emit(*told)
        return self._session._last_error()

    def __getattr__(self, name: str) -> Any:
        return getattr(getattr(self._session, SIGNAL), name)

    def __getitem__(self, signature: Any) -> Any:
        return self

    def __repr__(self) -> str:
        return f"<signal and method error of {self._session!r}>"
