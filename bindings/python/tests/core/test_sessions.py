"""Sessions as user code uses them, on a played network."""

from __future__ import annotations

import gc
import math
import signal
import threading
import time
from typing import Any

import pytest
from shared import LAPTOP, WAIT, Play, eventually, until

import netsession
from netsession import ErrorCode, Policy, State

DEAD = 'start wlan0 fails aborted "The password was wrong."\n'


def record(session: netsession.Session) -> list[Any]:
    """Records the callbacks of a session under the names of Qt's signals."""
    received: list[Any] = []
    session.on_opened = lambda: received.append("opened")
    session.on_closed = lambda: received.append("closed")
    session.on_state_changed = received.append
    session.on_error = lambda error, text: received.append((error, text))
    return received


def test_the_first_lines_of_the_readme(laptop: netsession.Manager) -> None:
    with laptop as manager, manager.default_configuration.open(timeout=WAIT) as session:
        assert session.is_open
        assert session.interface == "eth0"
    assert manager.closed
    assert eventually(lambda: not session.is_open)


def test_getters(laptop: netsession.Manager) -> None:
    with laptop.default_configuration.open() as session:
        assert session.state is State.CONNECTED
        assert session.interface_index == 7
        assert (session.bytes_received, session.bytes_written) == (1000, 500)
        assert session.active_time >= 0
        assert session.usage_policies is Policy.NONE
        assert session.configuration == laptop.default_configuration
        assert session.manager is laptop
        assert (session.error, session.error_string) == (None, "")


def test_order_of_events(laptop: netsession.Manager) -> None:
    session = netsession.Session(laptop, "wlan0")
    received = record(session)
    session.open()
    until(laptop, lambda: State.CONNECTED in received)
    session.close()
    until(laptop, lambda: State.DISCONNECTED in received)
    assert received == [
        State.CONNECTING,
        "opened",
        State.CONNECTED,
        "closed",
        State.CLOSING,
        State.DISCONNECTED,
    ]


def test_open_fails(play: Play) -> None:
    manager = play(LAPTOP + DEAD)
    with pytest.raises(netsession.SessionError) as caught:
        manager.configuration_from_identifier("wlan0").open(timeout=WAIT)
    assert caught.value.error is ErrorCode.SESSION_ABORTED
    assert "The password was wrong." in caught.value.text == str(caught.value)
    assert caught.value.identifier == "wlan0"


def test_open_failure_as_an_event(play: Play) -> None:
    manager = play(LAPTOP + DEAD)
    session = netsession.Session(manager, "wlan0")
    received = record(session)
    session.open()
    until(manager, lambda: received and isinstance(received[-1], tuple))
    assert received[-1][0] is ErrorCode.SESSION_ABORTED
    assert session.error_string == received[-1][1]
    assert str(session.failure()) == received[-1][1]


def test_a_configuration_that_does_not_exist(laptop: netsession.Manager) -> None:
    with pytest.raises(netsession.SessionError) as caught:
        laptop.configuration_from_identifier("nowhere").open(timeout=WAIT)
    assert caught.value.error is ErrorCode.INVALID_CONFIGURATION
    assert not isinstance(caught.value, netsession.OpenTimeoutError)
    session = netsession.Session(laptop, "nowhere")
    assert (session.state, session.error) == (State.INVALID, ErrorCode.INVALID_CONFIGURATION)


def test_open_times_out(play: Play) -> None:
    manager = play(LAPTOP + "start wlan0 hangs\n")
    configuration = manager.configuration_from_identifier("wlan0")
    with pytest.raises(netsession.OpenTimeoutError, match=r"not open after 0\.2 s") as caught:
        configuration.open(timeout=0.2)
    assert isinstance(caught.value, TimeoutError)
    until(manager, lambda: netsession.Session(manager, "wlan0").state is State.DISCONNECTED)


