"""Ctrl-C while the program ``netsession`` is about to start.

Python imports the whole package before the program's main function, which could catch
nothing yet. While it does, SIGINT ends the process as it does in other programs, without a
traceback. Other programs that import the package are left alone.
"""

from __future__ import annotations

import os
import signal
import sys
import threading

# The first argument is "-m" while Python looks for the module of python3 -m netsession.
_is_program = (
    os.path.basename(sys.argv[0] if getattr(sys, "argv", None) else "") in ("-m", "netsession")
    and threading.current_thread() is threading.main_thread()
    and signal.getsignal(signal.SIGINT) is signal.default_int_handler
)
if _is_program:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def imported() -> None:
    """Makes Ctrl-C raise KeyboardInterrupt again: the package is imported."""
    if _is_program:
        signal.signal(signal.SIGINT, signal.default_int_handler)
