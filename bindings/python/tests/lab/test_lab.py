"""The package on real links, with and without a real NetworkManager, in the lab."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from shared import WAIT, eventually, until

import netsession
from netsession import Bearer, ConfigurationState, OnlineStateChanged, State

if not os.path.exists("/run/netsession-lab"):
    pytest.skip("changes links: runs in the lab only", allow_module_level=True)

BACKEND = "networkmanager" if "LAB_NM" in os.environ else "rtnetlink"
UUID = "00000000-0000-4000-8000-000000000001"
OFFICE = f"nm:{UUID}" if BACKEND == "networkmanager" else "link:eth0"

CABLE = """
ip link add eth0 type veth peer name eth0.peer
ip link set eth0.peer up
"""
# A link that another program has configured and brought up.
LINK = """
ip link set eth0 up
ip address add 192.0.2.1/24 dev eth0
ip route add default via 192.0.2.254 dev eth0
"""
# A profile that is down; the session activates it.
PROFILE = f"""
ip link set eth0 up
nmcli connection add type ethernet con-name office ifname eth0 connection.uuid {UUID} \
 autoconnect no ipv4.method manual ipv4.addresses 192.0.2.1/24 ipv4.gateway 192.0.2.254 \
 ipv6.method disabled
"""
UNDO = "ip link delete eth0; nmcli connection delete office 2>/dev/null || true"


def run(commands: str) -> str:
    done = subprocess.run(
        ["sh", "-ec", commands], check=True, capture_output=True, text=True, timeout=300
    )
    return done.stdout


@pytest.fixture(autouse=True)
def _wired() -> Iterator[None]:
    run(CABLE + (PROFILE if BACKEND == "networkmanager" else LINK))
    yield
    run(UNDO)


@pytest.fixture
def manager() -> Iterator[netsession.Manager]:
    with netsession.Manager(backend=BACKEND) as made:
        yield made


def office(manager: netsession.Manager) -> netsession.Configuration:
    """Waits until the configuration can be opened, and returns it."""
    configuration = manager.configuration_from_identifier(OFFICE)

    def usable() -> bool:
        state = configuration.state
        return state & ConfigurationState.DISCOVERED == ConfigurationState.DISCOVERED

    assert eventually(usable)
    return configuration


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    options = ["--backend", BACKEND]
    return subprocess.run(
        [sys.executable, "-m", "netsession", arguments[0], *options, *arguments[1:]],
        capture_output=True,
        text=True,
        timeout=WAIT * 3,
    )


def test_open_use_and_close(manager: netsession.Manager) -> None:
    configuration = office(manager)
    assert configuration.bearer_type is Bearer.ETHERNET
    with configuration.open(timeout=WAIT) as session:
        assert session.interface == "eth0"
        assert session.interface_index == socket.if_nametoindex("eth0")
        assert "192.0.2.1" in run("ip -4 address show eth0")
        assert session.bytes_written >= 0
        assert eventually(lambda: manager.is_online)
    if BACKEND == "networkmanager":  # closing the session deactivates what it had activated
        assert eventually(lambda: "office" not in run("nmcli -t connection show --active"))


def test_connection_lost(manager: netsession.Manager) -> None:
    session = office(manager).open(timeout=WAIT)
    received: list[object] = []
    session.on_closed = lambda: received.append("closed")
    session.on_error = lambda error, _text: received.append(error)
    run("ip link set eth0.peer down")
    until(manager, lambda: len(received) == 2)
    assert received[0] == "closed"
    assert session.state is not State.CONNECTED


def test_a_stream_of_real_events(manager: netsession.Manager) -> None:
    session = office(manager).open(timeout=WAIT)
    assert eventually(lambda: manager.is_online)
    with manager.events(timeout=WAIT) as events:
        session.stop()
        # The event of going online may still be pending.
        assert any(isinstance(e, OnlineStateChanged) and not e.is_online for e in events)


def test_bind_socket(manager: netsession.Manager) -> None:
    with office(manager).open(timeout=WAIT) as session, udp() as sock:
        session.bind_socket(sock)
        bound = sock.getsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, 16)
        index = sock.getsockopt(socket.SOL_SOCKET, 62)  # SO_BINDTOIFINDEX
        assert bound.rstrip(b"\0") == b"eth0" or index == session.interface_index


@contextmanager
def udp() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        yield sock


def test_commands(manager: netsession.Manager) -> None:
    office(manager)
    listed = json.loads(command("list", "--json").stdout)
    assert OFFICE in [one["identifier"] for one in listed]
    done = command("hold", OFFICE, "--", "ip", "-4", "address", "show", "eth0")
    assert (done.returncode, done.stderr) == (0, "")
    assert "192.0.2.1" in done.stdout
    assert command("info", OFFICE).returncode == 0
    if BACKEND == "networkmanager":  # hold had activated the profile
        assert eventually(lambda: not manager.is_online)
        assert command("wait-online", "--timeout", "0.5").returncode == 1
    with office(manager).open(timeout=WAIT):
        assert command("wait-online", "--timeout", "10").returncode == 0
