"""Signals that terminate a command cleanly."""

from __future__ import annotations

import os
import signal
import time

import pytest

from netsession.cli._signals import Terminated, interruptible, terminable


def wait() -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        time.sleep(0.001)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_raises(number: signal.Signals) -> None:
    expected = KeyboardInterrupt if number == signal.SIGINT else Terminated
    with interruptible(), terminable(), pytest.raises(expected):
        os.kill(os.getpid(), number)
        wait()


def test_an_ignored_signal_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with terminable():
            assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
