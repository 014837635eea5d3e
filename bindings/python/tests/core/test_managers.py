"""Managers and configurations, on a played network."""

from __future__ import annotations

import copy
import errno
import gc
import pickle
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from shared import LAPTOP, VPN, Play, until

import netsession
from netsession import (
    Bearer,
    Capability,
    ConfigurationState,
    ConfigurationType,
    LogLevel,
    Policy,
    Purpose,
    Reachability,
    Transport,
)


def test_state_of_the_network(laptop: netsession.Manager) -> None:
    assert laptop.is_online
    assert laptop.reachability is Reachability.ONLINE
    assert laptop.transport is Transport.ETHERNET
    assert not laptop.is_behind_captive_portal
    assert not laptop.is_metered
    assert Capability.CAN_START_AND_STOP_INTERFACES in laptop.capabilities
    assert Capability.NETWORK_SESSION_REQUIRED not in laptop.capabilities
    assert repr(laptop) == "<netsession.Manager online, 3 configurations>"


def test_configurations(laptop: netsession.Manager) -> None:
    identifiers = [c.identifier for c in laptop.configurations()]
    assert identifiers == ["eth0", "wlan0", "netsession:internet"]
    active = laptop.configurations(ConfigurationState.ACTIVE)
    assert [c.identifier for c in active] == ["eth0", "netsession:internet"]
    assert len(laptop.configurations(ConfigurationState.DISCOVERED)) == 3


def test_a_configuration(play: Play) -> None:
    manager = play(LAPTOP + "access-point wwan0 bearer=hspa purpose=private strength=60\n")
    wwan = manager.configuration_from_identifier("wwan0")
    assert wwan.is_valid
    assert wwan.type is ConfigurationType.INTERNET_ACCESS_POINT
    assert wwan.state is ConfigurationState.DISCOVERED
    assert wwan.purpose is Purpose.PRIVATE
    assert wwan.bearer_type is Bearer.HSPA
    assert wwan.bearer_type_family is Bearer.BEARER_3G
    assert (wwan.name, wwan.bearer_type_name, wwan.interface) == ("wwan0", "HSPA", "wwan0")
    assert wwan.signal_strength == 60
    assert not wwan.is_roaming_available
    assert wwan.children == []
    assert wwan.underlying == []
    assert repr(wwan) == "<netsession.Configuration wwan0 'wwan0' DISCOVERED>"


def test_a_service_network(laptop: netsession.Manager) -> None:
    internet = laptop.configuration_from_identifier("netsession:internet")
    assert internet.type is ConfigurationType.SERVICE_NETWORK
    assert {c.identifier for c in internet.children} == {"eth0", "wlan0"}
    assert internet.is_roaming_available
    assert internet.bearer_type is Bearer.UNKNOWN
    assert internet.bearer_type_name == internet.interface == ""


def test_underlying_of_a_tunnel(play: Play) -> None:
    manager = play(VPN)
    vpn = manager.configuration_from_identifier("vpn0")
    wwan = manager.configuration_from_identifier("wwan0")
    assert vpn.underlying == [wwan]
    assert wwan.underlying == []
    assert manager.configuration_from_identifier("netsession:internet").underlying == []
    assert manager.configuration_from_identifier("nowhere").underlying == []
    assert manager.is_metered
    assert manager.transport is Transport.CELLULAR
    session = vpn.session()
    received: list[Policy] = []
    session.on_usage_policies_changed = received.append
    assert session.usage_policies is Policy.NO_BACKGROUND_TRAFFIC
    manager.update_configurations()
    until(manager, lambda: received)
    assert received == [session.usage_policies] == [Policy.NONE]
    assert not manager.is_metered


def test_equality(laptop: netsession.Manager, play: Play) -> None:
    eth0 = laptop.configuration_from_identifier("eth0")
    assert eth0 == laptop.default_configuration == copy.deepcopy(eth0) == copy.copy(eth0)
    assert eth0 != laptop.configuration_from_identifier("wlan0")
    assert eth0 != "eth0"
    internet = laptop.configuration_from_identifier("netsession:internet")
    assert set(laptop.configurations()) == {*internet.children, internet}
    assert set(internet.children) < set(laptop.configurations())
    assert {eth0: 1}[laptop.default_configuration] == 1
    assert eth0 in laptop.configurations()
    assert eth0 == play(LAPTOP).default_configuration


def test_an_unknown_identifier(laptop: netsession.Manager) -> None:
    nothing = laptop.configuration_from_identifier("nowhere")
    assert not nothing.is_valid
    assert nothing.type is ConfigurationType.INVALID
    assert nothing.state is ConfigurationState.UNDEFINED
    assert nothing == laptop.configuration_from_identifier("nowhere")
    assert repr(nothing) == "<netsession.Configuration nowhere '' removed>"
    empty = laptop.configuration_from_identifier("")
    assert repr(empty) == "<netsession.Configuration: none>"
    with pytest.raises(TypeError, match="identifier must be a str, not NoneType"):
        laptop.configuration_from_identifier(None)  # type: ignore[arg-type]


