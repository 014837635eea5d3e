"""What the tests share: the built library, and managers of a network that is played."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import netsession

ROOT = Path(__file__).resolve().parents[3]
WAIT = 20.0  # seconds; far more than anything takes

os.environ.setdefault("NETSESSION_LIBRARY", str(ROOT / "build" / "libnetsession.so"))

# A laptop with a cable that is plugged in and a radio that is off.
LAPTOP = """
access-point eth0 name="Office cable" bearer=ethernet state=active address=192.0.2.5/24 \
 default-route=yes metric=100 received=1000 written=500 index=7
access-point wlan0 name="Wi-Fi" bearer=wlan strength=70 address=192.0.2.77/24 \
 default-route=yes metric=600
"""

Play = Callable[..., netsession.Manager]


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
    """Makes managers of a network that is played from a text."""
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


def until(
    manager: netsession.Manager, condition: Callable[[], object], wait: float = WAIT
) -> None:
    """Dispatches until a condition is true, with a bound."""
    import time

    deadline = time.monotonic() + wait
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        manager.dispatch(0.05)
