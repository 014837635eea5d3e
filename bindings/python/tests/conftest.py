"""The built library, and managers of a played network."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from shared import LAPTOP, LIBRARY, Play

import netsession

os.environ.setdefault("NETSESSION_LIBRARY", str(LIBRARY))


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a script, and returns its path."""

    def write(text: str) -> Path:
        path = tmp_path / "test.play"
        path.write_text(text)
        return path

    return write


@pytest.fixture
def play(script: Callable[[str], Path]) -> Iterator[Play]:
    """Creates managers of a network that is played from a text."""
    made: list[netsession.Manager] = []

    def make(text: str, **options: str) -> netsession.Manager:
        manager = netsession.Manager(backend="script", script=script(text), **options)
        made.append(manager)
        return manager

    yield make
    for manager in made:
        manager.close()


@pytest.fixture
def laptop(play: Play) -> netsession.Manager:
    return play(LAPTOP)