def test_connect_timeout(laptop: netsession.Manager) -> None:
    wlan = laptop.configuration_from_identifier("wlan0")
    assert wlan.connect_timeout == 30
    wlan.connect_timeout = 1.5
    assert laptop.configuration_from_identifier("wlan0").connect_timeout == 1.5
    wlan.connect_timeout = 0
    assert wlan.connect_timeout == 30


def test_configurations_outlive_their_manager(laptop: netsession.Manager) -> None:
    configuration = laptop.default_configuration
    laptop.close()
    laptop.close()
    assert laptop.closed
    assert configuration.identifier == "eth0"
    assert repr(laptop) == "<netsession.Manager closed>"
    for use in (laptop.configurations, laptop.fileno, laptop.dispatch, laptop.events):
        with pytest.raises(netsession.ClosedError, match="This Manager was closed"):
            use()


def test_temporaries(script: Callable[[str], Path]) -> None:
    path = script(LAPTOP)
    assert netsession.Manager(backend="script", script=path).is_online
    configuration = netsession.Manager(backend="script", script=path).default_configuration
    with configuration.open() as session:
        assert session.interface == "eth0"


def test_garbage_is_freed(script: Callable[[str], Path]) -> None:
    manager = netsession.Manager(backend="script", script=script(LAPTOP))
    is_online, handle = manager._library.netsession_manager_is_online, manager._pointer
    session = manager.default_configuration.open()
    seen: list[weakref.ref[object]] = [weakref.ref(manager), weakref.ref(session)]
    manager.on_update_completed = manager.update_configurations  # a cycle
    del manager, session
    gc.collect()
    assert [ref() for ref in seen] == [None, None]
    with pytest.raises(netsession.ClosedError):
        is_online(handle)


def test_many_handles(laptop: netsession.Manager) -> None:
    for _ in range(20_000):
        assert laptop.default_configuration.identifier == "eth0"
    sessions = [laptop.default_configuration.session() for _ in range(1000)]
    assert len({id(s) for s in sessions}) == 1000


def test_handles_are_not_pickled(laptop: netsession.Manager) -> None:
    for thing in (laptop, laptop.default_configuration, laptop.default_configuration.session()):
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(thing)


def test_exceptions_are_pickled() -> None:
    error = netsession.SessionError(netsession.ErrorCode.ROAMING, "words", "eth0")
    again = pickle.loads(pickle.dumps(error))
    assert (again.error, again.text, again.identifier, str(again)) == (
        netsession.ErrorCode.ROAMING,
        "words",
        "eth0",
        "words",
    )


def test_options(play: Play, script: Callable[[str], Path]) -> None:
    manager = play(LAPTOP, default_configuration="service-network", close="literal")
    assert manager.default_configuration.identifier == "netsession:internet"
    with pytest.raises(netsession.OptionError, match="backend") as caught:
        netsession.Manager(backend="nonsense")
    assert caught.value.errno == errno.EINVAL
    with pytest.raises(netsession.OptionError) as caught:
        netsession.Manager(backend="script", script="/nowhere.play")
    assert caught.value.errno == errno.ENOENT
    assert "/nowhere.play" in str(caught.value)
    with pytest.raises(netsession.OptionError, match=r"test.play:1: .*actve") as caught:
        netsession.Manager(backend="script", script=script("access-point a state=actve"))
    assert caught.value.errno == errno.EPROTO
    with pytest.raises(netsession.ArgumentError, match="NUL"):
        netsession.Manager(backend="auto\0")
    with pytest.raises(TypeError, match="backend must be a str, not bytes"):
        netsession.Manager(backend=b"auto")  # type: ignore[arg-type]


def test_log(play: Play) -> None:
    manager = play(LAPTOP)
    lines: list[tuple[LogLevel, str]] = []
    manager.on_log = lambda level, text: lines.append((level, text))
    manager.on_log = None
    manager.on_update_completed = lambda: lines.append((LogLevel.INFO, "done"))
    manager.update_configurations()
    until(manager, lambda: lines)
    assert lines == [(LogLevel.INFO, "done")]


def test_changes_of_the_network_state(play: Play) -> None:
    manager = play(
        "access-point wwan0 bearer=lte state=active default-route=yes address=192.0.2.1/32\n"
        "on refresh\n set wwan0 metered=yes captive-portal=yes reach=site\n"
        "on refresh\n remove wwan0\n"
    )
    received: list[object] = []
    manager.on_metered_changed = lambda value: received.append(("metered", value))
    manager.on_captive_portal_changed = lambda value: received.append(("portal", value))
    manager.on_reachability_changed = received.append
    manager.on_transport_changed = received.append
    manager.on_configuration_removed = lambda c: received.append((c.identifier, c.is_valid))
    manager.update_configurations()
    until(manager, lambda: len(received) >= 3)
    assert sorted(map(str, received)) == sorted(
        map(str, [("metered", True), ("portal", True), Reachability.SITE])
    )
    received.clear()
    manager.update_configurations()
    until(manager, lambda: len(received) >= 5)
    assert ("wwan0", False) in received
    assert Reachability.DISCONNECTED in received
    assert Transport.UNKNOWN in received
