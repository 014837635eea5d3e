"""Tables for users: aligned, and coloured on a terminal only."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Sequence

from ._format import clean

BOLD = "1"
Row = Sequence[str]


def coloured() -> bool:
    """Whether colours are wanted: on a terminal, unless NO_COLOR is set."""
    capable = os.environ.get("TERM", "dumb") != "dumb"
    return capable and not os.environ.get("NO_COLOR") and sys.stdout.isatty()


def paint(text: str, colour: str) -> str:
    """The text in a colour, where colours are wanted."""
    return f"\x1b[{colour}m{text}\x1b[0m" if colour and coloured() else text


def print_table(head: Row, rows: Sequence[Row], colours: Sequence[str] = ()) -> None:
    """Prints rows below a head; colours has one per row."""
    lines = [[clean(cell) for cell in row] for row in (head, *rows)]
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    for line, colour in zip(lines, (BOLD, *colours), strict=True):
        cells = (cell + " " * (w - width(cell)) for cell, w in zip(line, widths, strict=True))
        print(paint("  ".join(cells).rstrip(), colour))


def print_facts(facts: Sequence[tuple[str, str]]) -> None:
    """Prints pairs of a name and a value, one on a line."""
    indent = max(len(name) for name, _ in facts) + 2
    for name, value in facts:
        print(f"{paint(f'{name}:'.ljust(indent), BOLD)}{clean(value)}".rstrip())


def width(text: str) -> int:
    """The width of a text on a terminal, in columns."""
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )
