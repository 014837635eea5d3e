"""The three classes for PyQt6; see netsession.qt."""

from importlib import import_module
from typing import Any

from ._binding import Binding
from ._classes import make

_core: Any = import_module("PyQt6.QtCore")
_sip: Any = import_module("PyQt6.sip")

_binding = Binding(
    name="PyQt6",
    core=_core,
    network=import_module("PyQt6.QtNetwork"),
    signal=_core.pyqtSignal,
    slot=_core.pyqtSlot,
    is_deleted=_sip.isdeleted,
)
QNetworkConfiguration, QNetworkConfigurationManager, QNetworkSession = make(_binding)

__all__ = ["QNetworkConfiguration", "QNetworkConfigurationManager", "QNetworkSession"]
