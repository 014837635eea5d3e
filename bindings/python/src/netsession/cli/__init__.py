"""The command line: one module per command.

A command's module has ``HELP`` (a line), ``add_arguments(parser)`` and
``run(options)``, which returns the exit status. --help prints the module's docstring.
If the module has ``PASSES_ON``, ``options.rest`` has the arguments after ``--``.
``EPILOG`` documents the exit statuses of the command.

    _arguments  options that several commands have, and the objects that they name
    _exit       the exit statuses
    _format     values as text for users, and for JSON
    _signals    Unix signals that terminate a command
    _table      aligned and coloured output
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from types import ModuleType

from .._version import VERSION
from ..errors import LibraryError, NetsessionError, OptionError
from ._exit import EPILOG, FAILED, UNUSABLE
from ._signals import interruptible

# The names of the commands, in the order of --help, with their modules.
COMMANDS = {
    "list": "list_",
    "monitor": "monitor",
    "info": "info",
    "open": "open_",
    "stop": "stop",
    "hold": "hold",
    "wait-online": "wait_online",
    "port": "port",
}


def run(arguments: list[str]) -> int:
    """Runs one command line, and returns the exit status."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # the parent process has closed it
            null = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, open(null, "w", closefd=False))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    arguments, rest = split(arguments)
    options = make_parser().parse_args(arguments)
    options.rest = rest
    try:
        with interruptible():
            status: int = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has closed the pipe. Python flushes stdout once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except NetsessionError as why:
        print(f"netsession: {why}", file=sys.stderr)
        status = UNUSABLE if isinstance(why, (LibraryError, OptionError)) else FAILED
        return max(status, getattr(options, "own_failures", 0))
    return status


def split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Separates the arguments after --, which belong to another program."""
    command = COMMANDS.get(arguments[0]) if arguments else None
    if command is None or "--" not in arguments or not hasattr(module(command), "PASSES_ON"):
        return arguments, []
    end = arguments.index("--")
    return arguments[:end], arguments[end + 1 :]


def module(name: str) -> ModuleType:
    return importlib.import_module(f".{name}", __name__)


def make_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="netsession",
        description="Network sessions: list networks, open one, and wait for changes.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    version = ".".join(map(str, VERSION))
    parser.add_argument("--version", action="version", version=f"netsession {version}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, implementation in COMMANDS.items():
        _add(commands, name, module(implementation))
    return parser


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    command: ModuleType,
) -> None:
    parser = commands.add_parser(
        name,
        help=command.HELP,
        description=command.__doc__,
        epilog=getattr(command, "EPILOG", EPILOG),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_arguments(parser)
    parser.set_defaults(run=command.run)
