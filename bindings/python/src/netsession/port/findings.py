"""The findings in a file, and the edits to it, as values."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Outcome(enum.Enum):
    """The treatment of a use."""

    REWRITTEN = "rewrite"
    """--write rewrites it."""

    STAYS = "stays"
    """It works unchanged with rewritten imports, or with the Qt shim."""

    BY_HAND = "by hand"
    """The programmer has to change it."""


@dataclass(frozen=True)
class Finding:
    """One use of a removed class.

    line and column count from 1. what is the text of the use, and advice a phrase about
    its result.
    """

    line: int
    column: int
    what: str
    outcome: Outcome
    advice: str


@dataclass(frozen=True)
class Edit:
    """A replacement of the text between two offsets."""

    start: int
    end: int
    text: str


class Unreadable(Exception):
    """Raised for a file that cannot be read or parsed, with the reason."""
