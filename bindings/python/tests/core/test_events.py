"""Events: callbacks, streams, exceptions, and the descriptor."""

from __future__ import annotations

import gc
import select
import signal
import sys
import threading
import time
from typing import Any

import pytest
from shared import LAPTOP, WAIT, Play, until

import netsession
from netsession import ConfigurationChanged, Opened, State, StateChanged, UpdateCompleted

# Each refresh changes both configurations.
STEPS = LAPTOP + 9 * (
    'on refresh\n set eth0 name="a"\n set wlan0 name="b"\n'
    'on refresh\n set eth0 name="c"\n set wlan0 name="d"\n'
)


def refresh(manager: netsession.Manager) -> None:
    """Plays the next step, and waits until its events are pending."""
    manager.update_configurations()
    poll = select.poll()
    poll.register(manager, select.POLLIN)
    assert poll.poll(WAIT * 1000)
    time.sleep(0.05)


def test_the_descriptor_is_readable_while_events_are_pending(
    laptop: netsession.Manager,
) -> None:
    done: list[bool] = []
    laptop.on_update_completed = lambda: done.append(True)
    assert select.select([laptop], [], [], 0)[0] == []
    laptop.update_configurations()
    assert select.select([laptop], [], [], WAIT)[0] == [laptop]
    assert laptop.dispatch() == 1
    assert done == [True]
    assert select.select([laptop], [], [], 0)[0] == []
    assert laptop.dispatch() == 0


def test_callbacks_run_on_the_thread_that_dispatches(laptop: netsession.Manager) -> None:
    threads: list[int] = []
    laptop.on_update_completed = lambda: threads.append(threading.get_ident())
    laptop.update_configurations()
    until(laptop, lambda: threads)
    assert threads == [threading.get_ident()]
    worker = threading.Thread(target=lambda: until(laptop, lambda: len(threads) == 2))
    laptop.update_configurations()
    worker.start()
    worker.join()
    assert threads[1] == worker.ident


def test_an_exception_reaches_the_caller_and_loses_no_event(play: Play) -> None:
    manager = play(STEPS)
    received: list[str] = []

    def changed(configuration: netsession.Configuration) -> None:
        received.append(configuration.identifier)
        raise ValueError(configuration.identifier)

    manager.on_configuration_changed = changed
    manager.on_update_completed = lambda: received.append("done")
    refresh(manager)
    raised = []
    while "done" not in received:
        # The remaining events keep the descriptor readable.
        assert select.select([manager], [], [], WAIT)[0] == [manager]
        try:
            manager.dispatch()
        except ValueError as why:
            raised.append(str(why))
    assert raised == ["eth0", "wlan0"]
    assert received == ["eth0", "wlan0", "done"]
    assert select.select([manager], [], [], 0)[0] == []


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit])
def test_base_exceptions_reach_the_caller(
    laptop: netsession.Manager, interruption: type[BaseException]
) -> None:
    def interrupt() -> None:
        raise interruption

    laptop.on_update_completed = interrupt
    laptop.update_configurations()
    with pytest.raises(interruption):
        until(laptop, lambda: False)


def test_a_nested_dispatch(play: Play) -> None:
    manager = play(STEPS)
    order: list[str] = []

    def changed(configuration: netsession.Configuration) -> None:
        order.append(configuration.identifier)
        manager.dispatch()
        order.append("after " + configuration.identifier)

    manager.on_configuration_changed = changed
    refresh(manager)
    until(manager, lambda: "wlan0" in order)
    manager.dispatch()
    assert order[:2] == ["eth0", "wlan0"]  # in order, each event once
    assert order[-1] == "after eth0"


def test_closed_in_a_callback(play: Play) -> None:
    manager = play(STEPS)
    received: list[str] = []

    def changed(configuration: netsession.Configuration) -> None:
        received.append(configuration.identifier)
        manager.close()

    manager.on_configuration_changed = changed
    refresh(manager)
    assert manager.dispatch() == 1
    assert received == ["eth0"]
    with pytest.raises(netsession.ClosedError):
        manager.dispatch()


def test_one_thread_at_a_time(laptop: netsession.Manager) -> None:
    inside, leave = threading.Event(), threading.Event()

    def stay() -> None:
        inside.set()
        leave.wait(WAIT)

    laptop.on_update_completed = stay
    laptop.update_configurations()
    worker = threading.Thread(target=laptop.dispatch, args=(WAIT,))
    worker.start()
    assert inside.wait(WAIT)
    with pytest.raises(netsession.BusyError, match="Give each thread a manager"):
        laptop.dispatch()
    threading.Timer(0.2, leave.set).start()
    laptop.close()  # waits for the callback
    assert leave.is_set()
    worker.join()


