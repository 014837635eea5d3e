"""Prints the network configurations of this machine.

With --json it is one array of objects with the keys identifier, name, type, state,
bearerTypeName, purpose, isRoamingAvailable, and children, which are identifiers.
"""

from __future__ import annotations

import argparse
import json

from ..configuration import Configuration
from ._arguments import add_json, add_manager_options, make_manager
from ._exit import OK
from ._format import COLOURS, describe, label
from ._table import print_table

HELP = "print the network configurations of this machine"
HEAD = ("IDENTIFIER", "NAME", "TYPE", "BEARER", "STATE", "INTERFACE")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_json(parser)
    add_manager_options(parser)


def run(options: argparse.Namespace) -> int:
    with make_manager(options) as manager:
        configurations = manager.configurations()
        if options.json:
            print(json.dumps([describe(c) for c in configurations], indent=2))
        else:
            colours = [COLOURS.get(c.state, "") for c in configurations]
            print_table(HEAD, [row(c) for c in configurations], colours)
    return OK


def row(c: Configuration) -> tuple[str, ...]:
    return (
        c.identifier,
        c.name,
        label(c.type),
        c.bearer_type_name,
        label(c.state),
        c.interface,
    )
