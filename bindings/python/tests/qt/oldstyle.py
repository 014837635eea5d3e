"""SIGNAL("..."), which PySide has still."""

from __future__ import annotations

from typing import Any

import pytest
from bench import UNPLUGGED, Bench


class OldStyle(Bench):
    def test_signals_by_their_old_signatures(self) -> None:
        connect, signal = self.core.QObject.connect, self.core.SIGNAL
        session = self.session("netsession:internet", UNPLUGGED)
        kind = self.qt.QNetworkSession
        told: list[Any] = []

        def state(value: Any) -> None:
            told.append(value)

        def offer(config: Any, seamless: bool) -> None:
            told.append((config.identifier(), seamless))
            session.migrate()

        connect(session, signal("opened()"), lambda: told.append("opened"))
        connect(session, signal("stateChanged(QNetworkSession::State)"), state)
        connect(session, signal("error(QNetworkSession::SessionError)"), state)
        preferred = "preferredConfigurationChanged(const QNetworkConfiguration &,bool)"
        connect(session, signal(preferred), offer)
        changed: list[str] = []
        connect(
            session.made_by,
            signal("configurationChanged(QNetworkConfiguration)"),
            lambda config: changed.append(config.identifier()),
        )
        session.open()
        assert session.waitForOpened()
        self.settle(session.made_by)
        self.until(lambda: kind.Connected in told)
        assert told[0] == "opened"
        assert ("wlan0", False) in told and kind.Roaming in told
        assert "eth0" in changed
        session.error.emit(kind.RoamingError)
        assert told[-1] == kind.RoamingError
        session.error.disconnect(state)
        session.error.emit(kind.SessionAbortedError)
        assert told[-1] == kind.RoamingError

    def test_other_objects_are_not_touched(self) -> None:
        signal = self.signal(str)
        other = type("Other", (self.core.QObject,), {"named": signal})()
        told: list[str] = []
        self.core.QObject.connect(other, self.core.SIGNAL("named(QString)"), told.append)
        other.named.emit("QNetworkConfiguration")
        assert told == ["QNetworkConfiguration"]

    def test_what_is_never_sent_is_warned_of(self) -> None:
        session = self.session("eth0")
        with pytest.warns(RuntimeWarning, match="never sent"):
            session.connect(self.core.SIGNAL("stateChanged(QNetworkSession::State)"), print)
