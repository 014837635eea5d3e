"""Managers: where configurations come from, and where events arrive."""

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
    """Knows the configurations of this machine, and delivers events.

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
        of the system bus, such as ``"unix:path=/run/dbus/bus"``
    default_configuration
        ``"access-point"``, ``"service-network"`` or ``"user-choice"``
    close
        what the last close of a link does: ``"counted"`` or ``"literal"``
    library
        the path of libnetsession.so, where it is not to be looked for

    What is not given comes from the environment variable NETSESSION_OPTIONS, else
    it has the default that netsession.h tells. Raises OptionError, LibraryError or
    ForkedError.

    Managers are cheap: give each thread and each event loop one of its own. Events
    arrive in ``on_...`` callbacks and in streams (see events), on the thread that
    calls dispatch or iterates, and nowhere else. Callbacks may call anything, and
    may raise. Since 0.1.
    """

    on_configuration_added = Handler[Callable[[Configuration], object]](
        "Called with a configuration that is new. Since 0.1."
    )
    on_configuration_changed = Handler[Callable[[Configuration], object]](
        "Called with a configuration that is different now. Since 0.1."
    )
    on_configuration_removed = Handler[Callable[[Configuration], object]](
        "Called with a configuration that is gone. Since 0.1."
    )
    on_online_state_changed = Handler[Callable[[bool], object]](
        "Called with whether the machine is online. Since 0.1."
    )
    on_update_completed = Handler[Callable[[], object]](
        "Called once for each update_configurations. Since 0.1."
    )
    on_log = Handler[Callable[[LogLevel, str], object]](
        "Called with lines for developers. Since 0.1."
    )
    on_reachability_changed = Handler[Callable[[Reachability], object]](
        "Called with how far traffic gets now. Since 0.1."
    )
    on_captive_portal_changed = Handler[Callable[[bool], object]](
        "Called with whether a captive portal is in the way. Since 0.1."
    )
    on_transport_changed = Handler[Callable[[Transport], object]](
        "Called with the kind of the default access point. Since 0.1."
    )
    on_metered_changed = Handler[Callable[[bool], object]](
        "Called with whether the default access point costs by volume. Since 0.1."
    )

    on_choose = Handler[Callable[[Session, list[Configuration]], object]](
        """Called with a session on the user choice that was opened, and with what there
        is to choose from, best first: answer with Session.choose, then or later.

        While it is set, such sessions ask; else they take the best access point.
        Since 0.1.
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
        """Another manager with the same options, for another thread.

        The same changes wait for it as for this one, but no events of sessions; they
        are kept until the copy has callbacks or streams. Setting Session.manager moves
        a session to it. Since 0.1.
        """
        copy = Manager.__new__(Manager)
        Dispatcher.__init__(copy, self._library, self._out("netsession_manager_copy"))
        return copy

    # -- what is true now

    @property
    def is_online(self) -> bool:
        """Whether the kernel sends packets for the internet by something active. Since 0.1."""
        return self._call("netsession_manager_is_online") == 1

    @property
    def reachability(self) -> Reachability:
        """How far traffic gets. Since 0.1."""
        return Reachability(self._call("netsession_manager_reachability"))

    @property
    def is_behind_captive_portal(self) -> bool:
        """Whether a network daemon sees a captive portal. Since 0.1."""
        return self._call("netsession_manager_is_behind_captive_portal") == 1

    @property
    def transport(self) -> Transport:
        """The kind of the default access point while that is up. Since 0.1."""
        return Transport(self._call("netsession_manager_transport"))

    @property
    def is_metered(self) -> bool:
        """Whether the default access point is up and costs by volume. Since 0.1."""
        return self._call("netsession_manager_is_metered") == 1

    @property
    def capabilities(self) -> Capability:
        """What can be done now, here, by this user. Since 0.1."""
        return Capability(self._call("netsession_manager_capabilities"))

    # -- configurations

    @property
    def default_configuration(self) -> Configuration:
        """The one to use when nobody cares; not valid where there is none. Since 0.1."""
        return Configuration(self, self._out("netsession_manager_default_configuration"))

    def configurations(
        self, state_filter: ConfigurationState | int = ConfigurationState.ANY
    ) -> list[Configuration]:
        """All whose state has every bit of the filter; ANY selects all.

        Access points come first, then service networks, both sorted by identifier.
        Raises ArgumentError for a number that is no ConfigurationState. Since 0.1.
        """
        return from_list(
            self, self._out("netsession_manager_configurations", int(state_filter))
        )

    def configuration_from_identifier(self, identifier: str) -> Configuration:
        """The one with that identifier; one that is not valid if there is none.

        Raises ArgumentError for what is not text. Since 0.1.
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
        """Makes a group of access points, among which the sessions on it roam.

        identifier
            ``"office"`` makes the configuration ``network:office``; one that exists
            is replaced
        children
            its access points, at least one
        name
            for people; the identifier, if it is not given

        It is there until it is removed, in all managers of the process with the same
        options. Raises ArgumentError, with what is wrong in words. Since 0.1.
        """
        pointer = define_service_network(
            self, list(children), identifier=identifier, name=name, purpose=int(purpose)
        )
        return Configuration(self, pointer)

    def remove_service_network(self, configuration: Configuration) -> None:
        """Removes a service network of the application; its access points stay.

        Sessions that are open on it are closed. Raises ArgumentError if it is none, or
        none any more. Since 0.1.
        """
        try:
            self._call("netsession_manager_remove_service_network", configuration._handle)
        except (ArgumentError, InternalError):
            raise ArgumentError(
                f"{configuration.identifier} is not a service network of this application"
            ) from None

    def _new_session(self, configuration: Configuration, application_roaming: bool) -> Session:
        """Makes a session; here, because configuration.py cannot import session.py."""
        return Session(self, configuration, application_roaming=application_roaming)

    def update_configurations(self) -> None:
        """Asks that the system look for networks; UpdateCompleted follows. Since 0.1."""
        self._call("netsession_manager_update_configurations")

    def __repr__(self) -> str:
        if self.closed:
            return "<netsession.Manager closed>"
        count = len(self.configurations())
        online = "online" if self.is_online else "offline"
        return f"<netsession.Manager {online}, {count} configurations>"
