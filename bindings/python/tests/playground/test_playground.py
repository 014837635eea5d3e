"""make lab, in a terminal and with its window on an X server: from the greeting to
the end, after which nothing is left.
"""

from __future__ import annotations

import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from shared import ROOT, eventually
from terminal import Terminal

MARK = "NETSESSION_PLAYGROUND"

# Prints the number of colours on the screen of the X server.
COLOURS = """
from PyQt6.QtGui import QGuiApplication
application = QGuiApplication([])
image = application.primaryScreen().grabWindow(0).toImage()
print(len({image.pixel(x, y) for x in range(0, 1000, 4) for y in range(0, 700, 4)}))
"""

# Connects to the Wayland socket, in the lab.
CONNECTS = """
import os, socket
name = os.environ["WAYLAND_DISPLAY"]
socket.socket(socket.AF_UNIX).connect(name)
print("connected to", name)
"""


@pytest.fixture(autouse=True)
def _possible() -> None:
    if shutil.which("tmux") is None:
        pytest.skip("tmux is missing")
    check = subprocess.run(
        [ROOT / "tests/lab/tools/enter", "--check"], capture_output=True, text=True
    )
    if check.returncode != 0:
        pytest.skip(check.stderr.strip())


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal in a Wayland session, whose socket accepts connections."""
    (tmp_path / "temporary").mkdir()
    (tmp_path / "runtime").mkdir(mode=0o700)
    variables = {
        MARK: str(tmp_path),
        "TMPDIR": str(tmp_path / "temporary"),
        "XDG_RUNTIME_DIR": str(tmp_path / "runtime"),
        "WAYLAND_DISPLAY": "wayland-7",
    }
    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(str(tmp_path / "runtime/wayland-7"))
        compositor.listen()
        made = Terminal(tmp_path, **variables)
        yield made
        made.end()


def colours() -> int:
    done = subprocess.run([sys.executable, "-c", COLOURS], capture_output=True, text=True)
    return int(done.stdout or 0)


def processes(folder: Path) -> set[str]:
    """The names of the processes that were started in the terminal."""
    mark = f"{MARK}={folder}\0".encode()
    names = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes():
                names.add((process / "comm").read_text().strip())
        except OSError:
            pass  # the process has exited
    return names


def mounts() -> list[str]:
    """The mounts at the places where the lab mounts."""
    lines = Path("/proc/self/mounts").read_text().splitlines()
    return [line for line in lines if line.split()[1] in ("/proc", "/run", "/sys", "/var/lib")]


def test_from_the_greeting_to_the_end(terminal: Terminal, tmp_path: Path) -> None:
    before = mounts()
    terminal.type(f"cd {shlex.quote(str(ROOT))}; clear; make -s lab; echo ended $?")
    assert terminal.shows("lab$", wait=200)  # including the build
    assert "plug office" in terminal.screen()
    running = {"NetworkManager", "dnsmasq", "dbus-daemon"}
    assert running <= processes(tmp_path)
    if (ROOT / "build/monitor/monitor").exists():
        assert terminal.shows("The window is the monitor")
        assert eventually(lambda: colours() > 100)
        assert "monitor" in processes(tmp_path)

    terminal.type(f"clear; python3 -c {shlex.quote(CONNECTS)}")
    assert terminal.shows("connected to /run/host/wayland-7")
    terminal.type("clear; netsession list")
    assert terminal.shows("Guest network")
    terminal.type("clear; session &")
    assert terminal.shows("Internet: connected by guest, open")
    terminal.type("clear; plug office")
    assert terminal.shows("offered: Office cable; moving there")
    assert terminal.shows("Internet: connected by office, open")
    terminal.type("clear; roam meeting")
    assert terminal.shows("guest is pulled.")
    assert terminal.shows("office is pulled.")
    assert terminal.shows("Internet: connected by meeting, open")
    terminal.press("C-c")
    terminal.type("clear; plug nowhere")
    assert terminal.shows("usage: plug CABLE")

    terminal.type("clear; exit")
    assert terminal.shows("ended 0")
    assert "Everything is gone." in terminal.screen()
    assert eventually(lambda: not processes(tmp_path) - {"tmux: server", "sh", "bash"})
    assert list((tmp_path / "temporary").iterdir()) == []
    assert mounts() == before
    assert not Path("/run/netns/guest").exists()
