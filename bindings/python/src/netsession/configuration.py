"""Configurations: the ways onto a network."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ._native.handle import Handle, new_handle
from .enums import Bearer, ConfigurationState, ConfigurationType, Purpose
from .errors import ArgumentError

if TYPE_CHECKING:
    from .manager import Manager
    from .session import Session

__all__ = ["Configuration"]


class Configuration(Handle):
    """One way onto a network (an access point), or a group (a service network).

    Made by a manager, never by hand. It is live: its properties tell what is true
    now. It outlives its manager. Two are equal if they stand for the same way, and
    may be members of sets and keys of dicts.

    Raises ForkedError in a forked child. Since 0.1.
    """

    def __init__(self, manager: Manager, pointer: int) -> None:
        """Takes a handle over; for the package's own use."""
        super().__init__(
            manager._library, pointer, "netsession_configuration_free", at_exit=False
        )
        self._manager = manager

    @property
    def is_valid(self) -> bool:
        """Whether it exists now. Since 0.1."""
        return self._call("netsession_configuration_is_valid") == 1

    @property
    def identifier(self) -> str:
        """Such as ``link:eth0``, the same after a restart.

        Of one that does not exist it is what it was looked up by. Since 0.1.
        """
        return self._string("netsession_configuration_identifier")

    @property
    def name(self) -> str:
        """The name for people. Since 0.1."""
        return self._string("netsession_configuration_name")

    @property
    def type(self) -> ConfigurationType:
        """What it is; ``INVALID`` if it is not valid. Since 0.1."""
        return ConfigurationType(self._call("netsession_configuration_type"))

    @property
    def state(self) -> ConfigurationState:
        """How far it is usable now. Since 0.1."""
        return ConfigurationState(self._call("netsession_configuration_state"))

    @property
    def purpose(self) -> Purpose:
        """What it is for. Since 0.1."""
        return Purpose(self._call("netsession_configuration_purpose"))

    @property
    def bearer_type(self) -> Bearer:
        """The technology; ``UNKNOWN`` for what is not an access point. Since 0.1."""
        return Bearer(self._call("netsession_configuration_bearer_type"))

    @property
    def bearer_type_family(self) -> Bearer:
        """The same with cellular technologies folded into 2G, 3G and 4G. Since 0.1."""
        return Bearer(self._call("netsession_configuration_bearer_type_family"))

    @property
    def bearer_type_name(self) -> str:
        """Such as ``Ethernet``; empty for what is not an access point. Since 0.1."""
        return self._string("netsession_configuration_bearer_type_name")

    @property
    def is_roaming_available(self) -> bool:
        """Whether it has more than one access point that can be opened. Since 0.1."""
        return self._call("netsession_configuration_is_roaming_available") == 1

    @property
    def interface(self) -> str:
        """The link behind an access point, such as ``eth0``; empty if none now. Since 0.1."""
        return self._string("netsession_configuration_interface")

    @property
    def signal_strength(self) -> int:
        """The strength of an access point's radio signal in percent, 1 to 100.

        0 where there is no radio, or its strength is not known. It jitters: no event
        tells of it. Since 0.1.
        """
        return self._call("netsession_configuration_signal_strength")

    @property
    def connect_timeout(self) -> float:
        """How long an attempt to open may take, in seconds: 30 by default.

        Setting it holds for every user of the configuration in this process; 0
        restores the default. Raises ArgumentError for what is negative or beyond
        24 days. Since 0.1.
        """
        return self._call("netsession_configuration_connect_timeout") / 1000

    @connect_timeout.setter
    def connect_timeout(self, seconds: float) -> None:
        self._call("netsession_configuration_set_connect_timeout", to_msecs(seconds))

    @property
    def children(self) -> list[Configuration]:
        """The access points of a service network; empty for any other. Since 0.1."""
        return from_list(self._manager, self._out("netsession_configuration_children"))

    @property
    def underlying(self) -> list[Configuration]:
        """The access points that its link runs over now, best first.

        Under a VPN or another tunnel that is the link by which its packets leave,
        under a VLAN, a bridge or a bond the links below it, as far as these are
        configurations of their own. Empty where the link runs over nothing or is not
        up, where nobody knows, and for what is no access point. No event tells of it
        by itself: ask again when a configuration was added, changed or removed.
        Since 0.2.
        """
        return from_list(self._manager, self._out("netsession_configuration_underlying"))

    def session(self, *, application_roaming: bool = False) -> Session:
        """Makes a session on it, which is not open; see Session. Since 0.1."""
        return self._manager._new_session(self, application_roaming)

    def open(self, timeout: float | None = 30.0) -> Session:
        """Opens a session on it, and waits until that is open::

            with configuration.open(timeout=30) as session:
                print(session.interface)

        timeout is in seconds, None without a bound. Events are not dispatched
        meanwhile, but on the user choice, where somebody may have to be asked. Raises
        SessionError if it cannot be opened, OpenTimeoutError if it is not open by
        then. The session closes when it is garbage: keep it. Since 0.1.
        """
        session = self.session()
        try:
            session.open()
            asking = self.type is ConfigurationType.USER_CHOICE
            if not session.wait_for_opened(timeout, dispatch=asking):
                raise session.failure(timeout)
        except BaseException:
            session.free()
            raise
        return session

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Configuration):
            return NotImplemented
        return self._call("netsession_configuration_equal", other._handle) == 1

    def __hash__(self) -> int:
        return hash(self.identifier)

    def __copy__(self) -> Configuration:
        return self

    def __deepcopy__(self, _memo: dict[int, Any]) -> Configuration:
        return self

    def __repr__(self) -> str:
        if not self.identifier:
            return "<netsession.Configuration: none>"
        state = self.state.name if self.is_valid else "removed"
        return f"<netsession.Configuration {self.identifier} {self.name!r} {state}>"


def from_list(manager: Manager, pointer: int) -> list[Configuration]:
    """Takes the configurations out of a list of the C interface, and frees that."""
    try:
        return from_borrowed_list(manager, pointer)
    finally:
        manager._library.netsession_configuration_list_free(pointer)


def from_borrowed_list(manager: Manager, pointer: int) -> list[Configuration]:
    """Copies the configurations in a list that is the library's."""
    library = manager._library
    at = library.netsession_configuration_list_at
    size = library.netsession_configuration_list_size(pointer)
    return [from_borrowed(manager, at(pointer, i)) for i in range(size)]


def from_borrowed(manager: Manager, pointer: int) -> Configuration:
    """Makes a Configuration of a handle that is the library's."""
    copy = new_handle(manager._library.netsession_configuration_copy, pointer)
    return Configuration(manager, copy)


def to_msecs(seconds: float) -> int:
    """Turns seconds into what the C interface takes: milliseconds in an int."""
    if not 0 <= seconds * 1000 < 2**31:
        raise ArgumentError(f"{seconds} is not a number of seconds from 0 to 24 days")
    return math.ceil(seconds * 1000)
