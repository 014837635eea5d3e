"""Signals that end a program in good order, so that sessions are closed."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import FrameType


class Terminated(KeyboardInterrupt):
    """SIGTERM or SIGHUP came: as Ctrl-C, but with a status of its own."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = 128 + number


def _end(number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt if number == signal.SIGINT else Terminated(number)


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
