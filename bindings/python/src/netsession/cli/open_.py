"""Opens a session, and keeps it open until Ctrl-C or SIGTERM.

The link is brought up if it is down, and goes down again at the end if it was down
before and nobody else uses it.
"""

from __future__ import annotations

import argparse

from ..events import Closed, NewConfigurationActivated
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
from ._exit import FAILED, OK, UNKNOWN
from ._signals import Terminated, terminable

HELP = "open a session, and keep it open until Ctrl-C"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_identifier(parser)
    add_timeout(parser, 30)
    add_manager_options(parser)


def run(options: argparse.Namespace) -> int:
    with terminable(), make_manager(options) as manager, manager.events() as events:
        configuration = find(manager, options)
        if configuration is None:
            return UNKNOWN
        with configuration.open(options.timeout) as session:
            try:
                print(f"{where(session)}; Ctrl-C closes it.", flush=True)
                return watch(session, events)
            except Terminated as signal:
                return signal.status
            except KeyboardInterrupt:
                return OK


def where(session: Session) -> str:
    identifier = session.configuration.identifier
    active = session.properties.get("ActiveConfiguration", identifier)
    through = "" if active == identifier else f" by {active}"
    return f"{identifier} is open{through} on {session.interface or 'no interface'}"


def watch(session: Session, events: EventStream) -> int:
    """Waits until the session is lost."""
    for event in events:
        if isinstance(event, NewConfigurationActivated):
            print(where(session), flush=True)
        elif isinstance(event, Closed) and not session.is_open:
            break
    say(f"{session.configuration.identifier} was lost: {session.error_string}")
    return FAILED
