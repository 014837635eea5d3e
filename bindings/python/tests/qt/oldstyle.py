"""Connections by SIGNAL("..."), which PySide still supports."""

from __future__ import annotations

from typing import Any

import pytest
from bench import UNPLUGGED, Bench


class OldStyle(Bench):
    def test_signals_by_their_old_signatures(self) -> None:
        connect, signal = self.core.QObject.connect, self.core.SIGNAL
        session = self.session("netsession:internet", UNPLUGGED)
        kind = self.qt.QNetworkSession
        received: list[Any] = []

        def state(value: Any) -> None:
            received.append(value)

        def offer(config: Any, seamless: bool) -> None:
            received.append((config.identifier(), seamless))
            session.migrate()

        connect(session, signal("opened()"), lambda: received.append("opened"))
        connect(session, signal("stateChanged(QNetworkSession::State)"), state)
        connect(session, signal("error(QNetworkSession::SessionError)"), state)
        preferred = "preferredConfigurationChanged(const QNetworkConfiguration &,bool)"
        connect(session, signal(preferred), offer)
        changed: list[str] = []
        connect(
            session.manager,
            signal("configurationChanged(QNetworkConfiguration)"),
            lambda config: changed.append(config.identifier()),
        )
        session.open()
        assert session.waitForOpened()
        self.play_step(session.manager)
        self.until(lambda: kind.Connected in received)
        assert received[0] == "opened"
        assert ("wlan0", False) in received and kind.Roaming in received
        assert "eth0" in changed
        session.error.emit(kind.RoamingError)
        assert received[-1] == kind.RoamingError
        session.error.disconnect(state)
        session.error.emit(kind.SessionAbortedError)
        assert received[-1] == kind.RoamingError

    def test_other_objects_are_not_affected(self) -> None:
        signal = self.signal(str)
        other = type("Other", (self.core.QObject,), {"named": signal})()
        received: list[str] = []
        self.core.QObject.connect(other, self.core.SIGNAL("named(QString)"), received.append)
        other.named.emit("QNetworkConfiguration")
        assert received == ["QNetworkConfiguration"]

    def test_a_signal_that_is_never_emitted_warns(self) -> None:
        session = self.session("eth0")
        with pytest.warns(RuntimeWarning, match="never sent"):
            session.connect(self.core.SIGNAL("stateChanged(QNetworkSession::State)"), print)
