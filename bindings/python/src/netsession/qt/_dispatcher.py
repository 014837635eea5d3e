"""Dispatches a manager's events in the event loop of a QObject's thread.

The pump is a child of the object that it works for: it moves to another thread with
it, and is deleted with it. It has the manager's descriptor watched only when its
event loop runs for the first time, because objects are made before there is one
(in the body of a class, at import), and temporary ones never see any.
"""

from __future__ import annotations

from typing import Any

from .. import BusyError, ClosedError, Manager
from ._binding import Binding


def pump_class(binding: Binding) -> Any:
    """Makes the class for a binding."""
    core, slot = binding.core, binding.slot

    class Pump(core.QObject):  # type: ignore[misc, name-defined]
        def __init__(self, owner: Any, manager: Manager) -> None:
            super().__init__(owner)
            self._manager = manager
            self._notifier: Any = None
            binding.queue(self, "start")

        @slot()  # type: ignore[untyped-decorator]
        def start(self) -> None:
            """Begins to watch, on the thread of the loop that calls it."""
            owner = self._owner()
            if owner is not None and self._notifier is None and not self._manager.closed:
                kind = core.QSocketNotifier.Type.Read
                self._notifier = core.QSocketNotifier(self._manager.fileno(), kind, self)
                self._notifier.activated.connect(self.dispatch)

        @slot()  # type: ignore[untyped-decorator]
        def dispatch(self) -> None:
            """Delivers what waits."""
            try:
                self._manager.dispatch()
            except (BusyError, ClosedError):
                pass  # another thread is at it; or it is over

        @slot()  # type: ignore[untyped-decorator]
        def review(self) -> None:
            """Looks again at who listens, outside of the locks that a disconnect holds."""
            owner = self._owner()
            if owner is not None:
                owner._netsession_kind.review(owner)

        def _owner(self) -> Any:
            """The object that it works for; None when that is gone.

            The collector could take it at any moment, and the pump with it, were it not
            held meanwhile.
            """
            try:
                return self.parent()
            except RuntimeError:
                return None  # so is what stands for this pump in C++

    return Pump
