"""Converts session properties between Python, QVariant and the library's strings."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

from .. import ArgumentError


def _flag(text: str) -> bool | None:
    return text == "true" if text else None


from_property: dict[str, Callable[[str], Any]] = {
    "ActiveConfiguration": str,
    "UserChoiceConfiguration": str,
    "ConnectInBackground": _flag,
    "AutoCloseSessionTimeout": int,
}
"""The properties that the library knows, with the conversion from their strings."""


def set_property(properties: MutableMapping[str, str], key: str, value: Any) -> None:
    """Sets a property that the library knows, or removes it for None.

    Ignores values that are not valid for the property, and read-only properties, because
    Qt reported neither.
    """
    try:
        text = "" if value is None else _to_text(key, value)
        if text:
            properties[key] = text
        else:
            properties.pop(key, None)
    except (ArgumentError, OverflowError, TypeError, ValueError):
        pass


def _to_text(key: str, value: Any) -> str:
    if key == "AutoCloseSessionTimeout":
        return str(int(value))
    if key == "ConnectInBackground":
        if isinstance(value, str):
            value = value.lower() not in ("", "0", "false")
        return "true" if value else "false"
    return str(value)


def from_variant(value: Any) -> Any:
    """The value in PyQt's QVariant, None for an invalid QVariant; any other value unchanged."""
    if type(value).__name__ == "QVariant" and hasattr(value, "isValid"):
        return value.value() if value.isValid() else None
    return value
