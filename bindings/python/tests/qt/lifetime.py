"""Lifetimes: wrappers, QObjects, parents, and objects that are deleted in slots."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import weakref
from pathlib import Path
from typing import Any

import pytest
from bench import LAPTOP, Bench

import netsession

EXITS = 25  # for each binding

# The radio is switched on and off forever; each step emits signals.
RESTLESS = (
    LAPTOP
    + """
repeat forever
    after 1ms
        set wlan0 state=active
    after 1ms
        set wlan0 state=discovered
end
"""
)


class Lifetime(Bench):
    def held(self, identifier: str) -> bool:
        """Whether a session of the library still keeps the link up."""
        manager = self.qt.QNetworkConfigurationManager()
        config = manager.configurationFromIdentifier(identifier)
        return bool(config.state() == self.qt.QNetworkConfiguration.Active)

    def opened(self, **named: Any) -> Any:
        """A session that has brought wlan0 up; releasing it takes wlan0 down."""
        config = self.qt.QNetworkConfigurationManager().configurationFromIdentifier("wlan0")
        session = self.qt.QNetworkSession(config, **named)
        session.open()
        assert session.waitForOpened()
        return session

    def test_a_session_without_references_is_released(self) -> None:
        keep = self.manager(LAPTOP)
        session = self.opened()
        reference = weakref.ref(session)
        assert self.held("wlan0")
        del session
        gc.collect()
        assert reference() is None
        self.until(lambda: not self.held("wlan0"))
        assert keep.isOnline()

    def test_unreferenced_objects_are_freed_at_once(self) -> None:
        """The wrappers are in no reference cycle."""
        self.play(LAPTOP)
        gc.disable()
        try:
            for make in (self.opened, self.manager):
                reference = weakref.ref(make())
                assert reference() is None
        finally:
            gc.enable()

    def test_a_reference_cycle_is_collected(self) -> None:
        keep = self.manager(LAPTOP)
        session = self.opened()
        session.myself = [session]
        reference = weakref.ref(session)
        del session
        gc.collect()
        assert reference() is None
        self.until(lambda: not self.held("wlan0"))
        assert keep.isOnline()

    def test_garbage_collected_when_the_loop_begins(self) -> None:
        """The collector may run at any point while the object is attached to the loop."""
        fileno = netsession.Manager.fileno

        def collect_first(manager: netsession.Manager) -> int:
            gc.collect()
            return fileno(manager)

        self.environment.setattr(netsession.Manager, "fileno", collect_first)
        session = self.session("wlan0")
        session.myself = [session]
        reference = weakref.ref(session)
        gc.disable()
        try:
            del session
            self.spin(20)
        finally:
            gc.enable()
        gc.collect()
        assert reference() is None

    def test_a_parent_keeps_its_child(self) -> None:
        keep = self.manager(LAPTOP)
        parent = self.core.QObject()
        received = []
        self.opened(parent=parent).closed.connect(lambda: received.append("closed"))
        gc.collect()
        self.spin(20)
        assert self.held("wlan0")
        (session,) = (c for c in parent.children() if isinstance(c, self.qt.QNetworkSession))
        session.close()
        del session
        self.until(lambda: received)
        assert keep.isOnline()

    def test_deleted_with_its_parent(self) -> None:
        keep = self.manager(LAPTOP)
        parent = self.core.QObject()
        session = self.opened(parent=parent)
        self.delete(parent)
        for use in (
            session.state,
            session.open,
            session.isOpen,
            session.error,
            session.interface,
        ):
            with pytest.raises(RuntimeError, match="QNetworkSession has been deleted"):
                use()
        with pytest.raises(RuntimeError, match="has been deleted"):
            session.sessionProperty("x")
        self.until(lambda: not self.held("wlan0"))
        assert keep.isOnline()

    def test_delete_later(self) -> None:
        keep = self.manager(LAPTOP)
        session = self.opened()
        session.deleteLater()
        self.until(lambda: not self.held("wlan0"))
        with pytest.raises(RuntimeError, match="has been deleted"):
            session.state()
        manager = self.manager()
        manager.deleteLater()
        self.spin()
        with pytest.raises(RuntimeError, match="has been deleted"):
            manager.isOnline()
        assert keep.isOnline()

    @pytest.mark.parametrize("way", ["delete", "deleteLater", "drop"])
    @pytest.mark.parametrize("when", ["opened", "stateChanged", "closed", "error"])
    def test_a_session_deleted_in_its_own_slot(self, when: str, way: str) -> None:
        self.play(LAPTOP)
        kept = {"session": self.opened()} if when != "opened" else {}
        if when == "opened":
            config = self.manager().configurationFromIdentifier("wlan0")
            kept["session"] = self.qt.QNetworkSession(config)
        received = []

        def remove(*_arguments: object) -> None:
            received.append(when)
            session = kept.pop("session", None)
            if session is not None and way == "delete":
                self.delete(session)
            elif session is not None and way == "deleteLater":
                session.deleteLater()

        session = kept["session"]
        getattr(session, when).connect(remove)
        session.open() if when == "opened" else session.stop()
        del session
        self.until(lambda: received)
        self.spin(20)
        gc.collect()
        assert received in ([when], [when] * 2, [when] * 3)
        self.until(lambda: not self.held("wlan0"))

    @pytest.mark.parametrize("way", ["delete", "deleteLater", "drop"])
    def test_a_manager_deleted_in_its_own_slot(self, way: str) -> None:
        kept = {"manager": self.manager(RESTLESS)}
        received = []

        def remove(_config: object) -> None:
            received.append(1)
            manager = kept.pop("manager", None)
            if manager is not None and way == "delete":
                self.delete(manager)
            elif manager is not None and way == "deleteLater":
                manager.deleteLater()

        kept["manager"].configurationChanged.connect(remove)
        self.until(lambda: received)
        self.spin(20)
        gc.collect()
        received.clear()
        self.spin(50)
        assert not received

    def test_deleted_inside_wait_for_opened(self) -> None:
        session = self.session("wlan0", LAPTOP + "start wlan0 hangs\n")
        session.open()
        self.core.QTimer.singleShot(20, lambda: self.delete(session))
        assert session.waitForOpened(20000) is False

    def test_nested_loops(self) -> None:
        session = self.session("wlan0", LAPTOP + "start wlan0 takes 20ms\n")
        kind = self.qt.QNetworkSession
        received = []

        def connecting(state: object) -> None:
            received.append(state)
            if state == kind.Connecting:
                received.append(session.waitForOpened())
                received.append(session.state())

        session.stateChanged.connect(connecting)
        session.open()
        self.until(lambda: len(received) >= 4)
        assert received == [kind.Connecting, kind.Connected, True, kind.Connected]

    def test_an_exception_in_a_slot_is_reported_and_signals_continue(self) -> None:
        session = self.session("wlan0")
        shown = []
        self.environment.setattr(sys, "excepthook", lambda *what: shown.append(what[0]))
        received = self.record(session)
        session.opened.connect(lambda: 1 / 0)
        session.open()
        assert session.waitForOpened()
        assert received[-1][0] == self.qt.QNetworkSession.Connected
        if self.is_pyqt:
            assert shown == [ZeroDivisionError]

    def test_many_objects_leak_no_descriptors(self) -> None:
        self.play(LAPTOP)
        keep = self.manager()
        before = len(os.listdir("/proc/self/fd"))
        for _ in range(300):
            manager = self.manager()
            session = self.qt.QNetworkSession(manager.defaultConfiguration())
            session.open()
        del manager, session
        gc.collect()
        self.spin()
        assert len(os.listdir("/proc/self/fd")) <= before + 30, "each manager has three"
        assert keep.isOnline()

    def test_thousands_of_signals(self) -> None:
        """PySide6 6.12 with a Python before 3.12 loses a reference to True at each signal."""
        manager = self.manager()
        received: list[int] = []
        manager.updateCompleted.connect(lambda: received.append(1))
        for _ in range(30):
            for _ in range(100):
                manager.updateConfigurations()
            self.until(lambda: len(received) % 100 == 0 and received)
        self.until(lambda: len(received) == 3000)

    def test_the_interpreter_exits_while_signals_are_pending(self) -> None:
        script = Path(__file__).with_name("exits.py")
        self.play(RESTLESS)
        done = subprocess.run(
            [sys.executable, script, self.binding, str(EXITS)],
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
