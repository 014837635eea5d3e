"""`QObject.connect(session, SIGNAL("stateChanged(QNetworkSession::State)"), f)` with PySide.

The arguments of the signals are Python objects here, so that PySide would take Qt 5's
spelling of a signal for another one. The functions of the binding's QObject are taught
the spelling, for objects of this package and nothing else. Those that are called on an
object, as in `self.connect(session, SIGNAL(...), f)`, cannot be taught.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ._binding import Binding
from ._object import Object

OLD_TYPES = re.compile(
    r"(?:const\s+)?(?:QNetworkSession::(?:State|SessionError|UsagePolic(?:y|ies))"
    r"|QFlags<QNetworkSession::UsagePolicy>|QNetworkConfiguration)\s*&?"
)


def spelled(binding: Binding, signal: str) -> str:
    """The signature with the types that it has here."""
    return OLD_TYPES.sub(binding.value, signal)


def teach(binding: Binding) -> None:
    """Lets a binding's QObject understand Qt 5's spelling of the signals."""
    kind = binding.core.QObject
    for name in binding.taught:
        setattr(kind, name, staticmethod(_taught(binding, getattr(kind, name))))


def _taught(binding: Binding, original: Callable[..., Any]) -> Callable[..., Any]:
    def function(*arguments: Any, **named: Any) -> Any:
        if any(isinstance(each, Object) for each in arguments):
            arguments = tuple(
                spelled(binding, each) if isinstance(each, str) else each for each in arguments
            )
        return original(*arguments, **named)

    function.__doc__ = original.__doc__
    return function
