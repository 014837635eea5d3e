"""Sessions: what they do, and what they tell, in which order."""

from __future__ import annotations

import time
from typing import Any

import pytest
from bench import DEAD, LAPTOP, PLUGGED_AGAIN, SLOW, UNPLUGGED, Bench


class Signals(Bench):
    def test_opening_and_closing(self) -> None:
        session = self.session("wlan0")
        kind = self.qt.QNetworkSession
        told = self.record(session)
        assert session.state() == kind.Disconnected
        session.open()
        assert session.waitForOpened(msecs=20000) is True
        assert told[:3] == [
            (kind.Connecting, kind.Connecting),
            ("opened", True),
            (kind.Connected, kind.Connected),
        ]
        assert session.isOpen()
        assert session.configuration().identifier() == "wlan0"
        session.close()
        self.until(lambda: (kind.Disconnected, kind.Disconnected) in told)
        assert told[3:] == [
            ("closed", False),
            (kind.Closing, kind.Closing),
            (kind.Disconnected, kind.Disconnected),
        ]

    def test_an_open_that_fails(self) -> None:
        session = self.session("wlan0", DEAD)
        kind = self.qt.QNetworkSession
        told = self.record(session)
        texts: list[str] = []
        session.error.connect(lambda _error: texts.append(session.errorString()))
        session.open()
        assert session.waitForOpened() is False
        assert told[-1] == (kind.SessionAbortedError, kind.SessionAbortedError)
        assert isinstance(told[-1][0], kind.SessionError)
        assert session.error() == kind.SessionAbortedError
        assert texts == ["The password was wrong."] == [session.errorString()]

    def test_error_is_a_method_and_a_signal(self) -> None:
        kind = self.qt.QNetworkSession
        session = kind(self.qt.QNetworkConfiguration())
        assert session.error() == kind.InvalidConfigurationError
        told: list[Any] = []
        session.error[kind.SessionError].connect(told.append)
        session.error.connect(told.append)
        session.error.emit(kind.RoamingError)
        assert told == [kind.RoamingError] * 2
        session.error.disconnect()
        session.error.emit(kind.RoamingError)
        assert len(told) == 2
        assert hasattr(kind, "error")

    def test_error_where_a_signal_is_expected(self) -> None:
        kind = self.qt.QNetworkSession
        session = self.session("eth0")
        told: list[Any] = []
        session.error.connect(told.append)
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
        assert told == [kind.RoamingError] * 2
        session.error.disconnect(told.append)
        session.error[kind.SessionError].emit(kind.RoamingError)
        assert len(told) == 2

    def test_an_invalid_session(self) -> None:
        kind = self.qt.QNetworkSession
        session = kind(self.qt.QNetworkConfiguration())
        told = self.record(session)
        assert session.state() == kind.Invalid
        assert session.waitForOpened(5000) is False
        session.open()
        assert session.waitForOpened(5000) is False
        self.until(lambda: told)
        invalid = kind.InvalidConfigurationError
        assert told == [(invalid, invalid)]
        assert not session.interface().isValid()
        for figure in (session.activeTime, session.bytesReceived, session.bytesWritten):
            assert figure() == 0

    def test_signals_into_signals(self) -> None:
        session, other = self.session("wlan0", DEAD), self.session("wlan0")
        kind = self.qt.QNetworkSession
        told: list[Any] = []
        session.stateChanged.connect(other.stateChanged)
        session.error.connect(other.error)
        other.stateChanged.connect(lambda state: told.append(state))
        other.error.connect(lambda error: told.append(error))
        session.open()
        self.until(lambda: kind.SessionAbortedError in told)
        assert told[0] == kind.Connecting

    def test_slots_of_the_session(self) -> None:
        session = self.session("eth0")
        told = self.record(session)
        timer = self.core.QTimer()
        timer.setSingleShot(True)
        timer.timeout.connect(session.open)
        session.opened.connect(session.close)
        timer.start(0)
        self.until(lambda: ("closed", False) in told)
        assert told == [("opened", True), ("closed", False)]
        self.core.QMetaObject.invokeMethod(session, "open")
        self.until(lambda: len(told) == 4)

    def test_waiting(self) -> None:
        session = self.session("wlan0", SLOW)
        begun = time.monotonic()
        assert session.waitForOpened(120000) is False, "nothing is under way"
        session.open()
        assert session.waitForOpened(50) is False
        assert session.state() == self.qt.QNetworkSession.Connecting
        ticks = []
        timer = self.core.QTimer()
        timer.timeout.connect(lambda: ticks.append(1))
        timer.timeout.connect(lambda: len(ticks) == 3 and session.close())
        timer.start(5)
        assert session.waitForOpened(-1) is False, "it was closed meanwhile"
        assert len(ticks) >= 3, "the event loop runs meanwhile"
        assert time.monotonic() - begun < 120

    def test_waiting_for_one_that_is_open(self) -> None:
        session = self.session("eth0")
        told = self.record(session)
        session.open()
        assert session.waitForOpened(msecs=-1)
        assert session.waitForOpened(0)
        assert told == [("opened", True)]

    def test_what_a_call_leads_to_at_once_can_be_read(self) -> None:
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
        told = self.record(second)
        for session in (first, second):
            session.open()
            assert session.waitForOpened()
        told.clear()
        first.stop()
        aborted, down = kind.SessionAbortedError, kind.Disconnected
        self.until(lambda: (down, down) in told)
        assert told[0] == ("closed", False) and told[1] == (aborted, aborted)

    def test_figures_and_interface(self) -> None:
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
        told: list[Any] = []
        session.usagePoliciesChanged.connect(told.append)
        self.settle(session.made_by)
        self.until(lambda: told)
        assert (
            told
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
        for no_number in ("soon", 1 << 40, float("inf"), [5]):
            session.setSessionProperty("AutoCloseSessionTimeout", no_number)
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
        """None, and where the binding has it, an invalid QVariant."""
        return [None, self.core.QVariant()] if hasattr(self.core, "QVariant") else [None]

    def test_auto_close(self) -> None:
        session = self.session("eth0")
        told = self.record(session)
        session.open()
        assert session.waitForOpened()
        session.setSessionProperty("AutoCloseSessionTimeout", 10)
        self.until(lambda: ("closed", False) in told)
        assert session.sessionProperty("AutoCloseSessionTimeout") == -1

    def test_forced_roaming(self) -> None:
        session = self.session("netsession:internet", UNPLUGGED)
        kind = self.qt.QNetworkSession
        told = self.record(session)
        session.open()
        assert session.waitForOpened()
        self.settle(session.made_by)
        self.until(lambda: (kind.Connected, kind.Connected) in told)
        assert told == [
            ("opened", True),
            (kind.Roaming, kind.Roaming),
            "activated",
            (kind.Connected, kind.Connected),
        ]
        assert session.sessionProperty("ActiveConfiguration") == "wlan0"

    def test_a_user_who_chooses(self) -> None:
        session = self.session("netsession:user-choice")
        told = self.record(session)
        asked: list[Any] = []

        def ask(asking: Any, candidates: list[Any]) -> None:
            asked.append([each.identifier for each in candidates])
            asking.choose(candidates[-1])

        session.netsession.manager.on_choose = ask
        session.open()
        assert session.waitForOpened()
        self.until(lambda: ("opened", True) in told)
        assert len(asked) == 1 and "wlan0" in asked[0]
        chosen = asked[0][-1]
        assert session.sessionProperty("UserChoiceConfiguration") == chosen

    @pytest.mark.parametrize("accept", [True, False])
    def test_application_level_roaming(self, accept: bool) -> None:
        session = self.session("netsession:internet", PLUGGED_AGAIN)
        offers = []
        session.open()
        assert session.waitForOpened()
        self.settle(session.made_by)
        self.until(lambda: session.sessionProperty("ActiveConfiguration") == "wlan0")
        session.preferredConfigurationChanged.connect(lambda *offer: offers.append(offer))
        session.preferredConfigurationChanged.connect(lambda *offer: session.migrate())
        session.newConfigurationActivated.connect(session.accept if accept else session.reject)
        self.settle(session.made_by)
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

    def test_whoever_stops_listening_leaves_roaming_to_the_library(self) -> None:
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
        told: list[Any] = []
        parent = self.core.QObject()
        manager = self.qt.QNetworkConfigurationManager(parent=parent)
        config = manager.defaultConfiguration()
        session = self.qt.QNetworkSession(
            connConfig=config,
            parent=parent,
            opened=lambda: told.append("opened"),
            error=lambda error: told.append(error),
        )
        assert session.parent() is parent is manager.parent()
        session.open()
        self.until(lambda: told)
        session.error.emit(self.qt.QNetworkSession.RoamingError)
        assert told == ["opened", self.qt.QNetworkSession.RoamingError]

    def test_a_session_needs_a_configuration_of_ours(self) -> None:
        for wrong in (None, "eth0", self.core.QObject()):
            with pytest.raises(TypeError, match="connConfig"):
                self.qt.QNetworkSession(wrong)

    def test_subclasses(self) -> None:
        told: list[Any] = []
        qt, core = self.qt, self.core

        class Watch(qt.QNetworkSession):  # type: ignore[misc, name-defined]
            heard = self.signal(str)

            def __init__(self, config: object, parent: object = None) -> None:
                super().__init__(config, parent)
                self.opened.connect(self.greet)

            def greet(self) -> None:
                self.heard.emit("open")

            def connectNotify(self, signal: Any) -> None:
                told.append(bytes(signal.name().data()))
                super().connectNotify(signal)

        session = Watch(self.manager().defaultConfiguration())
        session.heard.connect(told.append)
        session.open()
        self.until(lambda: "open" in told)
        assert b"opened" in told
        assert isinstance(session, core.QObject)

    def test_subclasses_give_their_attributes_any_name(self) -> None:
        """Those that are ours are told from those of Qt by their beginning."""
        session, manager = self.session("eth0"), self.manager()
        for made in (session, manager):
            names = {*vars(made), *(name for kind in _ours(made) for name in vars(kind))}
            hidden = {name for name in names if name[0] == "_" and name[:2] != "__"}
            assert {name for name in hidden if not name.startswith("_netsession")} == set()


def _ours(made: object) -> list[type]:
    return [kind for kind in type(made).__mro__ if kind.__module__.startswith("netsession.")]
