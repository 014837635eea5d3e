"""The values of session properties, between Python, QVariant and words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def _flag(words: str) -> bool | None:
    return words == "true" if words else None


from_property: dict[str, Callable[[str], Any]] = {
    "ActiveConfiguration": str,
    "UserChoiceConfiguration": str,
    "ConnectInBackground": _flag,
    "AutoCloseSessionTimeout": int,
}
"""How the words of a property that the library knows become a value."""


def to_property(key: str, value: Any) -> str:
    """The words of a value for a property that the library knows; "" for none."""
    if value is None:
        return ""
    if key == "ConnectInBackground":
        return "true" if value else "false"
    return str(int(value)) if key == "AutoCloseSessionTimeout" else str(value)


def from_variant(value: Any) -> Any:
    """What a QVariant of PyQt holds, None for an invalid one; anything else as it is."""
    if type(value).__name__ == "QVariant" and hasattr(value, "isValid"):
        return value.value() if value.isValid() else None
    return value
