"""Old-style connections, as in `QObject.connect(s, SIGNAL("opened()"), f)`, with PySide.

The arguments of the signals are Python objects here, so Qt 5's signatures, such as
"stateChanged(QNetworkSession::State)", match no signal. The functions of the
binding's QObject that take signatures are replaced by functions that translate these, for
objects of this package only. A method cannot be replaced: `self.connect(session, ...)`
does not work.
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


def translate(binding: Binding, signature: str) -> str:
    """Qt 5's signature of a signal with the types that the signal has here."""
    return OLD_TYPES.sub(binding.object_type, signature)


def patch(binding: Binding) -> None:
    """Lets the functions of a binding's QObject accept Qt 5's signatures."""
    kind = binding.core.QObject
    for name in binding.signature_functions:
        setattr(kind, name, staticmethod(_translating(binding, getattr(kind, name))))


def _translating(binding: Binding, original: Callable[..., Any]) -> Callable[..., Any]:
    def function(*arguments: Any, **named: Any) -> Any:
        if any(isinstance(each, Object) for each in arguments):
            arguments = tuple(
                translate(binding, each) if isinstance(each, str) else each
                for each in arguments
            )
        return original(*arguments, **named)

    function.__doc__ = original.__doc__
    return function
