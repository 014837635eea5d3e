"""QNetworkSession and its family for PySide6, PyQt6, PyQt5 and PySide2.

::

    from netsession.qt.QtNetwork import QNetworkConfigurationManager, QNetworkSession

has them for the binding that the program uses: the one that is imported already,
else the one that the environment variable QT_API names, else the first that is
installed. `netsession.qt.PySide6`, `.PyQt6`, `.PyQt5` and `.PySide2` have them for
one binding. A program that says `from PySide6.QtNetwork import QNetworkSession`
works as it is after::

    import netsession.qt
    netsession.qt.install()

docs/porting-python.md tells what is different from the classes of Qt 5. Since 0.1.
"""

from __future__ import annotations

import importlib
from types import ModuleType

from ._selection import BINDINGS, choose

__all__ = ["BINDINGS", "binding", "install"]

NAMES = ("QNetworkConfiguration", "QNetworkConfigurationManager", "QNetworkSession")


def binding(name: str | None = None) -> ModuleType:
    """The module of this package with the classes for a binding.

    name is one of BINDINGS; without it, it is the binding that is imported already,
    else that which QT_API names, else the first that is installed. Raises
    ImportError where that one is missing, or there is none. Since 0.1.
    """
    return importlib.import_module(f"{__name__}.{choose(name)}")


def install(name: str | None = None) -> ModuleType:
    """Puts the three classes into the binding's own QtNetwork, and returns that.

    The program's own imports of them work after it, in every module of the process.
    With Qt 5 the classes take the place of Qt's own, for what is imported later.
    name and errors are those of binding. A second time does nothing. Since 0.1.
    """
    ours = binding(name)
    network = importlib.import_module(f"{choose(name)}.QtNetwork")
    for each in NAMES:
        setattr(network, each, getattr(ours, each))
    listed = getattr(network, "__all__", None)
    if isinstance(listed, list):
        listed.extend(each for each in NAMES if each not in listed)
    return network
