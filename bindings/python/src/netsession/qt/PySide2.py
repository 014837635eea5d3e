"""The three classes for PySide2; see netsession.qt."""

from importlib import import_module
from typing import Any

from ._binding import Binding
from ._classes import make

_core: Any = import_module("PySide2.QtCore")
_shiboken: Any = import_module("shiboken2")

_binding = Binding(
    name="PySide2",
    core=_core,
    network=import_module("PySide2.QtNetwork"),
    signal=_core.Signal,
    slot=_core.Slot,
    object_type="PyObject",
    signature_functions=("connect",),  # disconnect fails when Python calls it
    is_deleted=lambda wrapper: not _shiboken.isValid(wrapper),
)
QNetworkConfiguration, QNetworkConfigurationManager, QNetworkSession = make(_binding)

__all__ = ["QNetworkConfiguration", "QNetworkConfigurationManager", "QNetworkSession"]
