"""A descriptor that is readable while events are pending, in the library or here.

The library's own descriptor covers the events in its queue. After an
exception in a callback, events remain that the dispatcher has already taken out of that
queue: an eventfd keeps the descriptor readable until they are dispatched.
"""

from __future__ import annotations

import os
import select
import weakref


def _close(epoll: select.epoll, eventfd: int) -> None:
    epoll.close()
    os.close(eventfd)


class Wakeup:
    """An epoll descriptor over the library's descriptor and an eventfd.

    fd is the library's descriptor. The descriptors close when nothing refers to the
    object, and not before: a thread may still poll them after Manager.close.
    """

    def __init__(self, fd: int) -> None:
        self._eventfd = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._epoll = select.epoll()
        self._epoll.register(fd, select.EPOLLIN)
        self._epoll.register(self._eventfd, select.EPOLLIN)
        self._is_set = False
        weakref.finalize(self, _close, self._epoll, self._eventfd).atexit = False

    def fileno(self) -> int:
        """The descriptor to poll."""
        return self._epoll.fileno()

    def set(self) -> None:
        """Makes the descriptor readable until clear is called."""
        if not self._is_set:
            self._is_set = True
            os.eventfd_write(self._eventfd, 1)

    def clear(self) -> None:
        """Leaves the descriptor readable only while the library has events."""
        if self._is_set:
            self._is_set = False
            os.eventfd_read(self._eventfd)
