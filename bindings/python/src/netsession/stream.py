"""Streams of events, to iterate over: with ``for``, and with ``async for``."""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import TYPE_CHECKING

from .errors import ClosedError
from .events import Event

if TYPE_CHECKING:
    from .manager import Manager

__all__ = ["EventStream"]


class EventStream(Iterator[Event], AsyncIterator[Event]):
    """The events of a manager and its sessions since the creation of the stream.

    Created by Manager.events. The stream keeps events until they are taken, or the stream
    is closed or dropped. With ``async for`` the event loop only polls a descriptor,
    and only while the stream is awaited; callbacks run on the loop's thread.
    Raises what a callback raises, and can be iterated further after that. Use a stream
    on one thread. Since 0.1.
    """

    def __init__(self, manager: Manager, timeout: float | None) -> None:
        """Registers the stream with the manager; for Manager.events only."""
        self._manager = manager
        self._timeout = timeout
        self._queue: deque[Event] = deque()
        self._ended = False
        self._waiter: asyncio.Future[None] | None = None
        manager._add_stream(self)

    def __iter__(self) -> EventStream:
        return self

    def __next__(self) -> Event:
        deadline = self._deadline()
        while not self._queue:
            left = self._left(deadline)
            if self._ended or (left is not None and left < 0):
                raise StopIteration
            try:
                self._manager.dispatch(left)
            except ClosedError:
                if not self._manager.closed:
                    raise
                self._ended = True
        return self._queue.popleft()

    def __aiter__(self) -> EventStream:
        return self

    async def __anext__(self) -> Event:
        deadline = self._deadline()
        while not self._queue:
            left = self._left(deadline)
            if self._ended or (left is not None and left < 0):
                raise StopAsyncIteration
            await self.wait(left)
        return self._queue.popleft()

    async def wait(self, timeout: float | None = None) -> None:
        """Waits in asyncio until events are pending or a timeout in seconds, then dispatches.

        take returns the events after that. Without timeout it waits indefinitely.
        Raises what a callback raises. Since 0.1.
        """
        await self._until_readable(timeout)
        if not self._ended and not self._manager.closed:
            self._manager.dispatch()

    def take(self) -> list[Event]:
        """Takes the events that have arrived, without waiting or dispatching. Since 0.1."""
        taken = []
        while self._queue:
            taken.append(self._queue.popleft())
        return taken

    def close(self) -> None:
        """Ends the stream and drops its events; a second call does nothing. Since 0.1."""
        self._queue.clear()
        self._end()
        self._manager._remove_stream(self)

    def __enter__(self) -> EventStream:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _deadline(self) -> float | None:
        return None if self._timeout is None else time.monotonic() + self._timeout

    @staticmethod
    def _left(deadline: float | None) -> float | None:
        return None if deadline is None else deadline - time.monotonic()

    async def _until_readable(self, timeout: float | None) -> None:
        """Waits for the descriptor, or until another stream's dispatch brings an event.

        The descriptor is a duplicate, because an event loop accepts one reader per descriptor.
        """
        loop = asyncio.get_running_loop()
        waiter = self._waiter = loop.create_future()
        fd = os.dup(self._manager.fileno())
        try:
            loop.add_reader(fd, _resolve, waiter)
            await asyncio.wait((waiter,), timeout=timeout)
        finally:
            self._waiter = None
            loop.remove_reader(fd)
            os.close(fd)
            waiter.cancel()

    def _append(self, event: Event) -> None:
        """Appends an event; called by the manager's dispatch."""
        if not self._ended:
            self._queue.append(event)
            self._wake()

    def _end(self) -> None:
        """Lets the iteration end after the events that have arrived."""
        self._ended = True
        self._wake()

    def _wake(self) -> None:
        waiter = self._waiter
        if waiter is not None:
            waiter.get_loop().call_soon_threadsafe(_resolve, waiter)


def _resolve(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
