"""The base of QNetworkSession and QNetworkConfigurationManager.

Programs derive classes from these, with attributes of any name. Therefore the classes have
only the attributes of Qt's classes and names that begin with "_netsession".
"""

from __future__ import annotations

import sys
import warnings
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from .. import Manager, Session
from .._native.handle import Handle
from ._binding import Binding


@dataclass(frozen=True)
class ClassData:
    """The values that all objects of one class of one binding share."""

    binding: Binding
    dispatcher: Any
    """The class from dispatcher_class."""
    old_signatures: tuple[str, ...]
    """Qt 5's signatures of the signals: a connection to one of these is a mistake."""
    update_roaming: Callable[[Any], None]
    """Called with the object after each connect and disconnect."""


@dataclass
class Private:
    """The private data of one object. Used on the object's thread only."""

    signal_frame: dict[str, Any] = field(default_factory=dict)
    """The values of the signal whose slots are running; empty outside emissions."""
    loops: list[Any] = field(default_factory=list)
    """The event loops of waitForOpened, which each signal ends."""
    manager: Manager | None = None
    """None until attach."""
    session: Session | None = None
    """None until attach, and in a QNetworkConfigurationManager."""
    dispatcher: Any = None
    """None until attach."""
    properties: dict[str, Any] = field(default_factory=dict)
    """The session properties that the application set and the library does not know."""
    error_attribute: Callable[[], Any] = lambda: None
    """A weak reference to the ErrorOf object in use."""


class Object:
    """A QObject that owns a manager, and emits the manager's events as signals.

    Each object has a manager of its own, because each may live on another thread, and
    may be moved.
    """

    _netsession_class: ClassVar[ClassData]
    _netsession: Private | None = None

    def __init__(self, parent: Any = None, **named: Any) -> None:
        # The keyword "error" is a slot, but the class's attribute is no signal: see _error.
        slot = named.pop("error", None)
        self._netsession = Private()
        super().__init__(parent, **named)  # type: ignore[call-arg]
        if slot is not None:
            self.error.connect(slot)  # type: ignore[attr-defined]

    def connectNotify(self, signal: Any) -> None:
        """Qt calls it when a slot is connected to a signal. Since 0.1.

        Neither this function nor disconnectNotify uses the argument: PySide2 passes a
        reference to a method that may be deleted.
        """
        about = self.metaObject()  # type: ignore[attr-defined]
        for signature in self._netsession_class.old_signatures:
            if about.indexOfSignal(signature) >= 0:
                warnings.warn(
                    f"{signature} is never sent: connect to {signature.partition('(')[0]}, "
                    "as in session.error.connect(...), or by QObject.connect(...)",
                    RuntimeWarning,
                    stacklevel=2,
                )
        self._netsession_class.update_roaming(self)


def attach(owner: Any, manager: Manager, session: Session | None = None) -> None:
    """Gives an object its manager and session, which are freed with the QObject."""
    private = owner._netsession
    private.manager, private.session = manager, session
    private.dispatcher = owner._netsession_class.dispatcher(owner, manager)
    handles = (manager,) if session is None else (session, manager)
    private.dispatcher.destroyed.connect(_free_function(*handles))


def private_of(owner: Any) -> Private:
    """The private data of an object.

    Raises RuntimeError, as the bindings do, if the constructor was never called or the
    QObject is deleted.
    """
    private: Private | None = owner._netsession
    name = type(owner).__name__
    if private is None or private.manager is None:
        raise RuntimeError(f"super-class __init__() of type {name} was never called")
    if private.manager.closed:
        raise RuntimeError(f"wrapped C/C++ object of type {name} has been deleted")
    return private


def emit(owner: Any, signal: str, *arguments: Any, **frame: Any) -> None:
    """Emits a signal; in its slots the getters return the values of frame.

    A slot may delete the object, so the function does not use it after the signal.
    """
    private, binding = owner._netsession, owner._netsession_class.binding
    private.signal_frame.clear()
    private.signal_frame.update(frame)
    try:
        getattr(owner, signal).emit(*arguments)
        binding.after_emit()
    finally:
        private.signal_frame.clear()
        for loop in private.loops:
            loop.quit()


def weak_handler(owner: Any, function: Callable[..., None]) -> Callable[..., None]:
    """A handler of events that calls a function with the object, without keeping it alive.

    The handler is never called after the deletion of the QObject: see _free_function.
    """
    reference = weakref.ref(owner)

    def handle(*arguments: Any) -> None:
        there = reference()
        if there is not None:
            function(there, *arguments)

    return handle


def is_connected(owner: Any, signature: str) -> bool:
    """Whether a slot is connected to a signal."""
    about = owner.metaObject()
    method = about.method(about.indexOfSignal(signature))
    connected: bool = owner.isSignalConnected(method)
    return connected


_free_functions: set[Callable[..., None]] = set()


def _free_function(*handles: Handle) -> Callable[..., None]:
    """A slot for QObject.destroyed that frees handles, and has no reference to the object.

    The garbage collector may have cleared the handles' owners by then, so the slot can
    use only their finalizers. _free_functions keeps the slot: the collector would
    clear it too, before Qt calls it.
    """
    finalizers = [handle._finalizer for handle in handles]

    def free(*_destroyed: Any) -> None:
        _free_functions.discard(free)
        if not sys.is_finalizing():
            for finalize in finalizers:
                finalize()

    _free_functions.add(free)
    return free
