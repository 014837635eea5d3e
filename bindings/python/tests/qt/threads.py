"""Objects on other threads, and before the application object exists."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from bench import LAPTOP, UNPLUGGED, WAIT, Bench


class Threads(Bench):
    def test_a_moved_session_emits_on_its_new_thread(self) -> None:
        session = self.session("wlan0")
        received: list[tuple[str, int]] = []
        done = threading.Event()
        kind = self.qt.QNetworkSession

        class Listener(self.core.QObject):  # type: ignore[misc, name-defined]
            def on_state(self, state: Any) -> None:
                received.append((kind.State(state).name, threading.get_ident()))
                if state == kind.Connected:
                    done.set()

        thread = self.core.QThread()
        listener = Listener()
        listener.moveToThread(thread)
        session.moveToThread(thread)
        session.stateChanged.connect(listener.on_state)
        thread.start()
        self.core.QMetaObject.invokeMethod(
            session, "open", self.core.Qt.ConnectionType.QueuedConnection
        )
        assert done.wait(WAIT)
        assert {ident for _, ident in received} != {threading.get_ident()}
        assert [name for name, _ in received] == ["Connecting", "Connected"]
        thread.quit()
        assert thread.wait(int(WAIT * 1000))

    def test_managers_in_threads(self) -> None:
        self.play(UNPLUGGED)
        qt, core = self.qt, self.core
        received: list[Any] = []

        class Worker(core.QThread):  # type: ignore[misc, name-defined]
            def run(self) -> None:
                manager = qt.QNetworkConfigurationManager()
                loop = core.QEventLoop()
                manager.onlineStateChanged.connect(
                    lambda on: received.append((on, threading.get_ident()))
                )
                manager.onlineStateChanged.connect(loop.quit)
                ready.release()
                (loop.exec if hasattr(loop, "exec") else loop.exec_)()

        ready = threading.Semaphore(0)
        workers = [Worker() for _ in range(3)]
        for worker in workers:
            worker.start()
        for _ in workers:
            assert ready.acquire(timeout=WAIT)
        self.play_step(self.manager())
        self.until(lambda: all(worker.isFinished() for worker in workers))
        assert [on for on, _ in received] == [False] * 3
        assert len({ident for _, ident in received}) == 3
        assert all(worker.wait(int(WAIT * 1000)) for worker in workers)

    def test_a_thread_without_an_event_loop(self) -> None:
        self.play(LAPTOP)
        seen: list[Any] = []

        def use() -> None:
            manager = self.qt.QNetworkConfigurationManager()
            session = self.qt.QNetworkSession(manager.configurationFromIdentifier("wlan0"))
            session.open()
            seen.append((manager.isOnline(), session.waitForOpened()))

        thread = threading.Thread(target=use)
        thread.start()
        thread.join(WAIT)
        assert seen == [(True, True)]

    def test_freed_on_another_thread(self) -> None:
        self.play(LAPTOP)
        for _ in range(20):
            kept = [self.manager()]
            thread = threading.Thread(target=kept.clear)
            thread.start()
            thread.join(WAIT)
        self.spin(20)

    def test_before_the_application(self) -> None:
        self.play(UNPLUGGED)
        script = Path(__file__).with_name("early.py")
        done = subprocess.run(
            [sys.executable, script, self.binding], capture_output=True, text=True, timeout=300
        )
        assert (done.stdout, done.stderr) == ("True\nclosed online False\n", "")
        assert done.returncode == 0

    def test_in_a_forked_child(self) -> None:
        session = self.session("eth0")
        child = os.fork()
        if child == 0:
            try:
                session.state()
            except Exception as why:
                os._exit(0 if type(why).__name__ == "ForkedError" else 2)
            os._exit(1)
        _, status = os.waitpid(child, 0)
        assert status == 0
        assert session.state() == self.qt.QNetworkSession.Connected