def test_wait_for_opened(play: Play) -> None:
    manager = play(LAPTOP + "start wlan0 hangs\non refresh\n start wlan0 succeeds\n")
    session = netsession.Session(manager, "wlan0")
    assert not session.wait_for_opened(WAIT)  # at once: no open is pending
    assert not session.is_opening
    session.open()
    assert session.is_opening
    assert not session.wait_for_opened(0)
    assert not session.wait_for_opened(0.25)  # longer than one slice
    threading.Timer(0.3, manager.update_configurations).start()
    assert session.wait_for_opened(None)
    assert session.is_open


@pytest.mark.parametrize("timeout", [-1, math.nan, 1e9])
def test_an_invalid_timeout(laptop: netsession.Manager, timeout: float) -> None:
    configuration = laptop.configuration_from_identifier("wlan0")
    with pytest.raises(netsession.ArgumentError, match="seconds"):
        configuration.connect_timeout = timeout


def test_ctrl_c_interrupts_waiting(play: Play) -> None:
    manager = play(LAPTOP + "start wlan0 hangs\n")
    me = threading.main_thread().ident
    assert me is not None
    threading.Timer(0.3, signal.pthread_kill, (me, signal.SIGINT)).start()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        manager.configuration_from_identifier("wlan0").open(timeout=None)
    assert time.monotonic() - begun < WAIT
    until(manager, lambda: netsession.Session(manager, "wlan0").state is State.DISCONNECTED)


def test_stop_ends_other_sessions(laptop: netsession.Manager) -> None:
    user = laptop.default_configuration.open()
    received = record(user)
    netsession.Session(laptop, laptop.default_configuration).stop()
    until(laptop, lambda: State.DISCONNECTED in received)
    assert received[0] == "closed"
    assert received[1][0] is ErrorCode.SESSION_ABORTED


def test_dropping_a_session_closes_it(laptop: netsession.Manager) -> None:
    wlan = laptop.configuration_from_identifier("wlan0")
    session = wlan.open()
    assert wlan.state is netsession.ConfigurationState.ACTIVE
    del session
    gc.collect()
    until(laptop, lambda: wlan.state is netsession.ConfigurationState.DISCOVERED)


def test_free_ends_callbacks(laptop: netsession.Manager) -> None:
    session = laptop.default_configuration.open()
    received = record(session)
    session.close()
    session.free()
    session.free()
    laptop.dispatch(0.2)
    assert received == []  # no callback runs after free
    assert repr(session) == "<netsession.Session freed>"
    for use in (session.open, lambda: session.state, lambda: session.interface):
        with pytest.raises(netsession.ClosedError):
            use()
    with session:  # leaving the block of a freed session is no error
        pass


def test_a_session_frees_itself_in_its_own_callback(laptop: netsession.Manager) -> None:
    session = netsession.Session(laptop, "wlan0")
    received: list[Any] = []

    def opened() -> None:
        received.append("opened")
        session.free()

    session.on_opened = opened
    session.on_state_changed = received.append
    session.open()
    until(laptop, lambda: "opened" in received)
    laptop.dispatch(0.2)
    assert received == [State.CONNECTING, "opened"]


def test_a_session_of_another_manager(laptop: netsession.Manager, play: Play) -> None:
    other = play(LAPTOP)
    with netsession.Session(other, laptop.default_configuration) as session:
        session.open()
        assert session.wait_for_opened(WAIT)


def test_sessions_outlive_their_manager(laptop: netsession.Manager) -> None:
    session = laptop.default_configuration.open()
    laptop.close()
    assert session.is_open
    session.close()
    with pytest.raises(netsession.ClosedError):
        laptop.default_configuration  # noqa: B018
    with pytest.raises(netsession.ClosedError):
        session.configuration.open()


