"""Selects the binding to Qt that a program uses."""

from __future__ import annotations

import importlib
import os
import sys

BINDINGS = ("PySide6", "PyQt6", "PyQt5", "PySide2")
"""The supported bindings, in the order in which they are tried."""

VARIABLE = "QT_API"


def select(name: str | None = None) -> str:
    """The binding of that name, else the imported one, else QT_API's, else the first.

    Raises ImportError if the binding is missing, or none is installed.
    """
    if name is not None:
        return _installed(_canonical(name, "netsession.qt"), "netsession.qt")
    loaded = [each for each in BINDINGS if f"{each}.QtCore" in sys.modules]
    wanted = os.environ.get(VARIABLE, "")
    if loaded and (len(loaded) == 1 or wanted.lower() not in map(str.lower, loaded)):
        return loaded[0]
    if wanted:
        return _installed(_canonical(wanted, VARIABLE), VARIABLE)
    for each in BINDINGS:
        if not _import_error(each):
            return each
    raise ImportError(f"no binding to Qt is installed; netsession.qt works with {_list()}")


def _canonical(name: str, who: str) -> str:
    for each in BINDINGS:
        if each.lower() == name.lower():
            return each
    raise ImportError(f"{who} was asked for {name!r}, but it works with {_list()} only")


def _installed(name: str, who: str) -> str:
    failure = _import_error(name)
    if failure:
        raise ImportError(f"{who} was asked for {name}, which cannot be imported: {failure}")
    return name


def _import_error(name: str) -> str:
    """Why a binding cannot be imported; empty if it can."""
    try:
        importlib.import_module(f"{name}.QtNetwork")
    except ImportError as why:
        return str(why)
    return ""


def _list() -> str:
    return f"{', '.join(BINDINGS[:-1])} and {BINDINGS[-1]}"