def test_a_stream(play: Play) -> None:
    manager = play(STEPS)
    with manager.events(timeout=WAIT) as events:
        session = netsession.Session(manager, "wlan0")
        session.open()
        received: list[netsession.Event] = []
        for event in events:
            if isinstance(event, netsession.SessionEvent):
                received.append(event)
            if event == StateChanged(session, State.CONNECTED):
                break
    assert received == [
        StateChanged(session, State.CONNECTING),
        Opened(session),
        StateChanged(session, State.CONNECTED),
    ]
    assert abs(received[0].time - time.time()) < 600
    match received[0]:
        case StateChanged(state=State.CONNECTING, session=s):
            assert s is session
        case _:
            pytest.fail("the event does not match")


def test_events_as_values(laptop: netsession.Manager) -> None:
    eth0 = laptop.default_configuration
    event = ConfigurationChanged(laptop, eth0)
    assert event.arguments == (eth0,)
    assert (event.member, event.signal) == ("configuration_changed", "configurationChanged")
    assert UpdateCompleted(laptop).arguments == ()
    assert event == ConfigurationChanged(laptop, eth0)


def test_a_stream_ends_after_its_timeout(laptop: netsession.Manager) -> None:
    begun = time.monotonic()
    assert list(laptop.events(timeout=0.2)) == []
    assert time.monotonic() - begun >= 0.2
    assert list(laptop.events(timeout=0)) == []


def test_a_stream_ends_with_its_manager(laptop: netsession.Manager) -> None:
    events = laptop.events()
    threading.Timer(0.2, laptop.close).start()
    assert list(events) == []
    with pytest.raises(StopIteration):
        next(events)
    events.close()


def test_streams_and_callbacks_side_by_side(play: Play) -> None:
    manager = play(STEPS)
    one, two = manager.events(timeout=WAIT), manager.events(timeout=WAIT)
    called: list[bool] = []
    manager.on_update_completed = lambda: called.append(True)
    manager.update_configurations()
    collected = [collect(one), collect(two)]
    assert collected[0] == collected[1]
    assert called == [True]


def collect(events: netsession.EventStream) -> list[netsession.Event]:
    received = []
    for event in events:
        received.append(event)
        if isinstance(event, UpdateCompleted):
            break
    return received


def test_a_stream_continues_after_an_exception(play: Play) -> None:
    manager = play(STEPS)
    manager.on_update_completed = lambda: 1 / 0
    with manager.events(timeout=WAIT) as events:
        manager.update_configurations()
        with pytest.raises(ZeroDivisionError):
            next(e for e in iter(lambda: next(events), None) if isinstance(e, Opened))
        manager.on_update_completed = None
        manager.update_configurations()
        assert isinstance(collect(events)[-1], UpdateCompleted)


def test_without_listeners_no_event_is_pending(play: Play) -> None:
    manager = play(STEPS)
    stream = manager.events()
    del stream
    gc.collect()
    manager.dispatch()  # detects that the stream was deleted
    manager.update_configurations()
    assert select.select([manager], [], [], 0.3)[0] == []


def test_a_stream_does_not_enable_application_roaming(play: Play) -> None:
    manager = play(LAPTOP + "on refresh\n set eth0 state=defined\n")
    session = manager.configuration_from_identifier("netsession:internet").open()
    with manager.events(timeout=WAIT) as events:
        manager.update_configurations()
        names = []
        for event in events:
            names.append(event.signal)
            if event == StateChanged(session, State.CONNECTED):
                break
    assert "newConfigurationActivated" in names
    assert "preferredConfigurationChanged" not in names


def test_a_stream_with_application_roaming_receives_offers(play: Play) -> None:
    manager = play(LAPTOP + "on refresh\n set eth0 state=defined\n")
    internet = manager.configuration_from_identifier("netsession:internet")
    session = netsession.Session(manager, internet, application_roaming=True)
    session.open()
    assert session.wait_for_opened(WAIT)
    with manager.events(timeout=WAIT) as events:
        manager.update_configurations()
        for event in events:
            match event:
                case netsession.PreferredConfigurationChanged(configuration=c):
                    assert c.identifier == "wlan0"
                    session.migrate()
                case netsession.NewConfigurationActivated():
                    session.accept()
                    break
    assert session.properties["ActiveConfiguration"] == "wlan0"


def test_ctrl_c_interrupts_iterating(laptop: netsession.Manager) -> None:
    me = threading.main_thread().ident
    assert me is not None
    threading.Timer(0.3, signal.pthread_kill, (me, signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        next(laptop.events(timeout=WAIT))


def test_interruptions_while_events_arrive(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interruptions are raised wherever they occur, and lose no event.

    Python prints an interruption inside a finalizer or the first step of a callback
    instead of raising it, so the timer repeats them.
    """
    steps = 'after 1ms\n set eth0 name="a"\nafter 1ms\n set eth0 name="b"\n'
    manager = play(LAPTOP + f"repeat forever\n{steps}end\n")
    monkeypatch.setattr(sys, "unraisablehook", lambda _unraisable: None)

    def interrupt(_number: int, _frame: Any) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, interrupt)
    arrived = 0
    while arrived < 30:
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.003, 0.05)
            for _event in manager.events(timeout=WAIT):
                pass
        except TimeoutError:
            arrived += 1
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)
    events = manager.events(timeout=WAIT)
    assert isinstance(next(events), ConfigurationChanged)