def test_properties(laptop: netsession.Manager) -> None:
    session = laptop.default_configuration.session()
    assert dict(session.properties) == {"AutoCloseSessionTimeout": "-1"}
    session.properties["ConnectInBackground"] = True
    session.properties.update({"of my own": "ä", "number": "5"})
    assert session.properties["ConnectInBackground"] == "true"
    assert len(session.properties) == 4
    assert "ActiveConfiguration" not in session.properties
    session.open()
    assert session.wait_for_opened()
    assert session.properties["ActiveConfiguration"] == "eth0"
    session.properties["ActiveConfiguration"] = "wlan0"  # read-only: no effect
    assert session.properties.pop("ActiveConfiguration") == "eth0"
    del session.properties["of my own"]
    assert "of my own" not in session.properties
    with pytest.raises(KeyError):
        del session.properties["of my own"]
    with pytest.raises(netsession.ArgumentError):
        session.properties["AutoCloseSessionTimeout"] = "soon"
    with pytest.raises(netsession.ArgumentError, match="NUL"):
        session.properties["key\0"] = "value"
    with pytest.raises(netsession.ArgumentError, match="Unicode"):
        session.properties["key"] = "\ud800"


def test_auto_close(laptop: netsession.Manager) -> None:
    session = laptop.default_configuration.open()
    received = record(session)
    session.properties["AutoCloseSessionTimeout"] = "50"
    until(laptop, lambda: received == ["closed"])
    assert session.properties["AutoCloseSessionTimeout"] == "-1"


def test_usage_policies(play: Play) -> None:
    manager = play(
        "access-point wwan0 bearer=lte state=active default-route=yes address=192.0.2.1/32\n"
        "on refresh\n set wwan0 metered=yes\n"
    )
    session = manager.default_configuration.open()
    received: list[Policy] = []
    session.on_usage_policies_changed = received.append
    manager.update_configurations()
    until(manager, lambda: received)
    assert received == [Policy.NO_BACKGROUND_TRAFFIC] == [session.usage_policies]


ROAMING = LAPTOP + "on refresh\n set eth0 state=defined\non refresh\n set eth0 state=active\n"


def test_roams_without_the_application(play: Play) -> None:
    manager = play(ROAMING)
    session = manager.configuration_from_identifier("netsession:internet").open()
    received = record(session)
    session.on_new_configuration_activated = lambda: received.append("activated")
    manager.update_configurations()
    until(manager, lambda: State.CONNECTED in received)
    assert received == [State.ROAMING, "activated", State.CONNECTED]
    assert session.interface == "wlan0"


def test_the_application_roams(play: Play) -> None:
    manager = play(ROAMING)
    session = manager.configuration_from_identifier("netsession:internet").open()
    received = record(session)

    def offered(configuration: netsession.Configuration, is_seamless: bool) -> None:
        received.append((configuration.identifier, is_seamless))
        session.migrate()

    session.on_preferred_configuration_changed = offered
    session.on_new_configuration_activated = session.accept
    assert session.application_roaming
    manager.update_configurations()
    until(manager, lambda: State.CONNECTED in received)
    assert ("wlan0", False) in received
    session.on_preferred_configuration_changed = None
    assert not session.application_roaming


def test_a_session_moves_to_another_manager(laptop: netsession.Manager, play: Play) -> None:
    session = netsession.Session(laptop, "wlan0")
    received = record(session)
    with laptop.copy() as other:
        session.manager = other
        assert session.manager is other
        session.open()
        assert session.wait_for_opened(WAIT)
        assert laptop.dispatch(0.1) == 0
        until(other, lambda: State.CONNECTED in received)
        with pytest.raises(netsession.ArgumentError, match="other options"):
            session.manager = play(LAPTOP, close="literal")
        session.manager = laptop
    session.close()
    until(laptop, lambda: State.DISCONNECTED in received)


def test_handlers_are_callables(laptop: netsession.Manager) -> None:
    session = netsession.Session(laptop, "wlan0")
    with pytest.raises(TypeError, match="on_opened must be a callable or None"):
        session.on_opened = 5  # type: ignore[assignment]
    session.on_opened = session.close
    assert session.on_opened == session.close
    del session.on_opened
    assert session.on_opened is None
    assert "open" in str(netsession.Session.on_opened.__doc__)
