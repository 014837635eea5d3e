"""The command line on a terminal, whose screen tmux returns."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from shared import LAPTOP, eventually
from terminal import Terminal

if shutil.which("tmux") is None:
    pytest.skip("tmux is missing", allow_module_level=True)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    made = Terminal(tmp_path)
    yield made
    made.end()


@pytest.fixture
def program(script: Callable[[str], Path]) -> str:
    path = script(LAPTOP)
    options = f"NETSESSION_OPTIONS=backend=script,script={path}"
    return f"{options} {shlex.quote(sys.executable)} -m netsession"


def test_colours(terminal: Terminal, program: str) -> None:
    terminal.type(f"clear; {program} list; echo status $?")
    assert terminal.shows("status 0")
    lines = terminal.screen(escapes=True).splitlines()
    eth0 = next(line for line in lines if "Office cable" in line)
    assert "\x1b[32m" in eth0
    assert "\x1b[1m" in next(line for line in lines if "IDENTIFIER" in line)
    terminal.type(f"clear; NO_COLOR=1 {program} list; echo plain $?")
    assert terminal.shows("plain 0")
    assert "\x1b[32m" not in terminal.screen(escapes=True)


def test_columns_are_aligned(terminal: Terminal, program: str) -> None:
    terminal.type(f"clear; {program} list; echo status $?")
    assert terminal.shows("status 0")
    lines = [line for line in terminal.screen().splitlines() if "AccessPoint" in line]
    assert len({line.index("InternetAccessPoint") for line in lines}) == 1


def test_ctrl_c(terminal: Terminal, program: str) -> None:
    terminal.type(f"clear; {program} monitor; echo ended $?")
    assert terminal.shows("Ctrl-C ends.")
    terminal.press("C-c")
    assert terminal.shows("ended 0")
    assert "Traceback" not in terminal.screen()
    terminal.type(f"clear; {program} open wlan0; echo closed $?")
    assert terminal.shows("wlan0 is open on wlan0; Ctrl-C closes it.")
    terminal.press("C-c")
    assert terminal.shows("closed 0")
    assert "Traceback" not in terminal.screen()


def test_ctrl_c_is_for_the_command_of_hold(terminal: Terminal, program: str) -> None:
    command = "sh -c 'trap \"echo got it; exit 9\" INT; echo running; sleep 60'"
    terminal.type(f"clear; {program} hold wlan0 -- {command}; echo held $?")
    assert eventually(lambda: "running" in terminal.screen().splitlines())
    terminal.press("C-c")
    assert terminal.shows("held 9")
    assert "Traceback" not in terminal.screen()
