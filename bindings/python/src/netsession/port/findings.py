"""What is reported about a file."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Becomes(enum.Enum):
    """What becomes of a use."""

    REWRITTEN = "rewrite"
    """--write changes it."""

    STAYS = "stays"
    """It works as it is, once the imports are rewritten or the Qt shim is there."""

    BY_HAND = "by hand"
    """Somebody has to look at it."""


@dataclass(frozen=True)
class Finding:
    """One use of a removed class.

    line and column count from 1; what is the use itself, and advice a phrase
    that says what becomes of it.
    """

    line: int
    column: int
    what: str
    becomes: Becomes
    advice: str


@dataclass(frozen=True)
class Edit:
    """Text to be put in the place of that between two offsets."""

    start: int
    end: int
    text: str


class Unreadable(Exception):
    """A file that cannot be read or understood; says why."""
