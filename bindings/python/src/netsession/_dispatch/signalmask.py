"""Blocks Unix signals while C calls Python functions.

Python runs a signal handler at the next instruction of the main thread. What a handler
raises in a function that C called would be printed and lost, and the event that C
delivered with it.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# The signals that programs handle. The time of a dispatch grows with their number.
SIGNALS = {
    signal.SIGINT,
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGQUIT,
    signal.SIGALRM,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGCHLD,
    signal.SIGWINCH,
}


@contextmanager
def signals_blocked() -> Iterator[None]:
    """Blocks SIGNALS on the main thread; Python runs their handlers at the end.

    A signal that the kernel delivers to another thread of the program is not blocked:
    its handler still runs on the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # Python runs no handler on this thread
        return
    blocked = SIGNALS - signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, blocked)  # raises after it has blocked
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, blocked)  # handlers run here
