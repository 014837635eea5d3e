"""Random programs bind the same names after they were ported."""

import random
import sys
import types
from unittest import mock

import pytest
from rewriting import rewritten

from netsession.port.names import REMOVED

OTHERS = ("QTcpSocket", "QUdpSocket", "QNetworkReply", "QSslSocket")
BINDINGS = ("PyQt5", "PyQt6", "PySide2", "PySide6", "qtpy")


def statement(dice: random.Random) -> str:
    """An import of some names, in a random style."""
    names = dice.sample((*REMOVED, *OTHERS), dice.randint(1, 6))
    names = [f"{name} as {name}_" if dice.random() < 0.3 else name for name in names]
    module = f"{dice.choice(BINDINGS)}.QtNetwork"
    blank = dice.choice(("", " ", "  ", "\t"))
    style = dice.randrange(6)
    if style == 0:
        return f"from {module} import {', '.join(names)}{blank}"
    if style == 1:
        return f"from {module} import ({blank}{f'{blank},{blank}'.join(names)}{dice.choice(('', ','))}{blank})"
    if style == 2:
        return f"from {module} import " + f", \\\n    {blank}".join(names)
    if style == 3:
        note = dice.choice(("", "  # a note, with a comma", "#"))
        return (
            f"from {module} import ({note}\n"
            + "".join(f"    {n},{note}\n" for n in names)
            + ")"
        )
    if style == 4:
        return f"from {module} import (\n\t" + f"\n\t,{blank}".join(names) + "\n)"
    lines = f",{blank}\n\n    "
    return f"from {module} import ({lines.join(names)})"


def program(dice: random.Random) -> str:
    """Import statements, alone, in blocks and between semicolons."""
    text = dice.choice(
        ("", '"""A docstring of QNetworkSession."""\n', "\ufeff#!/usr/bin/python3\n\n")
    )
    for number in range(dice.randint(1, 5)):
        line = statement(dice)
        kind = dice.randrange(5)
        if kind == 0:
            text += f"if True:\n  {line}\n  v{number} = 1 # QNetworkSession\n"
        elif kind == 1:
            text += f"if True: {line}; v{number} = 2\n"
        elif kind == 2:
            text += f"v{number} = 3; {line}  # and so on\n\n"
        elif kind == 3:
            text += f"try:\n\t{line}\nexcept ImportError:\n\tpass\n"
        else:
            text += f"{line}\n"
    return text if dice.random() < 0.7 else text.rstrip("\n")


class Namespace(types.ModuleType):
    """A module in which every name of QtNetwork is bound to itself."""

    def __getattr__(self, name: str) -> str:
        if name not in (*REMOVED, *OTHERS):
            raise AttributeError(name)
        return name


class Removed(types.ModuleType):
    """A module that has the removed classes and nothing else."""

    def __getattr__(self, name: str) -> str:
        if name not in REMOVED:
            raise AttributeError(name)
        return name


def outcome(text: str) -> dict[str, object]:
    """The names that a program binds."""
    modules: dict[str, types.ModuleType] = {
        "netsession": Removed("netsession"),
        "netsession.qt": Removed("netsession.qt"),
    }
    for binding in BINDINGS:
        modules[binding] = Namespace(binding)
        modules[f"{binding}.QtNetwork"] = Namespace(binding)
        modules[f"netsession.qt.{binding}"] = Removed(binding)
    modules["netsession.qt.QtNetwork"] = Removed("QtNetwork")
    scope: dict[str, object] = {}
    with mock.patch.dict(sys.modules, modules):
        exec(text.lstrip("\ufeff"), scope)
    return {
        name: value for name, value in scope.items() if name not in ("__builtins__", "qtpy")
    }


@pytest.mark.parametrize("seed", range(100))
def test_random_programs(seed: int) -> None:
    text = program(random.Random(seed))
    ported = rewritten(text)
    assert outcome(ported) == outcome(text), ported
    assert not any(
        f"{binding}.QtNetwork import {name}" in ported
        for binding in BINDINGS
        for name in REMOVED
    )
    assert rewritten(ported) == ported
    assert ported.count("#") == text.count("#"), "no comment is lost"
