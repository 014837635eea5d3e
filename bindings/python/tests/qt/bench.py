"""The base of the drop-in's tests: a binding, its event loop, and a played network."""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import netsession.qt

WAIT = 120.0  # seconds; longer than any step takes on a loaded machine

LAPTOP = """
access-point eth0 name="Office cable" bearer=ethernet state=active address=192.0.2.5/24 \
 default-route=yes metric=100 received=1000 written=500
access-point wlan0 name="Wi-Fi" bearer=wlan strength=70 address=192.0.2.77/24 \
 default-route=yes metric=600
"""
UNPLUGGED = LAPTOP + "on refresh\n set eth0 state=defined\n"
PLUGGED_AGAIN = UNPLUGGED + "on refresh\n set eth0 state=active\n"
DEAD = LAPTOP + 'start wlan0 fails aborted "The password was wrong."\n'
SLOW = LAPTOP + "start wlan0 hangs\n"


class Bench:
    """The base of the abstract tests; a subclass sets the binding that they use."""

    binding: str

    @property
    def is_pyqt(self) -> bool:
        return self.binding.startswith("PyQt")

    @pytest.fixture(autouse=True)
    def _bench(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = tmp_path
        self.environment = monkeypatch
        self.core: Any = importlib.import_module(f"{self.binding}.QtCore")
        self.network: Any = importlib.import_module(f"{self.binding}.QtNetwork")
        self.qt: Any = netsession.qt.binding(self.binding)
        self.signal = self.core.pyqtSignal if self.is_pyqt else self.core.Signal
        self.app = self.core.QCoreApplication.instance() or _application(self.binding)
        self.play(LAPTOP)

    def play(self, text: str) -> None:
        """Makes managers that are created from now on play a network."""
        script = self.folder / f"{time.monotonic_ns()}.play"
        script.write_text(text)
        self.environment.setenv("NETSESSION_OPTIONS", f"backend=script,script={script}")

    def manager(self, text: str | None = None) -> Any:
        if text is not None:
            self.play(text)
        return self.qt.QNetworkConfigurationManager()

    def session(self, identifier: str, text: str | None = None) -> Any:
        """A session; its attribute ``manager`` is the manager of its configuration."""
        manager = self.manager(text)
        session = self.qt.QNetworkSession(manager.configurationFromIdentifier(identifier))
        session.manager = manager
        return session

    def until(self, condition: Callable[[], object]) -> None:
        """Runs the event loop until a condition is true, or fails after a timeout."""
        deadline = time.monotonic() + WAIT
        while not condition():
            assert time.monotonic() < deadline, "timeout"
            self.spin(10)

    def spin(self, msecs: int = 50) -> None:
        """Runs the event loop for a while."""
        loop = self.core.QEventLoop()
        self.core.QTimer.singleShot(msecs, loop.quit)
        (loop.exec if hasattr(loop, "exec") else loop.exec_)()

    def play_step(self, manager: Any) -> None:
        """Plays the next step, and delivers the signals of its immediate changes."""
        done: list[int] = []

        def completed() -> None:
            done.append(1)

        manager.updateCompleted.connect(completed)
        manager.updateConfigurations()
        self.until(lambda: done)
        manager.updateCompleted.disconnect(completed)

    def record(self, session: Any) -> list[Any]:
        """Records the signals of a session, with the values of its getters in the slots."""
        received: list[Any] = []
        session.opened.connect(lambda: received.append(("opened", session.isOpen())))
        session.closed.connect(lambda: received.append(("closed", session.isOpen())))
        session.stateChanged.connect(lambda state: received.append((state, session.state())))
        session.error.connect(lambda error: received.append((error, session.error())))
        session.newConfigurationActivated.connect(lambda: received.append("activated"))
        return received

    def delete(self, wrapper: Any) -> None:
        """Deletes the QObject of a wrapper immediately."""
        if self.is_pyqt:
            importlib.import_module(f"{self.binding}.sip").delete(wrapper)
        else:
            shiboken = "shiboken2" if self.binding == "PySide2" else "shiboken6"
            importlib.import_module(shiboken).delete(wrapper)


def _application(binding: str) -> Any:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        return importlib.import_module(f"{binding}.QtWidgets").QApplication([])
    except ImportError:
        return importlib.import_module(f"{binding}.QtCore").QCoreApplication([])
