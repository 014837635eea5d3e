"""Profiles of a real NetworkManager as configurations, with the binding of the test run."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from bench import Bench

if not os.path.exists("/run/netsession-lab"):
    pytest.skip("changes links: runs in the lab only", allow_module_level=True)

OFFICE = "00000000-0000-4000-8000-000000000001"
WIRED = f"""
ip netns add router
ip link add eth0 type veth peer name eth0.peer netns router
ip -n router addr add 192.0.2.254/24 dev eth0.peer
ip -n router link set eth0.peer up
ip link set eth0 up
nmcli connection add type ethernet con-name office ifname eth0 connection.uuid {OFFICE} \
 autoconnect no ipv4.method manual ipv4.addresses 192.0.2.1/24 ipv4.gateway 192.0.2.254 \
 ipv6.method disabled
"""
UNWIRED = """
nmcli connection delete office || true
ip netns delete router
ip link delete eth0 || true
"""


def run(commands: str) -> str:
    return subprocess.run(
        ["sh", "-ec", commands], check=True, capture_output=True, text=True, timeout=300
    ).stdout


class TestNetworkManager(Bench):
    binding = os.environ["NETSESSION_BINDING"]

    @pytest.fixture(autouse=True)
    def _wired(self, _bench: None) -> Iterator[None]:
        self.environment.setenv("NETSESSION_OPTIONS", "backend=networkmanager")
        run(WIRED)
        yield
        run(UNWIRED)

    def office(self) -> tuple[Any, Any]:
        """A manager and the profile, after the profile can be opened."""
        manager = self.manager()
        kind = self.qt.QNetworkConfiguration

        def config() -> Any:
            return manager.configurationFromIdentifier(f"nm:{OFFICE}")

        self.until(lambda: config().state() == kind.Discovered)
        return manager, config()

    def test_open_use_and_close(self) -> None:
        manager, config = self.office()
        kind = self.qt.QNetworkSession
        online: list[bool] = []
        manager.onlineStateChanged.connect(online.append)
        session = kind(config)
        received = self.record(session)
        assert config.name() == "office"
        session.open()
        assert session.waitForOpened()
        assert "office" in run("nmcli -t -f NAME connection show --active")
        assert session.interface().name() == "eth0"
        entries = session.interface().addressEntries()
        assert "192.0.2.1" in [entry.ip().toString() for entry in entries]
        self.until(lambda: (kind.Connected, kind.Connected) in received)
        run("ping -c 3 -i 0.2 192.0.2.254 || true")
        self.until(lambda: session.bytesWritten() > 0)
        self.until(lambda: online == [True] and manager.isOnline())
        session.close()
        self.until(lambda: (kind.Disconnected, kind.Disconnected) in received)
        self.until(lambda: "office" not in run("nmcli -t -f NAME connection show --active"))
        assert received == [
            (kind.Connecting, kind.Connecting),
            ("opened", True),
            (kind.Connected, kind.Connected),
            ("closed", False),
            (kind.Closing, kind.Closing),
            (kind.Disconnected, kind.Disconnected),
        ]
        self.until(lambda: online == [True, False])

    def test_cable_unplugged(self) -> None:
        _manager, config = self.office()
        kind = self.qt.QNetworkSession
        session = kind(config)
        received = self.record(session)
        session.open()
        assert session.waitForOpened()
        run("ip -n router link set eth0.peer down")
        aborted = kind.SessionAbortedError
        self.until(
            lambda: (aborted, aborted) in received and session.state() == kind.NotAvailable
        )
        assert ("closed", False) in received

    def test_profiles_added_and_removed(self) -> None:
        manager, _config = self.office()
        received = []
        manager.configurationAdded.connect(lambda c: received.append(("added", c.name())))
        manager.configurationRemoved.connect(
            lambda c: received.append(("removed", c.identifier()))
        )
        self.spin(1)
        run("nmcli connection add type ethernet con-name hotel ifname eth0 autoconnect no")
        self.until(lambda: ("added", "hotel") in received)
        run("nmcli connection delete office")
        self.until(lambda: ("removed", f"nm:{OFFICE}") in received)
        run("nmcli connection delete hotel")
