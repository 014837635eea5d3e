"""Sessions: an application's use of a configuration."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from ._dispatch import trampolines
from ._dispatch.eventsource import EventSource, Handler
from ._native import abi
from ._native.handle import new_handle
from ._properties import Properties
from .configuration import Configuration, to_msecs
from .enums import ErrorCode, Policy, State
from .errors import ArgumentError, OpenTimeoutError, SessionError

if TYPE_CHECKING:
    from .manager import Manager

__all__ = ["Session"]

_PREFERRED = "preferred_configuration_changed"
_SLICE = 0.05  # seconds: the longest call into C, which delays Ctrl-C and events


class Session(EventSource):
    """An application's use of a configuration, and the configuration's state.

    manager
        the manager that delivers the session's events
    configuration
        a Configuration or an identifier; it may be invalid
    application_roaming
        see the property of that name

    A new session is not open. Calls return at once, and their results arrive as events;
    a call that is not valid in the current state does nothing. As a context manager the
    session is closed at the end of the block. Garbage collection closes a session, too:
    keep a reference while it has to be open.

    Raises ClosedError if the manager was closed, or the session freed, and
    ForkedError in a forked child. Since 0.1.
    """

    _struct = abi.SessionCallbacks
    _function = "netsession_set_callbacks"
    _trampolines = trampolines.SESSION

    on_opened = Handler[Callable[[], object]]("Called when the session is open. Since 0.1.")
    on_closed = Handler[Callable[[], object]](
        "Called when the session is not open any more. Since 0.1."
    )
    on_state_changed = Handler[Callable[[State], object]](
        "Called with each state that the session reaches. Since 0.1."
    )
    on_error = Handler[Callable[[ErrorCode, str], object]](
        "Called with the error, and a text on what failed and why. Since 0.1."
    )
    on_preferred_configuration_changed = Handler[Callable[[Configuration, bool], object]](
        """Called with a better access point, and with whether a move is seamless.

        While it is set, the application decides about roaming: answer with migrate
        or ignore. Since 0.1.
        """
    )
    on_new_configuration_activated = Handler[Callable[[], object]](
        "Called when the session uses the new access point: accept or reject. Since 0.1."
    )
    on_usage_policies_changed = Handler[Callable[[Policy], object]](
        "Called with the new usage policies. Since 0.1."
    )

    def __init__(
        self,
        manager: Manager,
        configuration: Configuration | str,
        *,
        application_roaming: bool = False,
    ) -> None:
        if isinstance(configuration, str):
            configuration = manager.configuration_from_identifier(configuration)
        library = manager._library
        pointer = new_handle(library.netsession_new, manager._handle, configuration._handle)
        super().__init__(library, pointer, "netsession_free")
        self._manager = manager
        self._application_roaming = application_roaming
        self._properties = Properties(self._string, self._call)
        manager._sessions.add(self)
        self._register()

    # -- actions

    def open(self) -> None:
        """Opens the session, and brings the link up if it is down: Opened or an error.

        Since 0.1.
        """
        self._call("netsession_open")

    def close(self) -> None:
        """Closes the session: Closed. The link is taken down if a session had brought it
        up and no other session is open on it. Since 0.1.
        """
        self._call("netsession_close")

    def stop(self) -> None:
        """Takes the link down for all users; the session need not be open. Since 0.1."""
        self._call("netsession_stop")

    def migrate(self) -> None:
        """Moves to the offered access point; the old one stays up. Since 0.1."""
        self._call("netsession_migrate")

    def ignore(self) -> None:
        """Declines the offer, until that access point has changed. Since 0.1."""
        self._call("netsession_ignore")

    def accept(self) -> None:
        """Stays on the new access point, and releases the previous one. Since 0.1."""
        self._call("netsession_accept")

    def reject(self) -> None:
        """Returns to the previous access point, and releases the new one. Since 0.1."""
        self._call("netsession_reject")

    def choose(self, configuration: Configuration | None) -> None:
        """Answers Manager.on_choose with the user's choice; None if the user chose none.

        The session continues as a session on that configuration. Raises ArgumentError
        if the configuration cannot be opened, NotAskedError if the session does not ask.
        Since 0.1.
        """
        chosen = None if configuration is None else configuration._handle
        self._call("netsession_choose", chosen)

    def wait_for_opened(self, timeout: float | None = 30.0, *, dispatch: bool = False) -> bool:
        """Blocks until a pending open has ended; returns whether the session is open.

        Returns at once if no open is pending. timeout is in seconds; None waits
        indefinitely. Ctrl-C interrupts the wait. If dispatch is true, the wait dispatches
        events, and raises what Manager.dispatch raises. Since 0.1.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            if dispatch:
                self._manager.dispatch()
            left = _SLICE if deadline is None else max(0.0, deadline - time.monotonic())
            msecs = to_msecs(min(_SLICE, left))
            if self._call("netsession_wait_for_opened", msecs) == 1:
                return True
            if left < _SLICE or not self.is_opening:
                return self.is_open

    def bind_socket(self, sock: socket.socket | int) -> None:
        """Binds a socket to the session's link, regardless of the routes of other links.

        sock is an IPv4 or IPv6 socket that is not connected yet, or its descriptor.
        The socket stays on this link when the session roams: bind new sockets after
        NewConfigurationActivated. netsession.h documents the requirements on the link and
        the kernel. Raises SocketError, and leaves the socket unchanged then. Since 0.1.
        """
        self._call("netsession_bind_socket", sock if isinstance(sock, int) else sock.fileno())

    def failure(self, timeout: float | None = None) -> SessionError:
        """Creates an exception from the last error; the caller raises it.

        timeout is how long the caller has waited for an open, in seconds: without an error
        the exception is an OpenTimeoutError then. Since 0.1.
        """
        identifier = self.configuration.identifier
        text = self.error_string
        if text or timeout is None:
            error = ErrorCode.UNKNOWN if self.error is None else self.error
            return SessionError(error, text or "The session has not failed.", identifier)
        text = f"{identifier} was not open after {timeout:g} s."
        return OpenTimeoutError(ErrorCode.UNKNOWN, text, identifier)

    # -- the current state

    @property
    def manager(self) -> Manager:
        """The manager that delivers the session's events.

        Set another manager with the same options to deliver them on the thread that
        dispatches the other one. Raises ArgumentError if the options differ. Since 0.1.
        """
        return self._manager

    @manager.setter
    def manager(self, manager: Manager) -> None:
        try:
            self._call("netsession_set_manager", manager._handle)
        except ArgumentError:
            raise ArgumentError("the manager has other options than the session's") from None
        self._manager._sessions.discard(self)
        self._manager = manager
        manager._sessions.add(self)
        self._register()

    @property
    def configuration(self) -> Configuration:
        """The configuration that the session was created with. Since 0.1."""
        return Configuration(self._manager, self._out("netsession_get_configuration"))

    @property
    def state(self) -> State:
        """The state of the configuration, whether the session is open or not. Since 0.1."""
        return State(self._call("netsession_state"))

    @property
    def is_open(self) -> bool:
        """True between Opened and Closed. Since 0.1."""
        return self._call("netsession_is_open") == 1

    @property
    def is_opening(self) -> bool:
        """Whether an open is pending. Since 0.1."""
        return self._call("netsession_is_opening") == 1

    @property
    def error(self) -> ErrorCode | None:
        """The last error; None for a session that has not failed.

        A session on a configuration that does not exist has failed from the start, with
        INVALID_CONFIGURATION. Since 0.1.
        """
        number = self._call("netsession_error")
        return None if number == abi.NO_ERROR else ErrorCode(number)

    @property
    def error_string(self) -> str:
        """The text of the last error; empty if the session has not failed. Since 0.1."""
        return self._string("netsession_error_string")

    @property
    def usage_policies(self) -> Policy:
        """How the application should use the network. Since 0.1."""
        return Policy(self._call("netsession_usage_policies"))

    @property
    def interface(self) -> str:
        """The link in use, such as ``eth0``; empty unless connected. Since 0.1."""
        return self._string("netsession_interface")

    @property
    def interface_index(self) -> int:
        """The kernel's index of the link in use; 0 unless connected. Since 0.1."""
        return self._call("netsession_interface_index")

    @property
    def bytes_received(self) -> int:
        """Bytes received by the link since its creation; 0 unless connected. Since 0.1."""
        return self._call("netsession_bytes_received")

    @property
    def bytes_written(self) -> int:
        """Bytes sent by the link since its creation; 0 unless connected. Since 0.1."""
        return self._call("netsession_bytes_written")

    @property
    def active_time(self) -> int:
        """Seconds since the configuration became active; 0 while it is not. Since 0.1."""
        return self._call("netsession_active_time")

    @property
    def properties(self) -> Properties:
        """The session's properties, a mapping of str to str. Since 0.1."""
        return self._properties

    @property
    def application_roaming(self) -> bool:
        """Whether the application decides about roaming.

        If this property or on_preferred_configuration_changed is set, the session offers
        a better access point by PreferredConfigurationChanged, and waits for migrate or
        ignore; else the library decides about roaming. Since 0.1.
        """
        return self._application_roaming or _PREFERRED in self._handlers

    @application_roaming.setter
    def application_roaming(self, value: bool) -> None:
        self._application_roaming = bool(value)
        self._register()

    # -- the end

    def free(self) -> None:
        """Closes the session without an event; a second call does nothing.

        Waits for a callback of the session that another thread runs. Since 0.1.
        """
        with self._manager._dispatching:
            self._finalizer()

    def _wanted(self) -> frozenset[str]:
        wanted = super()._wanted()
        if self._manager._streaming:
            wanted |= frozenset(self._trampolines) - {_PREFERRED}
        if self._application_roaming:
            wanted |= {_PREFERRED}
        return wanted

    def _register(self) -> None:
        if self._finalizer.alive:
            super()._register()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._finalizer.alive:
            self.close()

    def __repr__(self) -> str:
        if not self._finalizer.alive:
            return "<netsession.Session freed>"
        about = self.configuration.identifier or "on nothing"
        opened = ", open" if self.is_open else ""
        where = f" on {self.interface}" if self.interface else ""
        return f"<netsession.Session {about} {self.state.name}{where}{opened}>"
