"""Signals that arrive inside dispatch and its callbacks."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from types import FrameType

import pytest
from shared import WAIT

import netsession


class Tick(Exception):
    """The exception of the signal handler."""


class Ticks:
    """Several thousand signals in a second, whose handler raises while it may."""

    def __init__(self) -> None:
        self.may = False

    def handle(self, _number: int, _frame: FrameType | None) -> None:
        if self.may:
            self.may = False
            raise Tick

    def start(self) -> None:
        signal.signal(signal.SIGALRM, self.handle)
        signal.setitimer(signal.ITIMER_REAL, 0.0003, 0.0003)


@pytest.fixture
def ticks() -> Iterator[Ticks]:
    before = signal.getsignal(signal.SIGALRM)
    yield Ticks()
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_dispatch_raises_the_exception_of_a_signal_handler(
    laptop: netsession.Manager, ticks: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lost.append)
    laptop.on_update_completed = lambda: None
    end = time.monotonic() + WAIT
    raised = 0
    ticks.start()
    while raised < 500:
        assert time.monotonic() < end
        laptop.update_configurations()
        try:
            ticks.may = True
            laptop.dispatch(0.01)
            ticks.may = False
        except Tick:
            raised += 1
    assert lost == []


def test_dispatch_restores_the_signal_mask(laptop: netsession.Manager) -> None:
    mine = {signal.SIGUSR1}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, mine)
    try:
        laptop.update_configurations()
        laptop.dispatch()
        assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before | mine
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
