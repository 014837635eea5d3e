"""The command line, through pipes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from shared import LAPTOP, VPN, WAIT, eventually

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Start = Callable[..., "subprocess.Popen[str]"]
TABLE = """\
IDENTIFIER           NAME          TYPE                 BEARER    STATE       INTERFACE
eth0                 Office cable  InternetAccessPoint  Ethernet  Active      eth0
wlan0                Wi-Fi         InternetAccessPoint  WLAN      Discovered  wlan0
netsession:internet  Internet      ServiceNetwork                 Active
"""
LATER = LAPTOP + "after 100ms\n set eth0 state=defined\n"


@pytest.fixture
def command(script: Callable[[str], Path]) -> Callable[..., list[str]]:
    """The command line of a command on a played network."""

    def make(text: str, name: str, *arguments: str) -> list[str]:
        played = ("--backend", "script", "--script", str(script(text)))
        return [sys.executable, "-m", "netsession", name, *played, *arguments]

    return make


@pytest.fixture
def run(command: Callable[..., list[str]]) -> Run:
    def go(*arguments: str, text: str = LAPTOP) -> subprocess.CompletedProcess[str]:
        line = command(text, *arguments)
        return subprocess.run(line, capture_output=True, text=True, timeout=WAIT * 3)

    return go


@pytest.fixture
def start(command: Callable[..., list[str]]) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def go(*arguments: str, text: str = LAPTOP) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            command(text, *arguments), stdout=pipe, stderr=pipe, text=True
        )
        started.append(process)
        return process

    yield go
    for process in started:
        with process:
            process.kill()


def end(process: subprocess.Popen[str], number: int = signal.SIGINT) -> tuple[int, str, str]:
    process.send_signal(number)
    out, err = process.communicate(timeout=WAIT)
    return process.returncode, out, err


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_list(run: Run) -> None:
    done = run("list")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == TABLE


def test_list_in_json(run: Run) -> None:
    objects = json.loads(run("list", "--json").stdout)
    assert objects[0] == {
        "identifier": "eth0",
        "name": "Office cable",
        "type": "InternetAccessPoint",
        "state": "Active",
        "bearerTypeName": "Ethernet",
        "purpose": "Unknown",
        "isRoamingAvailable": False,
        "children": [],
    }
    assert objects[2]["children"] == ["eth0", "wlan0"]
    assert objects[2]["isRoamingAvailable"] is True


def test_control_characters_in_names_are_escaped(run: Run) -> None:
    wide = 'access-point a name="网络" bearer=wlan\naccess-point b name="A\u202eB"\n'
    lines = run("list", text=wide).stdout.splitlines()
    assert "A\\u202eB" in lines[2]
    # Wide characters take two columns.
    assert lines[1].index("Internet") == lines[2].index("Internet") - 2


def test_ascii_output(command: Callable[..., list[str]]) -> None:
    text = 'access-point a name="Café"\n'
    environment = dict(os.environ, PYTHONIOENCODING="ascii", LC_ALL="C", PYTHONUTF8="0")
    done = subprocess.run(
        command(text, "list"), env=environment, capture_output=True, timeout=WAIT
    )
    assert done.returncode == 0
    assert rb"Caf\xe9" in done.stdout


def test_info(run: Run) -> None:
    done = run("info", "eth0")
    assert done.returncode == 0
    assert "Name:       Office cable\n" in done.stdout
    assert "Received:   1000 bytes\n" in done.stdout
    facts = json.loads(run("info", "eth0", "--json").stdout)
    assert (facts["state"], facts["sessionState"]) == ("Active", "Connected")
    assert (facts["bytesReceived"], facts["connectTimeout"]) == (1000, 30000)


def test_info_on_a_vpn(run: Run) -> None:
    done = run("info", "vpn0", text=VPN)
    assert "Underlying: Mobile data (wwan0)\n" in done.stdout
    assert "Background: no traffic, please\n" in done.stdout
    facts = json.loads(run("info", "vpn0", "--json", text=VPN).stdout)
    assert facts["underlying"] == ["wwan0"]
    facts = json.loads(run("info", "wwan0", "--json", text=VPN).stdout)
    assert facts["underlying"] == []
    assert "Underlying" not in run("info", "wwan0", text=VPN).stdout


@pytest.mark.parametrize("name", ["info", "open", "stop"])
def test_a_configuration_that_does_not_exist(run: Run, name: str) -> None:
    done = run(name, "nowhere")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        "netsession: no configuration has the identifier nowhere; see: netsession list\n"
    )


def test_monitor(start: Start) -> None:
    process = start("monitor", text=LATER)
    assert line(process) == "Watching the network, which is online; Ctrl-C ends.\n"
    seen = [line(process)]
    while "onlineStateChanged" not in seen[-1]:
        seen.append(line(process))
    assert any("configurationChanged   eth0 Defined" in one for one in seen)
    assert seen[-1].endswith("onlineStateChanged     no\n")
    status, _, err = end(process)
    assert (status, err) == (0, "")


def test_monitor_in_json(start: Start) -> None:
    process = start("monitor", "--json", text=LATER)
    seen: list[dict[str, Any]] = []
    while not seen or seen[-1]["signal"] != "onlineStateChanged":
        seen.append(json.loads(line(process)))
    assert seen[-1]["args"] == [False]
    assert all(set(one) == {"time", "signal", "args"} for one in seen)
    changed = next(one for one in seen if one["args"][0]["identifier"] == "eth0")
    assert changed["signal"] == "configurationChanged"
    assert changed["args"][0]["state"] == "Defined"
    assert isinstance(changed["time"], float)
    status, _, err = end(process)
    assert (status, err) == (0, "")


def test_the_reader_closes_the_pipe(start: Start) -> None:
    steps = "after 10ms\n set eth0 metric=5\nafter 10ms\n set eth0 metric=6\n"
    process = start("monitor", text=LAPTOP + f"repeat forever\n{steps}end\n")
    line(process)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.wait(timeout=WAIT) == 141
    assert process.stderr.read() == ""


def test_without_stdout(command: Callable[..., list[str]]) -> None:
    closed = ["sh", "-c", 'exec "$@" >&-', "sh", *command(LAPTOP, "list")]
    done = subprocess.run(closed, stderr=subprocess.PIPE, text=True, timeout=WAIT * 3)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_reader_exits_between_events(start: Start) -> None:
    process = start("monitor")
    line(process)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.wait(timeout=WAIT) == 141
    assert process.stderr.read() == ""


def test_open(start: Start) -> None:
    process = start("open", "wlan0")
    assert line(process) == "wlan0 is open on wlan0; Ctrl-C closes it.\n"
    assert end(process) == (0, "", "")
    process = start("open", "netsession:internet")
    assert line(process) == "netsession:internet is open by eth0 on eth0; Ctrl-C closes it.\n"
    assert end(process, signal.SIGTERM) == (143, "", "")


def test_open_fails(run: Run) -> None:
    done = run("open", "wlan0", text=LAPTOP + 'start wlan0 fails aborted "No password."\n')
    assert done.returncode == 1
    assert "No password." in done.stderr
    done = run("open", "wlan0", "--timeout", "0.1", text=LAPTOP + "start wlan0 hangs\n")
    assert (done.returncode, done.stderr) == (
        1,
        "netsession: wlan0 was not open after 0.1 s.\n",
    )


def test_open_reports_a_lost_connection(run: Run) -> None:
    done = run("open", "eth0", text=LATER)
    assert done.returncode == 1
    assert done.stderr == (
        "netsession: eth0 was lost: Office cable lost its link:"
        " it has no carrier any more or went out of range.\n"
    )


def test_ctrl_c_while_opening(start: Start) -> None:
    process = start("open", "wlan0", "--timeout", "600", text=LAPTOP + "start wlan0 hangs\n")
    maps = Path("/proc", str(process.pid), "maps")
    assert eventually(lambda: "libnetsession" in maps.read_text()), "Ctrl-C is watched then"
    assert end(process) == (130, "", "")


def test_stop(run: Run) -> None:
    done = run("stop", "eth0")
    assert (done.returncode, done.stdout) == (0, "eth0 is down.\n")
    done = run("stop", "wlan0")
    assert (done.returncode, done.stdout) == (0, "wlan0 is not up.\n")
    done = run("stop", "eth0", text=LAPTOP + 'stop eth0 fails not-supported "Not yours."\n')
    assert done.returncode == 1
    assert "Not yours." in done.stderr
    done = run("stop", "eth0", "--timeout", "0.1", text=LAPTOP + "stop eth0 hangs\n")
    assert (done.returncode, done.stderr) == (1, "netsession: eth0 is not down after 0.1 s\n")


def test_hold(run: Run) -> None:
    done = run("hold", "wlan0", "--", "sh", "-c", "echo $0; exit 7", "--", "--json")
    assert (done.returncode, done.stdout, done.stderr) == (7, "--\n", "")
    assert run("hold", "eth0", "--", "sh", "-c", "kill -9 $$").returncode == 137
    assert run("hold", "eth0", "--", "/etc").returncode == 126
    done = run("hold", "eth0", "--", "no-such-command")
    assert (done.returncode, done.stderr) == (
        127,
        "netsession: there is no command no-such-command\n",
    )


def test_hold_without_a_session(run: Run) -> None:
    dead = LAPTOP + 'start wlan0 fails aborted "No password."\n'
    done = run("hold", "wlan0", "--", "echo", "no", text=dead)
    assert (done.returncode, done.stdout) == (125, "")
    assert run("hold", "nowhere", "--", "true").returncode == 125
    assert run("hold", "eth0").returncode == 2


def test_hold_reports_a_lost_connection(run: Run) -> None:
    done = run("hold", "eth0", "--", "sh", "-c", "sleep 0.5; echo on", text=LATER)
    assert (done.returncode, done.stdout) == (0, "on\n")
    assert done.stderr.startswith("netsession: eth0 was lost: ")


def test_hold_forwards_signals(start: Start) -> None:
    process = start(
        "hold",
        "eth0",
        "--",
        "sh",
        "-c",
        "trap 'exit 5' TERM; echo up; while :; do sleep 0.1; done",
    )
    assert line(process) == "up\n"
    assert end(process, signal.SIGTERM) == (5, "", "")


def test_wait_online(run: Run, start: Start) -> None:
    assert run("wait-online").returncode == 0
    offline = "access-point eth0 default-route=yes address=192.0.2.5/24\n"
    done = run("wait-online", "--timeout", "0.2", text=offline)
    assert (done.returncode, done.stderr) == (1, "netsession: not online after 0.2 s\n")
    done = run("wait-online", text=offline + "after 300ms\n set eth0 state=active\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    process = start("wait-online", text=offline)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=1)
    assert end(process) == (130, "", "")


def test_usage_errors(run: Run) -> None:
    done = run("list", text="access-point eth0 state=actve")
    assert done.returncode == 4
    assert '"actve" is not known' in done.stderr
    done = run("list", "--library", "/nowhere.so")
    assert done.returncode == 4
    assert done.stderr.startswith("netsession: The library cannot be loaded: /nowhere.so")
    assert run("list", "--timeout", "5").returncode == 2
    assert run("open", "eth0", "--timeout", "soon").returncode == 2


def test_help() -> None:
    for words in (["--help"], ["hold", "--help"]):
        command = [sys.executable, "-m", "netsession", *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT)
        assert done.returncode == 0
        assert "exit status:" in done.stdout
