"""Takes a network down, whoever uses it.

Sessions that are open on it are closed. Does nothing where it is down already.
"""

from __future__ import annotations

import argparse
import time

from ..enums import ConfigurationType, State
from ..events import ErrorOccurred, StateChanged
from ..session import Session
from ._arguments import (
    add_identifier,
    add_manager_options,
    add_timeout,
    find,
    make_manager,
    say,
)
from ._exit import FAILED, OK, UNKNOWN

HELP = "take a network down, whoever uses it"
UP = (State.CONNECTING, State.CONNECTED, State.ROAMING, State.CLOSING)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_identifier(parser)
    add_timeout(parser, 30)
    add_manager_options(parser)


def run(options: argparse.Namespace) -> int:
    with make_manager(options) as manager:
        configuration = find(manager, options)
        if configuration is None:
            return UNKNOWN
        session = configuration.session()
        if session.state not in UP:
            print(f"{options.identifier} is not up.")
        elif stop(session, options.timeout):
            print(f"{options.identifier} is down.")
        else:
            say(f"{options.identifier} is not down after {options.timeout:g} s")
            return FAILED
    return OK


def stop(session: Session, timeout: float) -> bool:
    """Stops the session; returns whether the network is down in time, raises its error."""
    deadline = time.monotonic() + timeout
    with session.manager.events(timeout=timeout) as events:
        session.stop()
        for event in events:
            if isinstance(event, ErrorOccurred):
                raise session.failure()
            if isinstance(event, StateChanged) and is_over(session, event.state):
                return True
            if time.monotonic() > deadline:
                break
    return False


def is_over(session: Session, state: State) -> bool:
    """Whether a stop has ended in this state; Connected may mean that it was refused."""
    if state is not State.CONNECTED:
        return state not in UP
    # Another access point of a service network may be up now; no error follows then.
    if session.configuration.type is not ConfigurationType.SERVICE_NETWORK:
        return False
    session.manager.dispatch(0.2)
    return not session.error_string
