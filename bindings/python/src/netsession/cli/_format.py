"""Formats values: as text for users, and for JSON."""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Any

from ..configuration import Configuration
from ..enums import ConfigurationState


def label(value: IntEnum | IntFlag) -> str:
    """The name of an enumerator in Qt's spelling, such as ``InternetAccessPoint``."""
    return (value.name or str(int(value))).title().replace("_", "")


def clean(text: str) -> str:
    """Escapes control characters: the name of a network is not trusted."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def as_json(value: Any) -> Any:
    """An argument of an event for JSON; a configuration as list --json has it."""
    if isinstance(value, Configuration):
        return describe(value)
    return label(value) if isinstance(value, (IntEnum, IntFlag)) else value


def as_text(value: Any) -> str:
    """An argument of an event as text."""
    if isinstance(value, Configuration):
        return f"{clean(value.identifier)} {label(value.state)}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return label(value) if isinstance(value, (IntEnum, IntFlag)) else clean(str(value))


def describe(configuration: Configuration) -> dict[str, Any]:
    """A configuration as a JSON object."""
    return {
        "identifier": configuration.identifier,
        "name": configuration.name,
        "type": label(configuration.type),
        "state": label(configuration.state),
        "bearerTypeName": configuration.bearer_type_name,
        "purpose": label(configuration.purpose),
        "isRoamingAvailable": configuration.is_roaming_available,
        "children": [child.identifier for child in configuration.children],
    }


COLOURS = {
    ConfigurationState.ACTIVE: "32",  # green
    ConfigurationState.DISCOVERED: "",
    ConfigurationState.DEFINED: "2",  # faint
    ConfigurationState.UNDEFINED: "2",
}
