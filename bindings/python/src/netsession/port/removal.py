"""Removes names from an import statement, and keeps the rest of its layout."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from netsession.port.findings import Edit

LINE_END = re.compile(r"[ \t]*(\\?)(\r\n?|\n|$)")
BLANKS = " \t"


@dataclass(frozen=True)
class Item:
    """A name in an import statement: the offsets of it and of the comma after it."""

    start: int
    end: int
    comma: int | None
    removed: bool


def removals(text: str, items: Sequence[Item], in_parentheses: bool) -> list[Edit]:
    """The edits that remove the marked names; at least one name has to stay."""
    last = max(index for index, item in enumerate(items) if not item.removed)
    tail = items[last + 1 :]
    gap = text[items[last].end : tail[-1].end] if tail else ""
    if tail and (not in_parentheses or not re.search(r"[\r\n#]", gap)):
        rest = removals(text, items[: last + 1], in_parentheses)
        return [*rest, Edit(items[last].end, tail[-1].end, "")]
    pieces: list[tuple[int, int]] = []
    for index, item in enumerate(items):
        if item.removed:
            before = items[index - 1].comma if index else None
            if any(start <= (before or 0) < end for start, end in pieces):
                before = None  # removed with the previous name
            _add(text, pieces, _pieces(text, item, before))
    return [Edit(*_widened(text, start, end), "") for start, end in pieces]


def _pieces(text: str, item: Item, before: int | None) -> list[tuple[int, int]]:
    """The comma to remove with a name: after it, or at the beginning of its line."""
    if (
        before is not None
        and _leads(text, before)
        and not text[before + 1 : item.start].strip(BLANKS)
    ):
        return [(before, item.end)]
    if item.comma is None:
        return [(item.start, item.end)]
    if not text[item.end : item.comma].strip(BLANKS):
        return [(item.start, item.comma + 1)]
    return [(item.start, item.end), (item.comma, item.comma + 1)]


def _leads(text: str, offset: int) -> bool:
    """Whether an offset is the first non-blank one of its line."""
    before = text[:offset].rstrip(BLANKS)
    return not before or before[-1] in "\r\n"


def _add(text: str, pieces: list[tuple[int, int]], more: list[tuple[int, int]]) -> None:
    """Adds pieces, and joins pieces that only blanks separate."""
    for start, end in more:
        if pieces and not text[pieces[-1][1] : start].strip(BLANKS):
            pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((start, end))


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """A piece with the blanks around it, or its whole line if nothing else is on it."""
    ending = LINE_END.match(text, end)
    if _leads(text, start):
        if ending:
            return len(text[:start].rstrip(BLANKS)), ending.end()
    elif ending or text[end:].lstrip(BLANKS).startswith("#"):
        return len(text[:start].rstrip(BLANKS)), end
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    return start, end
