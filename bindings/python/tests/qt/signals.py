"""Sessions: their operations, and the order of their signals."""

from __future__ import annotations

import time
from typing import Any

import pytest
from bench import DEAD, LAPTOP, PLUGGED_AGAIN, SLOW, UNPLUGGED, Bench


class Signals(Bench):
    def test_opening_and_closing(self) -> None:
        session = self.session("wlan0")
        kind = self.qt.QNetworkSession
        received = self.record(session)
        assert session.state() == kind.Disconnected
        session.open()
        assert session.waitForOpened(msecs=20000) is True
        assert received[:3] == [
            (kind.Connecting, kind.Connecting),
            ("opened", True),
            (kind.Connected, kind.Connected),
        ]
        assert session.isOpen()
        assert session.configuration().identifier() == "wlan0"
        session.close()
        self.until(lambda: (kind.Disconnected, kind.Disconnected) in received)
        assert received[3:] == [
            ("closed", False),
            (kind.Closing, kind.Closing),
            (kind.Disconnected, kind.Disconnected),
        ]

    def test_open_fails(self) -> None:
        session = self.session("wlan0", DEAD)
        kind = self.qt.QNetworkSession
        received = self.record(session)
        texts: list[str] = []
        session.error.connect(lambda _error: texts.append(session.errorString()))
        session.open()
        assert session.waitForOpened() is False
        assert received[-1] == (kind.SessionAbortedError, kind.SessionAbortedError)
        assert isinstance(received[-1][0], kind.SessionError)
        assert session.error() == kind.SessionAbortedError
        assert texts == ["The password was wrong."] == [session.errorString()]

    def test_error_is_a_method_and_a_signal(self) -> None:
        kind = self.qt.QNetworkSession
        session = kind(self.qt.QNetworkConfiguration())
        assert session.error() == kind.InvalidConfigurationError
        received: list[Any] = []
        session.error[kind.SessionError].connect(received.append)
        session.error.connect(received.append)
        session.error.emit(kind.RoamingError)
        assert received == [kind.RoamingError] * 2
        session.error.disconnect()
        session.error.emit(kind.RoamingError)
        assert len(received) == 2
        assert hasattr(kind, "error")

    def test_error_passed_as_a_signal(self) -> None:
        kind = self.qt.QNetworkSession
        session = self.session("eth0")
        received: list[Any] = []
        session.error.connect(received.append)
        bound = type(session.opened)
        assert isinstance(session.error, bound)
        assert type(session.error[kind.SessionError]) is bound
        other = type("Other", (self.core.QObject,), {"failed": self.signal(kind.SessionError)})
        failing = other()
        for error in (session.error, session.error[kind.SessionError]):
            failing.failed.connect(error)
            failing.failed.emit(kind.RoamingError)
            failing.failed.disconnect(error)
            failing.failed.emit(kind.SessionAbortedError)
        assert received == [kind.RoamingError] * 2
        session.error.disconnect(received.append)
        session.error[kind.SessionError].emit(kind.RoamingError)
        assert len(received) == 2

    def test_an_invalid_session(self) -> None:
        kind = self.qt.QNetworkSession
        session = kind(self.qt.QNetworkConfiguration())
        received = self.record(session)
        assert session.state() == kind.Invalid
        assert session.waitForOpened(5000) is False
        session.open()
        assert session.waitForOpened(5000) is False
        self.until(lambda: received)
        invalid = kind.InvalidConfigurationError
        assert received == [(invalid, invalid)]
        assert not session.interface().isValid()
        for figure in (session.activeTime, session.bytesReceived, session.bytesWritten):
            assert figure() == 0

    def test_signals_connected_to_signals(self) -> None:
        session, other = self.session("wlan0", DEAD), self.session("wlan0")
        kind = self.qt.QNetworkSession
        received: list[Any] = []
        session.stateChanged.connect(other.stateChanged)
        session.error.connect(other.error)
        other.stateChanged.connect(lambda state: received.append(state))
        other.error.connect(lambda error: received.append(error))
        session.open()
        self.until(lambda: kind.SessionAbortedError in received)
        assert received[0] == kind.Connecting

    def test_slots_of_the_session(self) -> None:
        session = self.session("eth0")
        received = self.record(session)
        timer = self.core.QTimer()
        timer.setSingleShot(True)
        timer.timeout.connect(session.open)
        session.opened.connect(session.close)
        timer.start(0)
        self.until(lambda: ("closed", False) in received)
        assert received == [("opened", True), ("closed", False)]
        self.core.QMetaObject.invokeMethod(session, "open")
        self.until(lambda: len(received) == 4)

    def test_wait_for_opened(self) -> None:
        session = self.session("wlan0", SLOW)
        begun = time.monotonic()
        assert session.waitForOpened(120000) is False, "no open is pending"
        session.open()
        assert session.waitForOpened(50) is False
        assert session.state() == self.qt.QNetworkSession.Connecting
        ticks = []
        timer = self.core.QTimer()
        timer.timeout.connect(lambda: ticks.append(1))
        timer.timeout.connect(lambda: len(ticks) == 3 and session.close())
        timer.start(5)
        assert session.waitForOpened(-1) is False, "closed while waiting"
        assert len(ticks) >= 3, "the event loop runs while waiting"
        assert time.monotonic() - begun < 120

    def test_waiting_for_an_open_session(self) -> None:
        session = self.session("eth0")
        received = self.record(session)
        session.open()
        assert session.waitForOpened(msecs=-1)
        assert session.waitForOpened(0)
        assert received == [("opened", True)]

    def test_getters_show_the_immediate_effect_of_calls(self) -> None:
        session = self.session("eth0")
        session.open()
        assert session.isOpen()
        session.close()
        assert not session.isOpen()
        session.open()
        session.stop()
        assert session.state() != self.qt.QNetworkSession.Connected

    def test_stop_ends_all_sessions(self) -> None:
        first, second = self.session("eth0"), None
        second = self.qt.QNetworkSession(first.configuration())
        kind = self.qt.QNetworkSession
        received = self.record(second)
        for session in (first, second):
            session.open()
            assert session.waitForOpened()
        received.clear()
        first.stop()
        aborted, down = kind.SessionAbortedError, kind.Disconnected
        self.until(lambda: (down, down) in received)
        assert received[0] == ("closed", False) and received[1] == (aborted, aborted)

    def test_counters_and_interface(self) -> None:
        session = self.session("lo", LAPTOP.replace("access-point eth0", "access-point lo"))
        assert (session.bytesReceived(), session.bytesWritten()) == (1000, 500)
        assert session.activeTime() >= 0
        assert session.usagePolicies() == self.qt.QNetworkSession.NoPolicy
        interface = session.interface()
        assert type(interface) is self.network.QNetworkInterface
        assert interface.name() == "lo"

    def test_usage_policies(self) -> None:
        text = LAPTOP + "on refresh\n set eth0 metered=yes\n"
        session = self.session("eth0", text)
        received: list[Any] = []
        session.usagePoliciesChanged.connect(received.append)
        self.play_step(session.manager)
        self.until(lambda: received)
        assert (
            received
            == [self.qt.QNetworkSession.NoBackgroundTrafficPolicy]
            == [session.usagePolicies()]
        )

    def test_properties(self) -> None:
        session = self.session("netsession:internet")
        assert session.sessionProperty("ActiveConfiguration") == ""
        assert session.sessionProperty("UserChoiceConfiguration") == ""
        assert session.sessionProperty("AutoCloseSessionTimeout") == -1
        assert session.sessionProperty("ConnectInBackground") is None
        assert session.sessionProperty(key="anything") is None
        session.setSessionProperty("ConnectInBackground", True)
        assert session.sessionProperty("ConnectInBackground") is True
        session.setSessionProperty(key="mine", value=["kept", 5])
        assert session.sessionProperty("mine") == ["kept", 5]
        session.setSessionProperty("ActiveConfiguration", "nonsense")
        session.open()
        assert session.waitForOpened()
        assert session.sessionProperty("ActiveConfiguration") == "eth0"
        for invalid in ("soon", 1 << 40, float("inf"), [5]):
            session.setSessionProperty("AutoCloseSessionTimeout", invalid)
            assert session.sessionProperty("AutoCloseSessionTimeout") == -1
        session.setSessionProperty("AutoCloseSessionTimeout", "600000")
        assert session.sessionProperty("AutoCloseSessionTimeout") == 600000
        session.setSessionProperty("ConnectInBackground", "false")
        assert session.sessionProperty("ConnectInBackground") is False
        for nothing in self.nothings():
            session.setSessionProperty("mine", "again")
            session.setSessionProperty("mine", nothing)
            assert session.sessionProperty("mine") is None
            session.setSessionProperty("ConnectInBackground", nothing)
            assert session.sessionProperty("ConnectInBackground") is None

    def nothings(self) -> list[object]:
        """None and, if the binding has QVariant, an invalid QVariant."""
        return [None, self.core.QVariant()] if hasattr(self.core, "QVariant") else [None]

    def test_auto_close(self) -> None:
        session = self.session("eth0")
        received = self.record(session)
        session.open()
        assert session.waitForOpened()
        session.setSessionProperty("AutoCloseSessionTimeout", 10)
        self.until(lambda: ("closed", False) in received)
        assert session.sessionProperty("AutoCloseSessionTimeout") == -1

    def test_forced_roaming(self) -> None:
        session = self.session("netsession:internet", UNPLUGGED)
        kind = self.qt.QNetworkSession
        received = self.record(session)
        session.open()
        assert session.waitForOpened()
        self.play_step(session.manager)
        self.until(lambda: (kind.Connected, kind.Connected) in received)
        assert received == [
            ("opened", True),
            (kind.Roaming, kind.Roaming),
            "activated",
            (kind.Connected, kind.Connected),
        ]
        assert session.sessionProperty("ActiveConfiguration") == "wlan0"

    def test_user_choice(self) -> None:
        session = self.session("netsession:user-choice")
        received = self.record(session)
        asked: list[Any] = []

        def ask(asking: Any, candidates: list[Any]) -> None:
            asked.append([each.identifier for each in candidates])
            asking.choose(candidates[-1])

        session.netsession.manager.on_choose = ask
        session.open()
        assert session.waitForOpened()
        self.until(lambda: ("opened", True) in received)
        assert len(asked) == 1 and "wlan0" in asked[0]
        chosen = asked[0][-1]
        assert session.sessionProperty("UserChoiceConfiguration") == chosen

    @pytest.mark.parametrize("accept", [True, False])
    def test_application_level_roaming(self, accept: bool) -> None:
        session = self.session("netsession:internet", PLUGGED_AGAIN)
        offers = []
        session.open()
        assert session.waitForOpened()
        self.play_step(session.manager)
        self.until(lambda: session.sessionProperty("ActiveConfiguration") == "wlan0")
        session.preferredConfigurationChanged.connect(lambda *offer: offers.append(offer))
        session.preferredConfigurationChanged.connect(lambda *offer: session.migrate())
        session.newConfigurationActivated.connect(session.accept if accept else session.reject)
        self.play_step(session.manager)
        expected = "eth0" if accept else "wlan0"
        self.until(lambda: offers)
        kind = self.qt.QNetworkSession
        self.until(
            lambda: (
                session.state() == kind.Connected
                and session.sessionProperty("ActiveConfiguration") == expected
            )
        )
        assert [(config.identifier(), seamless) for config, seamless in offers] == [
            ("eth0", False)
        ]

    def test_disconnecting_returns_roaming_to_the_library(self) -> None:
        session = self.session("netsession:internet", UNPLUGGED)

        def ignore(*_offer: object) -> None:
            session.ignore()

        for _ in range(2):
            session.preferredConfigurationChanged.connect(ignore)
            assert session.netsession.application_roaming
            session.preferredConfigurationChanged.disconnect(ignore)
            self.until(lambda: not session.netsession.application_roaming)
        session.preferredConfigurationChanged.connect(ignore)
        session.preferredConfigurationChanged.disconnect()
        self.until(lambda: not session.netsession.application_roaming)

    def test_keywords_of_the_constructors(self) -> None:
        received: list[Any] = []
        parent = self.core.QObject()
        manager = self.qt.QNetworkConfigurationManager(parent=parent)
        config = manager.defaultConfiguration()
        session = self.qt.QNetworkSession(
            connConfig=config,
            parent=parent,
            opened=lambda: received.append("opened"),
            error=lambda error: received.append(error),
        )
        assert session.parent() is parent is manager.parent()
        session.open()
        self.until(lambda: received)
        session.error.emit(self.qt.QNetworkSession.RoamingError)
        assert received == ["opened", self.qt.QNetworkSession.RoamingError]

    def test_other_types_are_rejected_as_configuration(self) -> None:
        for wrong in (None, "eth0", self.core.QObject()):
            with pytest.raises(TypeError, match="connConfig"):
                self.qt.QNetworkSession(wrong)

    def test_subclasses(self) -> None:
        received: list[Any] = []
        qt, core = self.qt, self.core

        class Watch(qt.QNetworkSession):  # type: ignore[misc, name-defined]
            greeted = self.signal(str)

            def __init__(self, config: object, parent: object = None) -> None:
                super().__init__(config, parent)
                self.opened.connect(self.greet)

            def greet(self) -> None:
                self.greeted.emit("open")

            def connectNotify(self, signal: Any) -> None:
                received.append(bytes(signal.name().data()))
                super().connectNotify(signal)

        session = Watch(self.manager().defaultConfiguration())
        session.greeted.connect(received.append)
        session.open()
        self.until(lambda: "open" in received)
        assert b"opened" in received
        assert isinstance(session, core.QObject)

    def test_subclasses_may_use_any_attribute_name(self) -> None:
        """Private attributes begin with "_netsession"; all other names are free."""
        session, manager = self.session("eth0"), self.manager()
        for made in (session, manager):
            names = {*vars(made), *(name for kind in _ours(made) for name in vars(kind))}
            hidden = {name for name in names if name[0] == "_" and name[:2] != "__"}
            assert {name for name in hidden if not name.startswith("_netsession")} == set()


def _ours(made: object) -> list[type]:
    return [kind for kind in type(made).__mro__ if kind.__module__.startswith("netsession.")]
