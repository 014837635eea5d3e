"""Creates the classes for a binding: QObjects with the signals and slots of Qt's classes."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

from . import _manager, _session
from ._binding import Binding
from ._configuration import QNetworkConfiguration
from ._dispatcher import dispatcher_class
from ._error import ERROR_SIGNAL, ErrorAttribute
from ._object import ClassData, Object
from ._oldstyle import patch

__all__ = ["Binding", "make"]


def make(binding: Binding) -> tuple[Any, Any, Any]:
    """QNetworkConfiguration, QNetworkConfigurationManager and QNetworkSession."""
    patch(binding)
    dispatcher = dispatcher_class(binding)
    manager = _class(
        binding, dispatcher, "QNetworkConfigurationManager", _manager.ManagerMethods, _manager
    )
    session = _class(binding, dispatcher, "QNetworkSession", _session.SessionMethods, _session)
    return QNetworkConfiguration, manager, session


def _class(
    binding: Binding, dispatcher: Any, name: str, methods: type[Object], module: Any
) -> Any:
    members: dict[str, Any] = {
        "__doc__": methods.__doc__,
        "__module__": f"netsession.qt.{binding.name}",
        "_netsession_class": ClassData(
            binding,
            dispatcher,
            module.OLD_SIGNATURES if binding.signature_functions else (),
            module.update_roaming,
        ),
    }
    for signal, arguments in module.SIGNALS.items():
        made = binding.signal(*arguments, name=signal)
        members[ERROR_SIGNAL if signal == "error" else signal] = made
        if signal == "error":
            members["error"] = ErrorAttribute()
    for slot in module.SLOTS:
        members[slot] = binding.slot()(_copy(getattr(methods, slot)))
    return types.new_class(
        name, (methods, binding.core.QObject), exec_body=lambda m: m.update(members)
    )


def _copy(method: Callable[..., Any]) -> Callable[..., Any]:
    """A copy of a method for one binding, because the decorator for slots modifies it."""
    copy = types.FunctionType(method.__code__, method.__globals__, method.__name__)
    copy.__doc__ = method.__doc__
    return copy
