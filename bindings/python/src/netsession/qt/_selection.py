"""Which binding to Qt a program uses."""

from __future__ import annotations

import importlib
import os
import sys

BINDINGS = ("PySide6", "PyQt6", "PyQt5", "PySide2")
"""The bindings that there is support for, in the order in which they are looked for."""

VARIABLE = "QT_API"


def choose(name: str | None = None) -> str:
    """The binding of that name, else the one in use, else the one to use.

    Raises ImportError where it is missing, or there is none.
    """
    if name is not None:
        return _existing(_spelled(name, "netsession.qt"), "netsession.qt")
    loaded = [each for each in BINDINGS if f"{each}.QtCore" in sys.modules]
    wanted = os.environ.get(VARIABLE, "")
    if loaded and (len(loaded) == 1 or wanted.lower() not in map(str.lower, loaded)):
        return loaded[0]
    if wanted:
        return _existing(_spelled(wanted, VARIABLE), VARIABLE)
    for each in BINDINGS:
        if not _failure(each):
            return each
    raise ImportError(f"no binding to Qt is installed; netsession.qt works with {_list()}")


def _spelled(name: str, who: str) -> str:
    for each in BINDINGS:
        if each.lower() == name.lower():
            return each
    raise ImportError(f"{who} was asked for {name!r}, but it works with {_list()} only")


def _existing(name: str, who: str) -> str:
    failure = _failure(name)
    if failure:
        raise ImportError(f"{who} was asked for {name}, which cannot be imported: {failure}")
    return name


def _failure(name: str) -> str:
    """Why a binding cannot be imported; empty where it can."""
    try:
        importlib.import_module(f"{name}.QtNetwork")
    except ImportError as why:
        return str(why)
    return ""


def _list() -> str:
    return f"{', '.join(BINDINGS[:-1])} and {BINDINGS[-1]}"
