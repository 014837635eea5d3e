"""QNetworkSession and its family for PySide6, PyQt6, PyQt5 and PySide2.

::

    from netsession.qt.QtNetwork import QNetworkConfigurationManager, QNetworkSession

imports them for the binding that the program uses: the binding that is imported already,
else the one that the environment variable QT_API names, else the first that is
installed. The modules `netsession.qt.PySide6`, `.PyQt6`, `.PyQt5` and `.PySide2` are for
one binding each. A program with `from PySide6.QtNetwork import QNetworkSession`
works unchanged after::

    import netsession.qt
    netsession.qt.install()

docs/porting-python.md lists the differences from the classes of Qt 5. Since 0.1.
"""

from __future__ import annotations

import importlib
from types import ModuleType

from ._selection import BINDINGS, select

__all__ = ["BINDINGS", "binding", "install"]

NAMES = ("QNetworkConfiguration", "QNetworkConfigurationManager", "QNetworkSession")


def binding(name: str | None = None) -> ModuleType:
    """The module of this package with the classes for a binding.

    name is one of BINDINGS. Without it, the function takes the binding that is imported
    already, else the one that QT_API names, else the first that is installed. Raises
    ImportError if the binding is missing, or none is installed. Since 0.1.
    """
    return importlib.import_module(f"{__name__}.{select(name)}")


def install(name: str | None = None) -> ModuleType:
    """Adds the three classes to the binding's own QtNetwork, and returns that module.

    After the call, every module of the process can import the classes from there. With
    Qt 5 the classes replace Qt's own, for later imports. name and errors are as in
    binding. A second call does nothing. Since 0.1.
    """
    ours = binding(name)
    network = importlib.import_module(f"{select(name)}.QtNetwork")
    for each in NAMES:
        setattr(network, each, getattr(ours, each))
    listed = getattr(network, "__all__", None)
    if isinstance(listed, list):
        listed.extend(each for each in NAMES if each not in listed)
    return network
