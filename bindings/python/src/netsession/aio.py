"""Sessions in asyncio, without blocking its loop. Since 0.1.

::

    async with netsession.aio.open(manager.default_configuration) as session:
        print(session.interface)

Events come from ``async for event in manager.events()``. Give each event loop a
manager of its own. Callbacks without streams need one line::

    loop.add_reader(manager, manager.dispatch)
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from .configuration import Configuration
from .session import Session

__all__ = ["open", "wait_for_opened"]

_POLL_INTERVAL = 0.5  # seconds: an open may end without an event


async def wait_for_opened(session: Session, timeout: float | None = 30.0) -> bool:
    """Waits until a pending open has ended; returns whether the session is open.

    timeout is in seconds; None waits indefinitely. Dispatches events while waiting.
    Raises what Manager.dispatch raises. Since 0.1.
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    with session.manager.events() as events:
        while session.is_opening:
            left = _POLL_INTERVAL if deadline is None else deadline - time.monotonic()
            if left <= 0:
                break
            await events.wait(min(left, _POLL_INTERVAL))
            events.take()
    return session.is_open


@asynccontextmanager
async def open(
    configuration: Configuration, timeout: float | None = 30.0
) -> AsyncIterator[Session]:
    """Opens a session and waits until it is open; closes it at the end of the block.

    timeout is in seconds; None waits indefinitely. Raises SessionError if the session
    cannot be opened, OpenTimeoutError if it is not open before the timeout. Since 0.1.
    """
    with configuration.session() as session:
        session.open()
        if not await wait_for_opened(session, timeout):
            raise session.failure(timeout)
        yield session
