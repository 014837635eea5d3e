"""Dispatches a manager's events in the event loop of a QObject's thread.

The dispatcher is a child of its object: Qt moves and deletes it with the object. It
monitors the manager's descriptor from the first run of the event loop on, because objects
may be created before the loop (in the body of a class, at import), and temporary objects
may never need it.
"""

from __future__ import annotations

from typing import Any

from .. import BusyError, ClosedError, Manager
from ._binding import Binding


def dispatcher_class(binding: Binding) -> Any:
    """Creates the class for a binding."""
    core, slot = binding.core, binding.slot

    class Dispatcher(core.QObject):  # type: ignore[misc, name-defined]
        def __init__(self, owner: Any, manager: Manager) -> None:
            super().__init__(owner)
            self._manager = manager
            self._notifier: Any = None  # until the event loop runs
            binding.invoke_later(self, "watch")

        @slot()  # type: ignore[untyped-decorator]
        def watch(self) -> None:
            """Monitors the manager's descriptor, on the thread of the event loop."""
            owner = self._owner()
            if owner is not None and self._notifier is None and not self._manager.closed:
                kind = core.QSocketNotifier.Type.Read
                self._notifier = core.QSocketNotifier(self._manager.fileno(), kind, self)
                self._notifier.activated.connect(self.dispatch)

        @slot()  # type: ignore[untyped-decorator]
        def dispatch(self) -> None:
            """Delivers the pending events."""
            try:
                self._manager.dispatch()
            except (BusyError, ClosedError):
                pass  # another thread dispatches, or has closed the manager

        @slot()  # type: ignore[untyped-decorator]
        def update_roaming(self) -> None:
            """Calls the object's function, without the locks that Qt holds in disconnect."""
            owner = self._owner()
            if owner is not None:
                owner._netsession_class.update_roaming(owner)

        def _owner(self) -> Any:
            """The object of the dispatcher; None after its deletion.

            The caller keeps the reference: without it the garbage collector might delete the
            object at any moment, and the dispatcher with it.
            """
            try:
                return self.parent()
            except RuntimeError:
                return None  # C++ has deleted the dispatcher too

    return Dispatcher
