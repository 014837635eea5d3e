"""Unix signals that terminate a command by an exception, so that sessions are closed."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import FrameType


class Terminated(KeyboardInterrupt):
    """Raised on SIGTERM and SIGHUP; like KeyboardInterrupt, with another exit status."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = 128 + number


def _raise(number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt if number == signal.SIGINT else Terminated(number)


@contextmanager
def raising(*numbers: signal.Signals) -> Iterator[None]:
    """Makes the signals raise an exception in the block, unless they are ignored."""
    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {n: signal.getsignal(n) for n in numbers}
    before = {n: handler for n, handler in before.items() if handler != signal.SIG_IGN}
    for number in before:
        signal.signal(number, _raise)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def interruptible() -> AbstractContextManager[None]:
    """Makes SIGINT raise KeyboardInterrupt in the block, even if Python did not."""
    return raising(signal.SIGINT)


def terminable() -> AbstractContextManager[None]:
    """Makes SIGTERM and SIGHUP raise Terminated in the block."""
    return raising(signal.SIGTERM, signal.SIGHUP)
