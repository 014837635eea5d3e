#!/usr/bin/env python3
"""watch - keeps a session on "Internet" open, moves to a better network whenever one
is offered, and prints what happens, until Ctrl-C. In asyncio, without Qt.

The argument is the identifier of another network to use instead.
"""

from __future__ import annotations

import asyncio
import sys
import time

import netsession
from netsession import ConfigurationState


def show(text: str) -> None:
    print(time.strftime("%H:%M:%S "), text, flush=True)


def describe(session: netsession.Session) -> str:
    name = session.configuration.name or session.configuration.identifier
    by = f" by {session.interface}" if session.interface else ""
    state = session.state.name.lower().replace("_", " ")
    return f"{name}: {state}{by}, {'open' if session.is_open else 'not open'}"


def answer(event: netsession.Event, session: netsession.Session) -> None:
    """Prints the events of the session, and answers its offers."""
    match event:
        case netsession.StateChanged() | netsession.Opened() | netsession.Closed():
            show(describe(session))
        case netsession.ErrorOccurred(text=text):
            show(text)
        case netsession.PreferredConfigurationChanged(configuration=better):
            show(f"offered: {better.name}; moving there")
            session.migrate()
        case netsession.NewConfigurationActivated():
            # Here a program may test the new network, on a socket that
            # session.bind_socket has bound to it, and reject it.
            show("the new network works; staying")
            session.accept()
        case netsession.OnlineStateChanged(is_online=is_online):
            show("online" if is_online else "offline")
        case netsession.ReachabilityChanged(reachability=reachability):
            show(f"in reach: {reachability.name.lower()}")


async def watch(identifier: str) -> None:
    with netsession.Manager() as manager, manager.events() as events:
        network = manager.configuration_from_identifier(identifier)
        with network.session(application_roaming=True) as session:
            show(describe(session))
            session.open()
            async for event in events:
                answer(event, session)
                # Opens a lost session again as soon as that can succeed. If the session
                # is open or opening, open() does nothing.
                is_changed = isinstance(event, netsession.ConfigurationChanged)
                if is_changed and network.state in (
                    ConfigurationState.DISCOVERED,
                    ConfigurationState.ACTIVE,
                ):
                    session.open()


if __name__ == "__main__":
    try:
        asyncio.run(watch(sys.argv[1] if len(sys.argv) > 1 else "netsession:internet"))
    except KeyboardInterrupt:
        pass
    except netsession.NetsessionError as why:
        sys.exit(f"watch: {why}")
