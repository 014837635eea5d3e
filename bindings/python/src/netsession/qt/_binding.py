"""The differences between the bindings to Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Binding:
    """One binding to Qt: its modules, and names that differ between bindings."""

    name: str
    core: Any
    network: Any
    signal: Callable[..., Any]
    slot: Callable[..., Any]
    is_deleted: Callable[[Any], bool]
    after_emit: Callable[[], object] = lambda: None
    """Called after each emission of a signal."""
    object_type: str = "PyQt_PyObject"
    """The name of a Python object in the signature of a signal."""
    signature_functions: tuple[str, ...] = ()
    """The functions of QObject that take signals by their signature."""

    def invoke_later(self, receiver: Any, slot: str) -> None:
        """Calls a slot from the receiver's event loop when the loop runs."""
        queued = self.core.Qt.ConnectionType.QueuedConnection
        self.core.QMetaObject.invokeMethod(receiver, slot, queued)

    def run_loop(self, loop: Any, msecs: int) -> None:
        """Runs an event loop for so many milliseconds, or until its quit is called."""
        timer = self.core.QTimer()
        timer.setSingleShot(True)
        timer.timeout.connect(loop.quit)
        timer.start(msecs)
        (loop.exec if hasattr(loop, "exec") else loop.exec_)()
