"""Waits until the machine is online: something that is active leads to the internet."""

from __future__ import annotations

import argparse
import time

from ..manager import Manager
from ._arguments import add_manager_options, add_timeout, make_manager, say
from ._exit import FAILED, OK

HELP = "wait until the machine is online"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_timeout(parser, None)
    add_manager_options(parser)


def run(options: argparse.Namespace) -> int:
    with make_manager(options) as manager:
        if wait(manager, options.timeout):
            return OK
    say(f"not online after {options.timeout:g} s")
    return FAILED


def wait(manager: Manager, timeout: float | None) -> bool:
    """Waits; returns whether the machine is online in time."""
    manager.on_online_state_changed = lambda _is_online: None
    deadline = None if timeout is None else time.monotonic() + timeout
    while not manager.is_online:
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and left < 0:
            return False
        manager.dispatch(left)
    return True
