"""Runs a command with a session: netsession hold ID -- COMMAND ARG...

The session is open before the command starts, and is closed when it ends; the exit
status is the command's. If the network is lost meanwhile, the command goes on.
"""

from __future__ import annotations

import argparse
import os
import select
import signal
import subprocess
from types import FrameType

from ..events import Closed
from ..session import Session
from ..stream import EventStream
from ._arguments import (
    add_identifier,
    add_manager_options,
    add_timeout,
    find,
    make_manager,
    say,
)
from ._exit import HOLD_FAILED, NOT_EXECUTABLE, NOT_FOUND, USAGE
from ._signals import terminable

HELP = "run a command with a session that lives as long as the command"
PASSES_ON = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_identifier(parser)
    add_timeout(parser, 30)
    add_manager_options(parser)
    parser.usage = "netsession hold ID [--timeout SECONDS] -- COMMAND [ARG ...]"
    parser.set_defaults(own_failures=HOLD_FAILED)


def run(options: argparse.Namespace) -> int:
    if not options.rest:
        say("which command? See: netsession hold --help")
        return USAGE
    with terminable(), make_manager(options) as manager:
        configuration = find(manager, options)
        if configuration is None:
            return HOLD_FAILED
        with manager.events() as events, configuration.open(options.timeout) as session:
            return hold(session, events, options.rest)


def hold(session: Session, events: EventStream, command: list[str]) -> int:
    """Runs the command until it exits, and returns its status."""
    try:
        with SignalForwarder() as signals, subprocess.Popen(command) as child:
            signals.forward_to(child)
            watch(session, events, child)
            status = child.wait()
    except FileNotFoundError:
        say(f"there is no command {command[0]}")
        return NOT_FOUND
    except OSError as why:
        say(f"{command[0]} cannot be run: {why.strerror}")
        return NOT_EXECUTABLE
    return status if status >= 0 else 128 - status


def watch(session: Session, events: EventStream, child: subprocess.Popen[bytes]) -> None:
    """Reports the loss of the session, until the command exits."""
    ended = os.pidfd_open(child.pid)
    try:
        poll = select.poll()
        poll.register(ended, select.POLLIN)
        poll.register(session.manager, select.POLLIN)
        while not any(fd == ended for fd, _ in poll.poll()):
            session.manager.dispatch()
            for event in events.take():
                if isinstance(event, Closed):
                    identifier = session.configuration.identifier
                    say(f"{identifier} was lost: {session.error_string}")
    finally:
        os.close(ended)


class SignalForwarder:
    """Forwards SIGTERM and SIGHUP to the command, and ignores SIGINT and SIGQUIT, which
    the terminal sends to the command itself."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._early: list[int] = []  # received before the command has started

    def forward_to(self, child: subprocess.Popen[bytes]) -> None:
        self._child = child
        for number in self._early:
            child.send_signal(number)

    def __enter__(self) -> SignalForwarder:
        self._before = {
            signal.SIGINT: signal.signal(signal.SIGINT, self._ignore),
            signal.SIGQUIT: signal.signal(signal.SIGQUIT, self._ignore),
            signal.SIGTERM: signal.signal(signal.SIGTERM, self._forward),
            signal.SIGHUP: signal.signal(signal.SIGHUP, self._forward),
        }
        return self

    def __exit__(self, *_error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _ignore(self, number: int, frame: FrameType | None) -> None:
        pass

    def _forward(self, number: int, frame: FrameType | None) -> None:
        if self._child is None:
            self._early.append(number)
        else:
            self._child.send_signal(number)
