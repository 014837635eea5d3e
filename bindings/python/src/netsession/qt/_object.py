"""What QNetworkSession and QNetworkConfigurationManager have in common."""

from __future__ import annotations

import sys
import warnings
import weakref
from collections.abc import Callable
from typing import Any, ClassVar

from .. import Manager
from .._handle import Handle
from ._binding import Binding


class Object:
    """A QObject with a manager of its own, whose events it tells as signals.

    A manager for each object, because each may live on a thread of its own, and move.
    """

    _binding: ClassVar[Binding]
    _pump_class: ClassVar[Any]
    _old_signatures: ClassVar[tuple[str, ...]] = ()
    """Signals that nothing is connected to, but by mistake."""

    _manager: Manager | None = None
    _pump: Any = None

    def __init__(self, parent: Any = None, **named: Any) -> None:
        # The signal of that name is reached through a method: see _error.
        told = named.pop("error", None)
        self._said: dict[str, Any] = {}
        self._loops: list[Any] = []
        super().__init__(parent, **named)  # type: ignore[call-arg]
        if told is not None:
            self.error.connect(told)  # type: ignore[attr-defined]

    def _begin(self, manager: Manager, *others: Handle) -> None:
        """Takes a manager over, whose end is that of the QObject at the latest."""
        self._manager = manager
        self._pump = self._pump_class(self, manager)
        self._pump.destroyed.connect(_ending(*others, manager))

    def _live(self) -> Any:
        """The manager; an exception where there is none any more."""
        if self._manager is None:
            raise RuntimeError(
                f"super-class __init__() of type {self._name()} was never called"
            )
        if self._manager.closed:
            raise RuntimeError(f"wrapped C/C++ object of type {self._name()} has been deleted")
        return self._manager

    def _name(self) -> str:
        return type(self).__name__

    def _tell(self, signal: str, *arguments: Any, **said: Any) -> None:
        """Emits a signal; what it says is true for the slots, whatever came after it.

        Uses nothing of the object after that: a slot may have deleted it.
        """
        told, loops, binding = self._said, self._loops, self._binding
        told.clear()
        told.update(said)
        try:
            getattr(self, signal).emit(*arguments)
            binding.emitted()
        finally:
            told.clear()
            for loop in loops:
                loop.quit()

    def _teller(self, told: Callable[..., None]) -> Callable[..., None]:
        """A handler of events that calls a method and keeps nothing alive.

        No event is delivered to it when the QObject is gone: see _ending.
        """
        mine = weakref.ref(self)
        method = told.__func__  # type: ignore[attr-defined]

        def tell(*arguments: Any) -> None:
            owner = mine()
            if owner is not None:
                method(owner, *arguments)

        return tell

    def connectNotify(self, signal: Any) -> None:
        """Qt calls it when something is connected to a signal. Since 0.1.

        Neither signal nor that of disconnectNotify is looked at: with PySide2 they may
        refer to what is not there any more.
        """
        about = self.metaObject()  # type: ignore[attr-defined]
        for signature in self._old_signatures:
            if about.indexOfSignal(signature) >= 0:
                warnings.warn(
                    f"{signature} is never sent: connect to {signature.partition('(')[0]}, "
                    "as in session.error.connect(...), or by QObject.connect(...)",
                    RuntimeWarning,
                    stacklevel=2,
                )
        self._review()

    def _listens(self, signature: str) -> bool:
        """Whether anything is connected to a signal."""
        about = self.metaObject()  # type: ignore[attr-defined]
        method = about.method(about.indexOfSignal(signature))
        listens: bool = self.isSignalConnected(method)  # type: ignore[attr-defined]
        return listens

    def _review(self) -> None:
        """Looks again at who listens."""


_endings: set[Callable[..., None]] = set()


def _ending(*handles: Handle) -> Callable[..., None]:
    """What happens at the end of a QObject, of which it knows nothing.

    The collector may have taken the handles' owners apart by then, so that nothing
    but their finalizers can be called; and it would take apart the function itself
    before it is called, were that not kept.
    """
    finalizers = [handle._finalizer for handle in handles]

    def end(*_destroyed: Any) -> None:
        _endings.discard(end)
        if not sys.is_finalizing():
            for finalize in finalizers:
                finalize()

    _endings.add(end)
    return end
