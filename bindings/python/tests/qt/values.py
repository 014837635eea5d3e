"""Configurations and managers: getters, comparisons, unusual arguments."""

from __future__ import annotations

import copy
import gc
import pickle
import subprocess
import sys
from typing import Any

import pytest
from bench import LAPTOP, PLUGGED_AGAIN, UNPLUGGED, Bench
from reference import ENUMERATORS

import netsession


class Values(Bench):
    def test_a_configuration(self) -> None:
        config = self.manager().configurationFromIdentifier("eth0")
        kind = self.qt.QNetworkConfiguration
        assert config.isValid()
        assert (config.identifier(), config.name()) == ("eth0", "Office cable")
        assert config.type() == kind.InternetAccessPoint
        assert config.state() == kind.Active
        assert config.state() & kind.Discovered == kind.Discovered
        assert config.purpose() == kind.UnknownPurpose
        assert config.bearerType() == config.bearerTypeFamily() == kind.BearerEthernet
        assert config.bearerTypeName() == config.bearerName() == "Ethernet"
        assert not config.isRoamingAvailable()
        assert config.children() == []

    def test_a_service_network(self) -> None:
        config = self.manager().configurationFromIdentifier("netsession:internet")
        assert config.type() == self.qt.QNetworkConfiguration.ServiceNetwork
        assert [child.identifier() for child in config.children()] == ["eth0", "wlan0"]
        assert config.isRoamingAvailable()

    def test_equality_hash_and_copies(self) -> None:
        manager = self.manager()
        a, b = (manager.configurationFromIdentifier("eth0") for _ in "ab")
        other = manager.configurationFromIdentifier("wlan0")
        invalid = self.qt.QNetworkConfiguration()
        assert a == b and hash(a) == hash(b)
        assert (a != b) is False and a != other and a != invalid and a != "eth0"
        assert (
            invalid == self.qt.QNetworkConfiguration() == self.qt.QNetworkConfiguration(invalid)
        )
        assert {a, b, other} == {a, other}
        assert a in manager.allConfigurations()
        for twin in (self.qt.QNetworkConfiguration(other=a), copy.copy(a), copy.deepcopy(a)):
            assert twin == a and twin is not a
        a.swap(other)
        assert (a.identifier(), other.identifier()) == ("wlan0", "eth0")
        assert b.identifier() == "eth0"
        with pytest.raises(TypeError, match="QNetworkConfiguration"):
            self.qt.QNetworkConfiguration("eth0")

    def test_enumerators_are_pickled(self) -> None:
        owners = [getattr(self.qt, name) for name in ENUMERATORS]
        for owner in owners:
            for scope in ENUMERATORS[owner.__name__]:
                for member in getattr(owner, scope):
                    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
                        assert pickle.loads(pickle.dumps(member, protocol)) is member
        kept = pickle.dumps([self.qt.QNetworkSession.Roaming, owners[1].StateFlags(0x6)])
        read = "import pickle, sys; print(*pickle.load(sys.stdin.buffer))"
        done = subprocess.run(
            [sys.executable, "-c", read], input=kept, capture_output=True, check=True
        )
        assert done.stdout.split()[-1] in (b"6", b"StateFlag.Discovered")

    def test_unknown_identifiers(self) -> None:
        manager = self.manager()
        for identifier in (None, "", "nowhere"):
            config = manager.configurationFromIdentifier(identifier)
            assert not config.isValid()
            assert config.type() == self.qt.QNetworkConfiguration.Invalid
        assert not manager.configurationFromIdentifier(identifier="nowhere").isValid()
        with pytest.raises(TypeError):
            manager.configurationFromIdentifier(5)

    def test_connect_timeout(self) -> None:
        config = self.manager().configurationFromIdentifier("wlan0")
        assert config.connectTimeout() == 30000
        assert config.setConnectTimeout(timeout=1234)
        assert config.connectTimeout() == 1234
        assert not config.setConnectTimeout(-1)

    def test_filters(self) -> None:
        manager = self.manager()
        kind = self.qt.QNetworkConfiguration
        everything = manager.allConfigurations()
        assert [c.identifier() for c in everything] == ["eth0", "wlan0", "netsession:internet"]
        active = manager.allConfigurations(kind.Active)
        assert [c.identifier() for c in active] == ["eth0", "netsession:internet"]
        assert manager.allConfigurations(flags=kind.StateFlags(kind.Active)) == active
        assert manager.allConfigurations(kind.StateFlags(0x8)) == active
        assert manager.allConfigurations(kind.Undefined | kind.Defined) == []

    def test_a_manager(self) -> None:
        manager = self.manager()
        kind = self.qt.QNetworkConfigurationManager
        assert manager.isOnline()
        assert manager.defaultConfiguration().identifier() == "eth0"
        assert manager.capabilities() & kind.CanStartAndStopInterfaces
        assert not manager.capabilities() & kind.NetworkSessionRequired

    def test_temporaries(self) -> None:
        self.play(LAPTOP)
        for _ in range(50):
            assert self.qt.QNetworkConfigurationManager().isOnline()
        config = self.qt.QNetworkConfigurationManager().defaultConfiguration()
        gc.collect()
        assert config.name() == "Office cable"
        assert self.qt.QNetworkSession(config).state() == self.qt.QNetworkSession.Connected

    def test_signals_of_a_manager(self) -> None:
        manager = self.manager(PLUGGED_AGAIN)
        received: list[Any] = []
        manager.onlineStateChanged.connect(lambda on: received.append((on, manager.isOnline())))
        manager.configurationChanged.connect(
            lambda config: received.append(config.identifier())
        )
        self.play_step(manager)
        self.play_step(manager)
        assert received.count("eth0") == 2
        assert [each for each in received if isinstance(each, tuple)] == [
            (False, False),
            (True, True),
        ]

    def test_configurations_added_and_removed(self) -> None:
        text = LAPTOP + "on refresh\n access-point usb0\non refresh\n remove usb0\n"
        manager = self.manager(text)
        received: list[Any] = []
        manager.configurationAdded.connect(
            lambda c: received.append(("added", c.identifier(), c))
        )
        manager.configurationRemoved.connect(
            lambda c: received.append(("removed", c.identifier(), c))
        )
        self.play_step(manager)
        self.play_step(manager)
        assert [each[:2] for each in received] == [("added", "usb0"), ("removed", "usb0")]
        assert received[0][2] == received[1][2]
        assert not received[0][2].isValid()
        assert received[0][2].state() == self.qt.QNetworkConfiguration.Undefined

    def test_an_invalid_option_raises(self) -> None:
        self.environment.setenv("NETSESSION_OPTIONS", "backend=carrier-pigeon")
        with pytest.raises(netsession.OptionError, match="carrier-pigeon"):
            self.qt.QNetworkConfigurationManager()

    def test_the_objects_of_the_package_are_accessible(self) -> None:
        manager = self.manager(UNPLUGGED)
        config = manager.defaultConfiguration()
        session = self.qt.QNetworkSession(config)
        assert isinstance(manager.netsession, netsession.Manager)
        assert isinstance(session.netsession, netsession.Session)
        assert config.netsession == session.netsession.configuration
        assert manager.netsession.reachability is netsession.Reachability.ONLINE
        children = [child.netsession for child in manager.allConfigurations()[:2]]
        office = manager.netsession.define_service_network("office", children=children)
        ours = self.qt.QNetworkConfiguration(office)
        assert ours == manager.configurationFromIdentifier("network:office")
        assert self.qt.QNetworkSession(ours).state() == self.qt.QNetworkSession.Connected
