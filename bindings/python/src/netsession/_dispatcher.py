"""Delivers the events of a manager: on the thread that asks for them."""

from __future__ import annotations

import ctypes
import math
import select
import threading
import weakref
from collections import deque
from types import TracebackType
from typing import TYPE_CHECKING, cast

from . import _abi, _trampolines
from ._emitter import Emitter
from ._undisturbed import undisturbed
from ._wakeup import Wakeup
from .errors import BusyError, ClosedError
from .events import Event, SessionEvent

if TYPE_CHECKING:
    from typing_extensions import Self

    from .manager import Manager
    from .session import Session
    from .stream import EventStream


class Dispatcher(Emitter):
    """The half of a Manager that is about events."""

    _struct = _abi.ManagerCallbacks
    _function = "netsession_manager_set_callbacks"
    _table = _trampolines.MANAGER

    def __init__(self, library: ctypes.CDLL, pointer: int) -> None:
        super().__init__(library, pointer, "netsession_manager_free")
        self._queue_owner = cast("Manager", self)  # the other half
        self._sessions: weakref.WeakSet[Session] = weakref.WeakSet()
        self._streams: weakref.WeakSet[EventStream] = weakref.WeakSet()
        self._streaming = False  # C tells what streams listen to
        self._events: deque[Event] = deque()  # taken out of C, not delivered yet
        self._failures: deque[BaseException] = deque()  # raised by trampolines
        self._turn = threading.RLock()  # held by the thread that dispatches
        self._wakeup: Wakeup | None = None
        self._closing = False

    def fileno(self) -> int:
        """A descriptor that is readable while events wait, for any event loop.

        It belongs to the manager: only poll it, and call dispatch when it is
        readable, as in ``loop.add_reader(manager, manager.dispatch)``. Since 0.1.
        """
        if self._wakeup is None:
            self._wakeup = Wakeup(self._call("netsession_manager_fd"))
            self._remind()
        self._handle  # noqa: B018 - raises where there is none any more
        return self._wakeup.fileno()

    def dispatch(self, timeout: float | None = 0.0) -> int:
        """Delivers the events that wait, on this thread, and returns how many.

        timeout is how long to wait for the first, in seconds; None is without a
        bound. Ctrl-C interrupts it. May be called inside a callback.

        An exception of a callback leaves dispatch at once. The events behind it
        are not lost: fileno() stays readable, and the next call delivers them.
        Raises BusyError if another thread is dispatching. Since 0.1.
        """
        if timeout != 0:
            self._wait(timeout)
        if not self._turn.acquire(blocking=False):
            if self._closing:
                raise ClosedError("This Manager is being closed by another thread.")
            raise BusyError(
                "Another thread is dispatching this manager. "
                "Give each thread a manager of its own."
            )
        try:
            self._prune()
            with undisturbed():
                self._call("netsession_manager_dispatch")
            return self._deliver()
        finally:
            try:
                self._remind()
            finally:  # whatever a signal's handler raises meanwhile
                self._turn.release()

    def events(self, timeout: float | None = None) -> EventStream:
        """All events of this manager and its sessions from now on, to iterate over.

        ::

            for event in manager.events(timeout=10): ...
            async for event in manager.events(): ...

        The iteration waits for events, dispatches them (callbacks run too), and
        ends when none has come for timeout seconds, or the manager is closed.
        Since 0.1.
        """
        from .stream import EventStream

        return EventStream(self._queue_owner, timeout)

    def _wait(self, timeout: float | None) -> None:
        poll = select.poll()
        poll.register(self.fileno(), select.POLLIN)
        poll.poll(None if timeout is None else max(0, math.ceil(timeout * 1000)))

    def _deliver(self) -> int:
        """Hands out what was taken out of C, until something raises."""
        count = 0
        while True:
            if self._failures:
                raise self._failures.popleft()
            if not self._events or not self._finalizer.alive:
                return count
            event = self._events.popleft()
            emitter = event.session if isinstance(event, SessionEvent) else self
            if emitter._finalizer.alive:
                count += 1
                self._hand_out(event, emitter)

    def _hand_out(self, event: Event, emitter: Emitter) -> None:
        if event.member != "log":
            for stream in list(self._streams):
                stream._offer(event)
        handler = emitter._handlers.get(event.member)
        if handler is not None:
            handler(*event.arguments)

    def _enqueue(self, event: Event) -> None:
        self._events.append(event)

    def _remind(self) -> None:
        """Makes the descriptor readable while something is left to deliver."""
        if self._wakeup is None:
            return
        if self._events or self._failures:
            self._wakeup.set()
        elif self._finalizer.alive:
            self._wakeup.clear()

    # -- who listens

    def _wanted(self) -> frozenset[str]:
        wanted = super()._wanted()
        if self._streams:
            wanted |= frozenset(self._table) - {"log", "choose"}
        return wanted

    def _add_stream(self, stream: EventStream) -> None:
        self._streams.add(stream)
        self._register_all()

    def _remove_stream(self, stream: EventStream) -> None:
        self._streams.discard(stream)
        if self._finalizer.alive:
            self._register_all()

    def _prune(self) -> None:
        """Listens less where streams were dropped without being closed."""
        if self._streaming and not self._streams:
            self._register_all()

    def _register_all(self) -> None:
        self._streaming = bool(self._streams)
        self._register()
        for session in list(self._sessions):
            session._register()

    # -- the end

    @property
    def closed(self) -> bool:
        """Whether close was called. Since 0.1."""
        return self._closing or not self._finalizer.alive

    def close(self) -> None:
        """Ends the manager; a second time does nothing.

        Its configurations and sessions live on, and no more events come. One that
        is running on another thread is waited for. Since 0.1.
        """
        self._closing = True
        with self._turn:
            self._finalizer()
            if self._wakeup is not None:
                self._wakeup.set()
            for stream in list(self._streams):
                stream._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
