"""The command line on a terminal: tmux shows what a person would see."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from shared import LAPTOP, eventually

if shutil.which("tmux") is None:
    pytest.skip("tmux is missing", allow_module_level=True)


class Terminal:
    """A terminal of its own, with a shell in it."""

    def __init__(self, folder: Path) -> None:
        self._socket = str(folder / "tmux")
        environment = {k: v for k, v in os.environ.items() if k not in ("TMUX", "NO_COLOR")}
        environment.update(PS1="$ ", TERM="screen", LC_ALL="C.UTF-8")
        command = ["tmux", "-S", self._socket, "-f", "/dev/null", "new-session", "-d"]
        size = ["-x", "120", "-y", "30"]
        subprocess.run([*command, *size, "sh"], env=environment, check=True)

    def _tmux(self, *arguments: str) -> str:
        command = ["tmux", "-S", self._socket, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def type(self, text: str) -> None:
        self._tmux("send-keys", "-l", text)
        self._tmux("send-keys", "Enter")

    def press(self, key: str) -> None:
        self._tmux("send-keys", key)

    def screen(self, escapes: bool = False) -> str:
        return self._tmux("capture-pane", "-p", *(["-e"] if escapes else []))

    def shows(self, text: str) -> bool:
        return eventually(lambda: text in self.screen())

    def end(self) -> None:
        self._tmux("kill-server")


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
