"""The values of session properties, between Python, QVariant and words."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

from .. import ArgumentError


def _flag(words: str) -> bool | None:
    return words == "true" if words else None


from_property: dict[str, Callable[[str], Any]] = {
    "ActiveConfiguration": str,
    "UserChoiceConfiguration": str,
    "ConnectInBackground": _flag,
    "AutoCloseSessionTimeout": int,
}
"""How the words of a property that the library knows become a value."""


def set_property(properties: MutableMapping[str, str], key: str, value: Any) -> None:
    """Sets a property that the library knows, or removes it for None.

    What is no value for it, or is read-only, changes nothing: nothing was ever said
    of it in Qt.
    """
    try:
        words = "" if value is None else _words(key, value)
        if words:
            properties[key] = words
        else:
            properties.pop(key, None)
    except (ArgumentError, OverflowError, TypeError, ValueError):
        pass


def _words(key: str, value: Any) -> str:
    if key == "AutoCloseSessionTimeout":
        return str(int(value))
    if key == "ConnectInBackground":
        if isinstance(value, str):
            value = value.lower() not in ("", "0", "false")
        return "true" if value else "false"
    return str(value)


def from_variant(value: Any) -> Any:
    """What a QVariant of PyQt holds, None for an invalid one; anything else as it is."""
    if type(value).__name__ == "QVariant" and hasattr(value, "isValid"):
        return value.value() if value.isValid() else None
    return value
