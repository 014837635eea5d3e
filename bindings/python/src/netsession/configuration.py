"""Configurations: the networks that can be opened, and groups of them."""

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
    """A network that can be opened (an access point), or a group (a service network).

    Managers create configurations, programs do not. Every property returns the current
    value. A configuration stays usable after its manager is closed. Configurations of
    the same network are equal; they are hashable.

    Raises ForkedError in a forked child. Since 0.1.
    """

    def __init__(self, manager: Manager, pointer: int) -> None:
        """Takes ownership of a handle; for the package's own use."""
        super().__init__(
            manager._library, pointer, "netsession_configuration_free", at_exit=False
        )
        self._manager = manager

    @property
    def is_valid(self) -> bool:
        """Whether the network exists now. Since 0.1."""
        return self._call("netsession_configuration_is_valid") == 1

    @property
    def identifier(self) -> str:
        """Such as ``link:eth0``, the same after a restart.

        If the network does not exist, the identifier that it was looked up by. Since 0.1.
        """
        return self._string("netsession_configuration_identifier")

    @property
    def name(self) -> str:
        """The name to show to users. Since 0.1."""
        return self._string("netsession_configuration_name")

    @property
    def type(self) -> ConfigurationType:
        """The type; ``INVALID`` if the network does not exist. Since 0.1."""
        return ConfigurationType(self._call("netsession_configuration_type"))

    @property
    def state(self) -> ConfigurationState:
        """Whether it can be opened or is active now. Since 0.1."""
        return ConfigurationState(self._call("netsession_configuration_state"))

    @property
    def purpose(self) -> Purpose:
        """The purpose. Since 0.1."""
        return Purpose(self._call("netsession_configuration_purpose"))

    @property
    def bearer_type(self) -> Bearer:
        """The technology; ``UNKNOWN`` if it is not an access point. Since 0.1."""
        return Bearer(self._call("netsession_configuration_bearer_type"))

    @property
    def bearer_type_family(self) -> Bearer:
        """The technology, with cellular ones reduced to 2G, 3G and 4G. Since 0.1."""
        return Bearer(self._call("netsession_configuration_bearer_type_family"))

    @property
    def bearer_type_name(self) -> str:
        """Such as ``Ethernet``; empty if it is not an access point. Since 0.1."""
        return self._string("netsession_configuration_bearer_type_name")

    @property
    def is_roaming_available(self) -> bool:
        """Whether it has more than one access point that can be opened. Since 0.1."""
        return self._call("netsession_configuration_is_roaming_available") == 1

    @property
    def interface(self) -> str:
        """The link of an access point, such as ``eth0``; empty if none now. Since 0.1."""
        return self._string("netsession_configuration_interface")

    @property
    def signal_strength(self) -> int:
        """The strength of an access point's radio signal in percent, 1 to 100.

        0 if there is no radio, or the strength is not known. No event reports a change
        of the strength alone. Since 0.1.
        """
        return self._call("netsession_configuration_signal_strength")

    @property
    def connect_timeout(self) -> float:
        """How long an open may take, in seconds: 30 by default.

        A new value holds for all users of the configuration in this process; 0 restores
        the default. Raises ArgumentError for a negative number, or for more than 24 days.
        Since 0.1.
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

        For a VPN or another tunnel, the link that sends its packets; for a VLAN, a bridge
        or a bond, the lower links, if these are configurations. Empty if the link has
        no underlying link or is not up, if the lower links are not known, and if this is not an
        access point. No event reports a change of this property alone: read it again when
        a configuration was added, changed or removed. Since 0.2.
        """
        return from_list(self._manager, self._out("netsession_configuration_underlying"))

    def session(self, *, application_roaming: bool = False) -> Session:
        """Creates a session on this configuration, which is not open; see Session.

        Raises ClosedError if the manager was closed. Since 0.1.
        """
        return self._manager._new_session(self, application_roaming)

    def open(self, timeout: float | None = 30.0) -> Session:
        """Opens a session on this configuration, and waits until it is open::

            with configuration.open(timeout=30) as session:
                print(session.interface)

        timeout is in seconds; None waits indefinitely. Only a session on the user
        choice dispatches events while it waits, because on_choose has to run. Raises
        SessionError if the session cannot be opened, OpenTimeoutError if it is not open
        before the timeout. The session closes when it is garbage-collected: keep a reference.
        Since 0.1.
        """
        session = self.session()
        try:
            session.open()
            is_user_choice = self.type is ConfigurationType.USER_CHOICE
            if not session.wait_for_opened(timeout, dispatch=is_user_choice):
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
    """Copies the configurations of a list of the C interface, and frees the list."""
    try:
        return from_borrowed_list(manager, pointer)
    finally:
        manager._library.netsession_configuration_list_free(pointer)


def from_borrowed_list(manager: Manager, pointer: int) -> list[Configuration]:
    """Copies the configurations of a list that belongs to the library."""
    library = manager._library
    at = library.netsession_configuration_list_at
    size = library.netsession_configuration_list_size(pointer)
    return [from_borrowed(manager, at(pointer, i)) for i in range(size)]


def from_borrowed(manager: Manager, pointer: int) -> Configuration:
    """Copies a configuration whose handle belongs to the library."""
    copy = new_handle(manager._library.netsession_configuration_copy, pointer)
    return Configuration(manager, copy)


def to_msecs(seconds: float) -> int:
    """Converts seconds to milliseconds in a C int; raises ArgumentError."""
    if not 0 <= seconds * 1000 < 2**31:
        raise ArgumentError(f"{seconds} is not a number of seconds from 0 to 24 days")
    return math.ceil(seconds * 1000)
