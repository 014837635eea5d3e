"""Prints everything about one configuration.

With --json it is one object: the keys of list --json, and interface,
underlying (the identifiers of the access points that its link runs over), bearerTypeFamily,
connectTimeout (milliseconds), sessionState, bytesReceived, bytesWritten, activeTime
(seconds) and usagePolicies (a number).
"""

from __future__ import annotations

import argparse
import json
from typing import Any

from ..configuration import Configuration
from ..session import Session
from ._arguments import add_identifier, add_json, add_manager_options, find, make_manager
from ._exit import OK, UNKNOWN
from ._format import describe, label
from ._table import print_facts

HELP = "print everything about one configuration"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_identifier(parser)
    add_json(parser)
    add_manager_options(parser)


def run(options: argparse.Namespace) -> int:
    with make_manager(options) as manager:
        configuration = find(manager, options)
        if configuration is None:
            return UNKNOWN
        underlying = configuration.underlying
        facts = collect(configuration, underlying, configuration.session())
        links = [f"{c.name} ({c.identifier})" for c in underlying]
    if options.json:
        print(json.dumps(facts, indent=2))
    else:
        print_facts(as_rows(facts, links))
    return OK


def collect(
    configuration: Configuration, underlying: list[Configuration], session: Session
) -> dict[str, Any]:
    return {
        **describe(configuration),
        "interface": configuration.interface,
        "underlying": [c.identifier for c in underlying],
        "bearerTypeFamily": label(configuration.bearer_type_family),
        "connectTimeout": round(configuration.connect_timeout * 1000),
        "sessionState": label(session.state),
        "bytesReceived": session.bytes_received,
        "bytesWritten": session.bytes_written,
        "activeTime": session.active_time,
        "usagePolicies": int(session.usage_policies),
    }


def as_rows(facts: dict[str, Any], links: list[str]) -> list[tuple[str, str]]:
    lines = [
        ("Identifier", facts["identifier"]),
        ("Name", facts["name"]),
        ("Type", facts["type"]),
        ("State", facts["state"]),
        ("Purpose", facts["purpose"]),
        ("Bearer", facts["bearerTypeName"]),
        ("Interface", facts["interface"]),
        *[("Underlying", link) for link in links],
        ("Children", " ".join(facts["children"])),
        ("Roaming", "available" if facts["isRoamingAvailable"] else ""),
        ("Timeout", f"{facts['connectTimeout'] / 1000:g} s to connect"),
        ("Session", facts["sessionState"]),
        ("Received", f"{facts['bytesReceived']} bytes"),
        ("Written", f"{facts['bytesWritten']} bytes"),
        ("Active", f"{facts['activeTime']} s"),
        ("Background", "no traffic, please" if facts["usagePolicies"] else ""),
    ]
    return [(name, value) for name, value in lines if value]
