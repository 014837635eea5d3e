"""What QNetworkSession and QNetworkConfigurationManager have in common.

Programs derive classes of these, whose attributes may have any name: so there is
nothing in them but what Qt's classes have, and names that begin with "_netsession".
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
class Kind:
    """What is the same for all objects of one class of one binding."""

    binding: Binding
    pump: Any
    old_signatures: tuple[str, ...]
    """Signals that nothing is connected to, but by mistake."""
    review: Callable[[Any], None]
    """Looks again at who listens."""


@dataclass
class Inside:
    """What an object keeps."""

    said: dict[str, Any] = field(default_factory=dict)
    """What the signal that is being told says."""
    loops: list[Any] = field(default_factory=list)
    manager: Manager | None = None
    session: Session | None = None
    pump: Any = None
    values: dict[str, Any] = field(default_factory=dict)
    """Properties as the application set them."""
    error: Callable[[], Any] = lambda: None
    """A weak reference to the error attribute."""


class Object:
    """A QObject with a manager of its own, whose events it tells as signals.

    A manager for each object, because each may live on a thread of its own, and move.
    """

    _netsession_kind: ClassVar[Kind]
    _netsession: Inside | None = None

    def __init__(self, parent: Any = None, **named: Any) -> None:
        # The signal of that name is reached through a method: see _error.
        told = named.pop("error", None)
        self._netsession = Inside()
        super().__init__(parent, **named)  # type: ignore[call-arg]
        if told is not None:
            self.error.connect(told)  # type: ignore[attr-defined]

    def connectNotify(self, signal: Any) -> None:
        """Qt calls it when something is connected to a signal. Since 0.1.

        Neither signal nor that of disconnectNotify is looked at: with PySide2 they may
        refer to what is not there any more.
        """
        about = self.metaObject()  # type: ignore[attr-defined]
        for signature in self._netsession_kind.old_signatures:
            if about.indexOfSignal(signature) >= 0:
                warnings.warn(
                    f"{signature} is never sent: connect to {signature.partition('(')[0]}, "
                    "as in session.error.connect(...), or by QObject.connect(...)",
                    RuntimeWarning,
                    stacklevel=2,
                )
        self._netsession_kind.review(self)


def begin(owner: Any, manager: Manager, session: Session | None = None) -> None:
    """Lets an object take a manager over, whose end is that of the QObject at the latest."""
    inside = owner._netsession
    inside.manager, inside.session = manager, session
    inside.pump = owner._netsession_kind.pump(owner, manager)
    handles = (manager,) if session is None else (session, manager)
    inside.pump.destroyed.connect(_ending(*handles))


def live(owner: Any) -> Inside:
    """What an object keeps; an exception where it is none any more."""
    inside: Inside | None = owner._netsession
    name = type(owner).__name__
    if inside is None or inside.manager is None:
        raise RuntimeError(f"super-class __init__() of type {name} was never called")
    if inside.manager.closed:
        raise RuntimeError(f"wrapped C/C++ object of type {name} has been deleted")
    return inside


def tell(owner: Any, signal: str, *arguments: Any, **said: Any) -> None:
    """Emits a signal; what it says is true for the slots, whatever came after it.

    Uses nothing of the object after that: a slot may have deleted it.
    """
    inside, binding = owner._netsession, owner._netsession_kind.binding
    inside.said.clear()
    inside.said.update(said)
    try:
        getattr(owner, signal).emit(*arguments)
        binding.emitted()
    finally:
        inside.said.clear()
        for loop in inside.loops:
            loop.quit()


def teller(owner: Any, told: Callable[..., None]) -> Callable[..., None]:
    """A handler of events that calls a function for an object and keeps nothing alive.

    No event is delivered to it when the QObject is gone: see _ending.
    """
    mine = weakref.ref(owner)

    def handle(*arguments: Any) -> None:
        there = mine()
        if there is not None:
            told(there, *arguments)

    return handle


def listens(owner: Any, signature: str) -> bool:
    """Whether anything is connected to a signal."""
    about = owner.metaObject()
    method = about.method(about.indexOfSignal(signature))
    connected: bool = owner.isSignalConnected(method)
    return connected


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
