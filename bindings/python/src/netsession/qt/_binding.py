"""What the bindings have in common, and what is different."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Binding:
    """One binding to Qt: its modules, and what they call things."""

    name: str
    core: Any
    network: Any
    signal: Callable[..., Any]
    slot: Callable[..., Any]
    is_deleted: Callable[[Any], bool]
    emitted: Callable[[], object] = lambda: None
    """Called after each signal that was emitted."""
    value: str = "PyQt_PyObject"
    """What a Python object is called in the signature of a signal."""
    taught: tuple[str, ...] = ()
    """The functions of QObject that take signals by their signature."""

    def queue(self, receiver: Any, slot: str) -> None:
        """Lets the receiver's event loop call a slot, as soon as there is one."""
        queued = self.core.Qt.ConnectionType.QueuedConnection
        self.core.QMetaObject.invokeMethod(receiver, slot, queued)

    def spin(self, loop: Any, msecs: int) -> None:
        """Runs an event loop for so long, unless it is quit before."""
        timer = self.core.QTimer()
        timer.setSingleShot(True)
        timer.timeout.connect(loop.quit)
        timer.start(msecs)
        (loop.exec if hasattr(loop, "exec") else loop.exec_)()
