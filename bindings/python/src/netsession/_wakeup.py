"""A descriptor that is readable while the library or this package has events.

The library's own descriptor tells of what waits in C. An exception in a callback
leaves events behind that were taken out of there already: they make this one
readable until they are dispatched.
"""

from __future__ import annotations

import os
import select
import weakref


def _close(epoll: select.epoll, event: int) -> None:
    epoll.close()
    os.close(event)


class Wakeup:
    """Closed when nobody refers to it, and not before: a thread may poll it."""

    def __init__(self, fd: int) -> None:
        self._event = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._epoll = select.epoll()
        self._epoll.register(fd, select.EPOLLIN)
        self._epoll.register(self._event, select.EPOLLIN)
        self._is_set = False
        weakref.finalize(self, _close, self._epoll, self._event).atexit = False

    def fileno(self) -> int:
        return self._epoll.fileno()

    def set(self) -> None:
        if not self._is_set:
            self._is_set = True
            os.eventfd_write(self._event, 1)

    def clear(self) -> None:
        if self._is_set:
            self._is_set = False
            os.eventfd_read(self._event)
