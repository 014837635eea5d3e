"""The options that several commands share, and the objects that they name."""

from __future__ import annotations

import argparse
import math
import sys

from ..configuration import Configuration
from ..manager import Manager
from ._format import clean


def add_manager_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options of a manager."""
    group = parser.add_argument_group("which network")
    group.add_argument(
        "--backend",
        metavar="NAME",
        help="auto, networkmanager, connman, rtnetlink or script; auto, if not given",
    )
    group.add_argument(
        "--script", metavar="FILE", help="the file that the script backend plays"
    )
    group.add_argument(
        "--dbus-address", metavar="ADDRESS", help="the address of the system bus"
    )
    group.add_argument("--library", metavar="FILE", help="the path of libnetsession.so")


def add_identifier(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("identifier", metavar="ID", help="such as link:eth0; list shows them")


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="write JSON, for programs")


def add_timeout(parser: argparse.ArgumentParser, default: float | None) -> None:
    text = "for ever" if default is None else f"{default:g}"
    parser.add_argument(
        "--timeout",
        type=seconds,
        default=default,
        metavar="SECONDS",
        help=f"how long to wait; {text}, if not given",
    )


def seconds(text: str) -> float:
    """Reads a number of seconds."""
    value = float(text)
    if not (0 <= value < math.inf):
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds")
    return value


def make_manager(options: argparse.Namespace) -> Manager:
    return Manager(
        backend=options.backend or ("script" if options.script else None),
        script=options.script,
        dbus_address=options.dbus_address,
        library=options.library,
    )


def find(manager: Manager, options: argparse.Namespace) -> Configuration | None:
    """The configuration with the identifier of the command line; prints an error if none."""
    configuration = manager.configuration_from_identifier(options.identifier)
    if configuration.is_valid:
        return configuration
    say(f"no configuration has the identifier {options.identifier}; see: netsession list")
    return None


def say(text: str) -> None:
    """Prints a message that is not the command's result."""
    print(f"netsession: {clean(text)}", file=sys.stderr, flush=True)
