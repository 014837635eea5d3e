"""Makes the classes for a binding: QObjects with signals and slots."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

from . import _manager, _session
from ._binding import Binding
from ._configuration import QNetworkConfiguration
from ._dispatcher import pump_class
from ._error import SIGNAL, ErrorAttribute
from ._object import Kind, Object
from ._oldstyle import teach

__all__ = ["Binding", "make"]


def make(binding: Binding) -> tuple[Any, Any, Any]:
    """QNetworkConfiguration, QNetworkConfigurationManager and QNetworkSession."""
    teach(binding)
    pump = pump_class(binding)
    manager = _class(
        binding, pump, "QNetworkConfigurationManager", _manager.ManagerMethods, _manager
    )
    session = _class(binding, pump, "QNetworkSession", _session.SessionMethods, _session)
    return QNetworkConfiguration, manager, session


def _class(binding: Binding, pump: Any, name: str, methods: type[Object], module: Any) -> Any:
    members: dict[str, Any] = {
        "__doc__": methods.__doc__,
        "__module__": f"netsession.qt.{binding.name}",
        "_netsession_kind": Kind(
            binding, pump, module.OLD_SIGNATURES if binding.taught else (), module.review
        ),
    }
    for signal, arguments in module.SIGNALS.items():
        made = binding.signal(*arguments, name=signal)
        members[SIGNAL if signal == "error" else signal] = made
        if signal == "error":
            members["error"] = ErrorAttribute()
    for slot in module.SLOTS:
        members[slot] = binding.slot()(_copy(getattr(methods, slot)))
    return types.new_class(
        name, (methods, binding.core.QObject), exec_body=lambda m: m.update(members)
    )


def _copy(method: Callable[..., Any]) -> Callable[..., Any]:
    """A function of its own for each binding, because decorators for slots mark it."""
    copy = types.FunctionType(method.__code__, method.__globals__, method.__name__)
    copy.__doc__ = method.__doc__
    return copy
