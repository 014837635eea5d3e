"""The event queue of a manager, and its delivery to handlers and streams."""

from __future__ import annotations

import ctypes
import math
import select
import threading
import weakref
from collections import deque
from types import TracebackType
from typing import TYPE_CHECKING, cast

from .._native import abi
from ..errors import BusyError, ClosedError
from ..events import Event, SessionEvent
from ..stream import EventStream
from . import trampolines
from .eventsource import EventSource
from .signalmask import signals_blocked
from .wakeup import Wakeup

if TYPE_CHECKING:
    from typing_extensions import Self

    from ..manager import Manager
    from ..session import Session


class Dispatcher(EventSource):
    """The part of a Manager that delivers events; Manager is its only subclass.

    The queue is filled and emptied by the thread that holds ``_dispatching``.
    """

    _struct = abi.ManagerCallbacks
    _function = "netsession_manager_set_callbacks"
    _trampolines = trampolines.MANAGER

    def __init__(self, library: ctypes.CDLL, pointer: int) -> None:
        super().__init__(library, pointer, "netsession_manager_free")
        self._manager = cast("Manager", self)
        self._sessions: weakref.WeakSet[Session] = weakref.WeakSet()
        self._streams: weakref.WeakSet[EventStream] = weakref.WeakSet()
        self._streaming = False  # callbacks for streams are registered in C
        self._events: deque[Event] = deque()  # taken out of C, not delivered yet
        self._failures: deque[BaseException] = deque()  # raised by trampolines
        # Held by the thread that dispatches, closes or frees, so that none of these happens
        # to an object while another thread runs its callback. Reentrant: callbacks may
        # dispatch, close and free.
        self._dispatching = threading.RLock()
        self._wakeup: Wakeup | None = None  # made by the first fileno
        self._closing = False  # close was called

    def fileno(self) -> int:
        """A descriptor that is readable while events are pending, for any event loop.

        The descriptor belongs to the manager: only poll it, and call dispatch when it
        is readable, as in ``loop.add_reader(manager, manager.dispatch)``. Raises
        ClosedError after close, ForkedError in a forked child. Since 0.1.
        """
        if self._wakeup is None:
            self._wakeup = Wakeup(self._call("netsession_manager_fd"))
            self._update_wakeup()
        self._handle  # noqa: B018 - raises after close
        return self._wakeup.fileno()

    def dispatch(self, timeout: float | None = 0.0) -> int:
        """Delivers the pending events on this thread, and returns their number.

        timeout is how long to wait for the first event, in seconds; None waits
        indefinitely. Ctrl-C interrupts the wait. May be called inside a callback.

        An exception in a callback propagates at once. The remaining events are not
        lost: fileno() stays readable, and the next call delivers them.
        Raises BusyError if another thread is dispatching, ClosedError after close,
        ForkedError in a forked child. Since 0.1.
        """
        if timeout != 0:
            self._wait(timeout)
        if not self._dispatching.acquire(blocking=False):
            if self._closing:
                raise ClosedError("This Manager is being closed by another thread.")
            raise BusyError(
                "Another thread is dispatching this manager. "
                "Give each thread a manager of its own."
            )
        try:
            self._unregister_dropped_streams()
            with signals_blocked():
                self._call("netsession_manager_dispatch")
            return self._deliver()
        finally:
            try:
                self._update_wakeup()
            finally:  # a signal handler may raise in between
                self._dispatching.release()

    def events(self, timeout: float | None = None) -> EventStream:
        """A stream of all events of this manager and its sessions from now on.

        ::

            for event in manager.events(timeout=10): ...
            async for event in manager.events(): ...

        The iteration waits for events, dispatches them (callbacks run too), and
        ends when no event has arrived for timeout seconds, or the manager is closed.
        Without timeout it waits indefinitely. Raises what dispatch raises.
        Since 0.1.
        """
        return EventStream(self._manager, timeout)

    def _wait(self, timeout: float | None) -> None:
        poll = select.poll()
        poll.register(self.fileno(), select.POLLIN)
        poll.poll(None if timeout is None else max(0, math.ceil(timeout * 1000)))

    def _deliver(self) -> int:
        """Delivers the events that were taken out of C, until a handler raises."""
        count = 0
        while True:
            if self._failures:
                raise self._failures.popleft()
            if not self._events or not self._finalizer.alive:
                return count
            event = self._events.popleft()
            source = event.session if isinstance(event, SessionEvent) else self
            if source._finalizer.alive:
                count += 1
                self._deliver_one(event, source)

    def _deliver_one(self, event: Event, source: EventSource) -> None:
        if event.member != "log":
            for stream in list(self._streams):
                stream._append(event)
        handler = source._handlers.get(event.member)
        if handler is not None:
            handler(*event.arguments)

    def _enqueue(self, event: Event) -> None:
        self._events.append(event)

    def _update_wakeup(self) -> None:
        """Makes the descriptor readable if events are left to deliver."""
        if self._wakeup is None:
            return
        if self._events or self._failures:
            self._wakeup.set()
        elif self._finalizer.alive:
            self._wakeup.clear()

    # -- listeners

    def _wanted(self) -> frozenset[str]:
        wanted = super()._wanted()
        if self._streams:
            wanted |= frozenset(self._trampolines) - {"log", "choose"}
        return wanted

    def _add_stream(self, stream: EventStream) -> None:
        self._streams.add(stream)
        self._register_all()

    def _remove_stream(self, stream: EventStream) -> None:
        self._streams.discard(stream)
        if self._finalizer.alive:
            self._register_all()

    def _unregister_dropped_streams(self) -> None:
        """Registers fewer callbacks in C, if streams were dropped without close."""
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
        """Ends the manager; a second call does nothing.

        Its configurations and sessions stay usable, and deliver no more events. Waits
        for a callback that another thread runs. Since 0.1.
        """
        self._closing = True
        with self._dispatching:
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
