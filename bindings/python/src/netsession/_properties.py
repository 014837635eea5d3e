"""The properties of a session, as a mapping."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping

from ._native.text import to_c

_KNOWN = (
    "ActiveConfiguration",
    "UserChoiceConfiguration",
    "ConnectInBackground",
    "AutoCloseSessionTimeout",
)


class Properties(MutableMapping[str, str]):
    """A session's properties. A key is in the mapping while its value is not empty.

    ``ActiveConfiguration`` and ``UserChoiceConfiguration`` are identifiers, read-only
    (setting them does nothing), and present only while the session is open.
    ``ConnectInBackground`` is ``"true"`` if the user must not be asked to choose.
    ``AutoCloseSessionTimeout`` is the milliseconds after which an open session
    closes by itself, ``"-1"`` for never. Other keys store values of the application.
    Numbers and booleans are stored as text. Setting a value raises ArgumentError if
    the property needs a number and the value is not one, or if the value is not valid
    text. Since 0.1.
    """

    def __init__(self, get: Callable[..., str], call: Callable[..., int]) -> None:
        """get and call run a C function on the session; for Session only."""
        self._get = get
        self._call = call
        self._seen: dict[str, None] = dict.fromkeys(_KNOWN)  # keys, in their order

    def __getitem__(self, key: str) -> str:
        value = self._get("netsession_property", to_c(key, "key"))
        if not value:
            raise KeyError(key)
        return value

    def __setitem__(self, key: str, value: str | int | bool) -> None:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        self._call("netsession_set_property", to_c(key, "key"), to_c(text, "value"))
        self._seen[key] = None

    def __delitem__(self, key: str) -> None:
        self[key]
        self._call("netsession_set_property", to_c(key, "key"), None)

    def __iter__(self) -> Iterator[str]:
        return (key for key in list(self._seen) if self.get(key))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return repr(dict(self))
