"""The three classes for PySide6; see netsession.qt."""

import sys
from ctypes import py_object, pythonapi
from importlib import import_module
from typing import Any

from ._binding import Binding
from ._classes import make

_core: Any = import_module("PySide6.QtCore")
_shiboken: Any = import_module("shiboken6")


def _restore_reference() -> None:
    """PySide6 6.12 releases a reference to True with each signal that Python emits, and
    the program aborts when none is left. Since Python 3.12 True is immortal.
    """
    pythonapi.Py_IncRef(_true)


_true = py_object(True)
_binding = Binding(
    name="PySide6",
    core=_core,
    network=import_module("PySide6.QtNetwork"),
    signal=_core.Signal,
    slot=_core.Slot,
    object_type="PyObject",
    signature_functions=("connect", "disconnect"),
    is_deleted=lambda wrapper: not _shiboken.isValid(wrapper),
    after_emit=_restore_reference if sys.version_info < (3, 12) else lambda: None,
)
QNetworkConfiguration, QNetworkConfigurationManager, QNetworkSession = make(_binding)

__all__ = ["QNetworkConfiguration", "QNetworkConfigurationManager", "QNetworkSession"]
