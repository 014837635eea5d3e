"""Keeps Python's handlers of signals out of the functions that C calls.

A handler runs at the next instruction of the main thread, wherever that is. What it
raises in a function that C called would be printed and lost, and with it what C told.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Those that programs handle; the more there are, the longer it takes.
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
def undisturbed() -> Iterator[None]:
    """Signals wait meanwhile. Those that another thread takes, in a program that has
    several, cannot be held back.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # no handler ever runs here
        return
    mine = SIGNALS - signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, mine)  # may raise, and has blocked then
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, mine)  # handlers run here
