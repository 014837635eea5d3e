"""Finds the uses of the removed classes in C++ and build files, by their text."""

from __future__ import annotations

import re

from netsession.port.findings import Finding, Outcome
from netsession.port.names import (
    ACCESS_MANAGER,
    AMBIGUOUS_ADVICE,
    AMBIGUOUS_OPTIONS,
    OPTIONS,
    REMOVED,
)

HEADER = re.compile(
    rf"^\s*#\s*(?:include|import)\s*[<\"](?:QtNetwork/)?"
    rf"({'|'.join(REMOVED)}|qnetworksession\.h|qnetworkconfig(?:uration|manager)\.h)[>\"]"
)
NAME = re.compile(rf"\b({'|'.join(REMOVED)}|{'|'.join(sorted(OPTIONS))})\b")
MAYBE = re.compile(rf"\b({'|'.join(sorted(AMBIGUOUS_OPTIONS))})\b")
QMAKE = re.compile(r"^\s*QT\s*\+?=.*\b(network)\b")
MOBILITY = re.compile(r"^\s*(?:CONFIG|MOBILITY|QT)\s*\+?=.*\b(mobility|bearer)\b")
CMAKE = re.compile(r"\b(Qt(?:5|6|\$\{QT_VERSION_MAJOR\})?::Network|Qt[56]Network)\b")

SHIM_HEADER = "stays as it is: the Qt shim has this header"
SHIM_NAME = "stays as it is with the Qt shim"
NETWORK_MANAGER = (
    "has not come back to QNetworkAccessManager: use QNetworkConfigurationManager or a session"
)
BUILD = {
    "qmake": "stays as it is: run qmake with CONFIG+=netsession",
    "cmake": "stays as it is: run cmake with the Qt shim's file as CMAKE_PROJECT_INCLUDE",
    "mobility": "was Qt Mobility's: the classes come with QT += network and the Qt shim",
}


def in_cpp(text: str) -> list[Finding]:
    """The uses in a C++ file."""
    findings = []
    options = ACCESS_MANAGER in text
    for number, line in enumerate(text.splitlines(), 1):
        header = HEADER.match(line)
        if header:
            findings.append(
                Finding(
                    number, header.start(1) + 1, header.group(1), Outcome.STAYS, SHIM_HEADER
                )
            )
            continue
        for match in NAME.finditer(line):
            findings.append(_use(number, match))
        for match in MAYBE.finditer(line) if options else ():
            column, what = match.start(1) + 1, match.group(1)
            findings.append(Finding(number, column, what, Outcome.BY_HAND, AMBIGUOUS_ADVICE))
    return findings


def _use(number: int, match: re.Match[str]) -> Finding:
    gone = match.group(1) in OPTIONS
    outcome, advice = (Outcome.BY_HAND, NETWORK_MANAGER) if gone else (Outcome.STAYS, SHIM_NAME)
    return Finding(number, match.start(1) + 1, match.group(1), outcome, advice)


def in_build_file(text: str) -> list[Finding]:
    """The lines of a .pro or CMake file that made Qt's classes available."""
    findings = []
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, kind in ((MOBILITY, "mobility"), (QMAKE, "qmake"), (CMAKE, "cmake")):
            match = pattern.search(line)
            if match:
                outcome = Outcome.BY_HAND if kind == "mobility" else Outcome.STAYS
                what = match.group(1)
                findings.append(Finding(number, match.start(1) + 1, what, outcome, BUILD[kind]))
                break
    return findings


def in_other_python(text: str) -> list[Finding]:
    """The lines that name the classes, of a Python file that cannot be parsed."""
    advice = "is in a file that is left as it is: mend or port that first"
    return [
        Finding(number, match.start(1) + 1, match.group(1), Outcome.BY_HAND, advice)
        for number, line in enumerate(text.splitlines(), 1)
        for match in NAME.finditer(line)
        if match.group(1) in REMOVED
    ]
