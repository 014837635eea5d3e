"""examples/python/watch.py, through a pipe."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from shared import LAPTOP, ROOT, WAIT, eventually

Start = Callable[[str], "Watch"]


class Watch:
    """The program on a played network, and its output so far."""

    def __init__(self, play: Path) -> None:
        self._printed = play.with_suffix(".output")
        options = f"backend=script,script={play}"
        with self._printed.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, ROOT / "examples/python/watch.py"],
                env={**os.environ, "NETSESSION_OPTIONS": options},
                stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def printed(self) -> str:
        return self._printed.read_text()

    def prints(self, *texts: str) -> bool:
        """Whether lines with the texts are printed in this order."""
        pattern = re.compile(".*".join(map(re.escape, texts)), re.S)
        return eventually(lambda: pattern.search(self.printed()))


@pytest.fixture
def start(script: Callable[[str], Path]) -> Iterator[Start]:
    started: list[Watch] = []

    def go(text: str) -> Watch:
        started.append(Watch(script(text)))
        return started[-1]

    yield go
    for watch in started:
        watch.process.kill()
        watch.process.wait()


def test_roams_and_returns(start: Start) -> None:
    watch = start(
        LAPTOP + "after 1s\n set eth0 state=defined\nafter 1s\n set eth0 state=active\n"
    )
    staying = "the new network works; staying"
    there, back = "offered: Wi-Fi; moving there", "offered: Office cable; moving there"
    assert watch.prints("connected by eth0, open", there, staying, back, staying)
    watch.process.send_signal(signal.SIGINT)
    assert watch.process.wait(WAIT) == 0
    assert "Traceback" not in watch.printed()


def test_opens_again(start: Start) -> None:
    watch = start(
        "access-point eth0 state=active address=192.0.2.1/24 default-route=yes\n"
        "after 1s\n set eth0 state=defined\nafter 100ms\n set eth0 state=active\n"
    )
    opened = "connected by eth0, open"
    assert watch.prints(opened, "lost its link", "offline", "online", opened)
