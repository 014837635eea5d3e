"""Signals that come at an awkward moment."""

from __future__ import annotations

import os
import signal
import time
import types
from collections.abc import Callable, Iterator

import pytest

from netsession import _trampolines
from netsession.cli._signals import Terminated, interruptible, terminable


@pytest.fixture(autouse=True)
def alarm() -> Iterator[None]:
    before = signal.getsignal(signal.SIGALRM)
    yield
    signal.signal(signal.SIGALRM, before)


def in_trampoline(body: Callable[[], None]) -> None:
    """Calls body as if the library had called a trampoline."""

    def call(body: Callable[[], None]) -> None:
        body()

    types.FunctionType(call.__code__, vars(_trampolines))(body)


def wait() -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        time.sleep(0.001)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_in_a_trampoline_comes_after_it(number: signal.Signals) -> None:
    done = []

    def body() -> None:
        os.kill(os.getpid(), number)
        done.append(number)

    expected = KeyboardInterrupt if number == signal.SIGINT else Terminated
    with interruptible(), terminable(), pytest.raises(expected):
        in_trampoline(body)
        wait()
    assert done == [number]


def test_an_ignored_signal_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with terminable():
            assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
