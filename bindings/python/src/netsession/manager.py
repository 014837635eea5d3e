"""Managers: list the configurations, and deliver the events."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from ._dispatch.dispatcher import Dispatcher
from ._dispatch.eventsource import Handler
from ._native.library import load
from ._native.structs import define_service_network, new_manager
from ._native.text import to_c
from .configuration import Configuration, from_list
from .enums import Capability, ConfigurationState, LogLevel, Purpose, Reachability, Transport
from .errors import ArgumentError, InternalError
from .session import Session

__all__ = ["Manager"]


class Manager(Dispatcher):
    """Lists the configurations of this machine, and delivers events.

    ::

        with netsession.Manager() as manager:
            with manager.default_configuration.open(timeout=30) as session:
                print(session.interface)

    Arguments, all by keyword and optional:

    backend
        ``"auto"``, ``"networkmanager"``, ``"connman"``, ``"rtnetlink"`` or
        ``"script"``
    script
        the file that ``"script"`` plays
    dbus_address
        the address of the system bus, such as ``"unix:path=/run/dbus/bus"``
    default_configuration
        ``"access-point"``, ``"service-network"`` or ``"user-choice"``
    close
        the effect of the last close of a link: ``"counted"`` or ``"literal"``
    library
        the path of libnetsession.so; without it the package searches for the library

    The environment variable NETSESSION_OPTIONS has the values of other options, and
    netsession.h documents the defaults. Raises OptionError, LibraryError or ForkedError.

    Managers are cheap: give each thread and each event loop its own manager. Events
    arrive in ``on_...`` callbacks and in streams (see events), on the thread that
    calls dispatch or iterates, and on no other. Callbacks may call any function, and
    may raise. Since 0.1.
    """

    on_configuration_added = Handler[Callable[[Configuration], object]](
        "Called with a configuration that was found. Since 0.1."
    )
    on_configuration_changed = Handler[Callable[[Configuration], object]](
        "Called with a configuration that has changed. Since 0.1."
    )
    on_configuration_removed = Handler[Callable[[Configuration], object]](
        "Called with a configuration that was removed. Since 0.1."
    )
    on_online_state_changed = Handler[Callable[[bool], object]](
        "Called with whether the machine is online. Since 0.1."
    )
    on_update_completed = Handler[Callable[[], object]](
        "Called once for each update_configurations. Since 0.1."
    )
    on_log = Handler[Callable[[LogLevel, str], object]](
        "Called with the level and text of a log line for developers. Since 0.1."
    )
    on_reachability_changed = Handler[Callable[[Reachability], object]](
        "Called with the new reachability. Since 0.1."
    )
    on_captive_portal_changed = Handler[Callable[[bool], object]](
        "Called with whether the machine is behind a captive portal. Since 0.1."
    )
    on_transport_changed = Handler[Callable[[Transport], object]](
        "Called with the transport of the default access point. Since 0.1."
    )
    on_metered_changed = Handler[Callable[[bool], object]](
        "Called with whether the default access point is metered. Since 0.1."
    )

    on_choose = Handler[Callable[[Session, list[Configuration]], object]](
        """Called with a session on the user choice that was opened, and the list of
        candidates, best first: answer with Session.choose, in the callback or later.

        Without this callback such a session takes the best access point. Since 0.1.
        """
    )

    def __init__(
        self,
        *,
        backend: str | None = None,
        script: str | os.PathLike[str] | None = None,
        dbus_address: str | None = None,
        default_configuration: str | None = None,
        close: str | None = None,
        library: str | os.PathLike[str] | None = None,
    ) -> None:
        loaded = load(library)
        pointer = new_manager(
            loaded,
            backend=backend,
            script=None if script is None else os.fspath(script),
            dbus_address=dbus_address,
            default_configuration=default_configuration,
            close=close,
        )
        super().__init__(loaded, pointer)

    def copy(self) -> Manager:
        """Creates another manager with the same options, for another thread.

        The copy's queue has the pending manager events of this one, but no session
        events, and keeps them until the copy has callbacks or streams. Set
        Session.manager to move a session to the copy. Since 0.1.
        """
        copy = Manager.__new__(Manager)
        Dispatcher.__init__(copy, self._library, self._out("netsession_manager_copy"))
        return copy

    # -- the current state

    @property
    def is_online(self) -> bool:
        """Whether the kernel has a route to the internet by an active link. Since 0.1."""
        return self._call("netsession_manager_is_online") == 1

    @property
    def reachability(self) -> Reachability:
        """How far traffic gets: to no host, to local hosts, or to the internet. Since 0.1."""
        return Reachability(self._call("netsession_manager_reachability"))

    @property
    def is_behind_captive_portal(self) -> bool:
        """Whether a network daemon has detected a captive portal. Since 0.1."""
        return self._call("netsession_manager_is_behind_captive_portal") == 1

    @property
    def transport(self) -> Transport:
        """The technology of the default access point while it is up. Since 0.1."""
        return Transport(self._call("netsession_manager_transport"))

    @property
    def is_metered(self) -> bool:
        """Whether the default access point is up and metered. Since 0.1."""
        return self._call("netsession_manager_is_metered") == 1

    @property
    def capabilities(self) -> Capability:
        """What this process may do on this machine now. Since 0.1."""
        return Capability(self._call("netsession_manager_capabilities"))

    # -- configurations

    @property
    def default_configuration(self) -> Configuration:
        """The configuration to use by default; not valid if there is none. Since 0.1."""
        return Configuration(self, self._out("netsession_manager_default_configuration"))

    def configurations(
        self, state_filter: ConfigurationState | int = ConfigurationState.ANY
    ) -> list[Configuration]:
        """All configurations whose state has every bit of the filter; ANY selects all.

        Access points come first, then service networks, both sorted by identifier.
        Raises ArgumentError for a number that is not a ConfigurationState. Since 0.1.
        """
        return from_list(
            self, self._out("netsession_manager_configurations", int(state_filter))
        )

    def configuration_from_identifier(self, identifier: str) -> Configuration:
        """The configuration with that identifier; not valid if there is none.

        Raises ArgumentError if the identifier is not valid text. Since 0.1.
        """
        function = "netsession_manager_configuration_from_identifier"
        return Configuration(self, self._out(function, to_c(identifier, "identifier")))

    def define_service_network(
        self,
        identifier: str,
        children: Iterable[Configuration],
        *,
        name: str | None = None,
        purpose: Purpose = Purpose.UNKNOWN,
    ) -> Configuration:
        """Creates a group of access points; sessions on the group roam among these.

        identifier
            ``"office"`` makes the configuration ``network:office``, and replaces an
            existing one
        children
            the access points, at least one
        name
            the name to show to users; the identifier, if not given
        purpose
            the purpose of the network

        The group exists until it is removed, in all managers of the process with the same
        options. Raises ArgumentError, whose text says what is wrong. Since 0.1.
        """
        pointer = define_service_network(
            self, list(children), identifier=identifier, name=name, purpose=int(purpose)
        )
        return Configuration(self, pointer)

    def remove_service_network(self, configuration: Configuration) -> None:
        """Removes a service network of the application; its access points stay.

        Closes the sessions that are open on it. Raises ArgumentError if the application
        has not defined the configuration, or has removed it. Since 0.1.
        """
        try:
            self._call("netsession_manager_remove_service_network", configuration._handle)
        except (ArgumentError, InternalError):
            raise ArgumentError(
                f"{configuration.identifier} is not a service network of this application"
            ) from None

    def _new_session(self, configuration: Configuration, application_roaming: bool) -> Session:
        """Creates a session; here, because configuration.py cannot import session.py."""
        return Session(self, configuration, application_roaming=application_roaming)

    def update_configurations(self) -> None:
        """Asks the system to scan for networks; UpdateCompleted follows. Since 0.1."""
        self._call("netsession_manager_update_configurations")

    def __repr__(self) -> str:
        if self.closed:
            return "<netsession.Manager closed>"
        count = len(self.configurations())
        online = "online" if self.is_online else "offline"
        return f"<netsession.Manager {online}, {count} configurations>"
