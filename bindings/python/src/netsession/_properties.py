"""The properties of a session, as a mapping."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING

from ._text import to_c

if TYPE_CHECKING:
    from .session import Session

_KNOWN = (
    "ActiveConfiguration",
    "UserChoiceConfiguration",
    "ConnectInBackground",
    "AutoCloseSessionTimeout",
)


class Properties(MutableMapping[str, str]):
    """A session's properties. A key is in it while it has a value that is not empty.

    ``ActiveConfiguration`` and ``UserChoiceConfiguration`` are identifiers, read-only
    (setting them does nothing) and there only while the session is open;
    ``ConnectInBackground`` is ``"true"`` where nobody shall be asked to choose;
    ``AutoCloseSessionTimeout`` is the milliseconds after which an open session
    closes by itself, ``"-1"`` for never. Other keys store what the application
    likes. Numbers and booleans are stored as words. Setting raises ArgumentError for
    what is no number, or no text. Since 0.1.
    """

    def __init__(self, session: Session) -> None:
        self._get = session._string
        self._set = session._call
        self._seen: dict[str, None] = dict.fromkeys(_KNOWN)

    def __getitem__(self, key: str) -> str:
        value = self._get("netsession_property", to_c(key, "key"))
        if not value:
            raise KeyError(key)
        return value

    def __setitem__(self, key: str, value: str | int | bool) -> None:
        words = str(value).lower() if isinstance(value, bool) else str(value)
        self._set("netsession_set_property", to_c(key, "key"), to_c(words, "value"))
        self._seen[key] = None

    def __delitem__(self, key: str) -> None:
        self[key]
        self._set("netsession_set_property", to_c(key, "key"), None)

    def __iter__(self) -> Iterator[str]:
        return (key for key in list(self._seen) if self.get(key))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return repr(dict(self))
