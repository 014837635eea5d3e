"""Prints what happens to the network, until Ctrl-C.

With --json it is one object per line, with time (seconds since 1970), signal (the
name of Qt's signal) and args; a configuration in args looks as list --json has it.
"""

from __future__ import annotations

import argparse
import json
import select
import sys
import time

from ..events import Event
from ..manager import Manager
from ._arguments import add_json, add_manager_options, make_manager
from ._exit import OK
from ._format import as_json, as_text

HELP = "print what happens to the network, until Ctrl-C"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_json(parser)
    add_manager_options(parser)


def run(options: argparse.Namespace) -> int:
    show = as_json_line if options.json else as_line
    with make_manager(options) as manager, manager.events() as events:
        try:
            if not options.json:
                online = "online" if manager.is_online else "offline"
                print(f"Watching the network, which is {online}; Ctrl-C ends.", flush=True)
            while not wait(manager):
                for event in events.take():
                    print(show(event), flush=True)
            raise BrokenPipeError
        except KeyboardInterrupt:
            pass
    return OK


def wait(manager: Manager) -> bool:
    """Waits for an event; returns True when the reader of the output has closed it."""
    poll = select.poll()
    poll.register(manager, select.POLLIN)
    poll.register(sys.stdout, 0)  # POLLERR and POLLHUP: the reader has closed the pipe
    ended = any(fd != manager.fileno() for fd, _ in poll.poll())
    manager.dispatch()
    return ended


def as_json_line(event: Event) -> str:
    arguments = [as_json(argument) for argument in event.arguments]
    line = {"time": round(event.time, 3), "signal": event.signal, "args": arguments}
    return json.dumps(line)


def as_line(event: Event) -> str:
    clock = time.strftime("%H:%M:%S", time.localtime(event.time))
    text = " ".join(as_text(argument) for argument in event.arguments)
    return f"{clock}.{int(event.time % 1 * 1000):03}  {event.signal:<22} {text}".rstrip()
