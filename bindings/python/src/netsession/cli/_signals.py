"""Signals that end a program in good order, so that sessions are closed."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import FrameType

from .. import _trampolines

_SOON = 0.005  # seconds until a signal is looked at again


class Terminated(KeyboardInterrupt):
    """SIGTERM or SIGHUP came: as Ctrl-C, but with a status of its own."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = 128 + number


def _end(number: int, frame: FrameType | None) -> None:
    if _in_trampoline(frame):
        # Python would print what is raised there, and go on.
        signal.signal(signal.SIGALRM, lambda _alarm, later: _end(number, later))
        signal.setitimer(signal.ITIMER_REAL, _SOON)
    elif number == signal.SIGINT:
        raise KeyboardInterrupt
    else:
        raise Terminated(number)


def _in_trampoline(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_globals is vars(_trampolines):
            return True
        frame = frame.f_back
    return False


@contextmanager
def ending(*numbers: signal.Signals) -> Iterator[None]:
    """Signals of these numbers raise an exception meanwhile, unless ignored."""
    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {n: signal.getsignal(n) for n in numbers}
    before = {n: handler for n, handler in before.items() if handler != signal.SIG_IGN}
    for number in before:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def interruptible() -> AbstractContextManager[None]:
    """SIGINT raises KeyboardInterrupt meanwhile, wherever the program is."""
    return ending(signal.SIGINT)


def terminable() -> AbstractContextManager[None]:
    """SIGTERM and SIGHUP raise Terminated meanwhile."""
    return ending(signal.SIGTERM, signal.SIGHUP)
