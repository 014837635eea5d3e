"""The methods of QNetworkSession; _classes makes the class of a binding."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from .. import Configuration, Manager, Session
from ._binding import Binding
from ._configuration import QNetworkConfiguration
from ._enums import QNetworkSession as Enums
from ._error import ERROR_SIGNAL
from ._object import Object, attach, emit, is_connected, private_of, weak_handler
from ._variants import from_property, from_variant, set_property

PREFERRED = "preferredConfigurationChanged"
POLL_INTERVAL = 20  # milliseconds: an open may end without a signal


class SessionMethods(Enums, Object):
    """An application's use of a configuration, and the configuration's state.

    connConfig is a QNetworkConfiguration, which may be invalid, and parent the QObject
    that owns it. Calls return at once; their results arrive as signals, from the
    event loop of its thread: opened(), closed(), stateChanged(state), error(error),
    preferredConfigurationChanged(config, isSeamless), newConfigurationActivated(),
    usagePoliciesChanged(usagePolicies). A program that connects
    to preferredConfigurationChanged decides about roaming. Raises what
    netsession.Manager() raises. Since 0.1.
    """

    _netsession_config: QNetworkConfiguration

    def __init__(
        self, connConfig: QNetworkConfiguration, parent: Any = None, **named: Any
    ) -> None:
        if not isinstance(connConfig, QNetworkConfiguration):
            raise TypeError(
                "QNetworkSession(connConfig, parent): connConfig is to be a "
                "QNetworkConfiguration of netsession.qt, not "
                f"{type(connConfig).__module__}.{type(connConfig).__name__}"
            )
        self._netsession_config = connConfig
        super().__init__(parent, **named)
        manager = Manager()
        attach(self, manager, _new_session(self, manager, connConfig.netsession))
        update_roaming(self)

    @property
    def netsession(self) -> Session:
        """The netsession.Session, for functions that Qt's class lacks. Since 0.1."""
        session = private_of(self).session
        assert session is not None
        return session

    # -- actions

    def open(self) -> None:
        """Opens the session, and brings the link up if it is down: opened or error.

        The getters show its immediate effect when it returns. Since 0.1.
        """
        _call_and_sync(self.netsession, self.netsession.open)

    def close(self) -> None:
        """Closes the session: closed. The link is taken down if a session had brought it
        up and no other session is open on it. Since 0.1.
        """
        _call_and_sync(self.netsession, self.netsession.close)

    def stop(self) -> None:
        """Takes the link down for all users; the session need not be open. Since 0.1."""
        _call_and_sync(self.netsession, self.netsession.stop)

    def migrate(self) -> None:
        """Moves to the offered access point; the old one stays up. Since 0.1."""
        self.netsession.migrate()

    def ignore(self) -> None:
        """Declines the offer, until that access point has changed. Since 0.1."""
        self.netsession.ignore()

    def accept(self) -> None:
        """Stays on the new access point, and releases the previous one. Since 0.1."""
        self.netsession.accept()

    def reject(self) -> None:
        """Returns to the previous access point, and releases the new one. Since 0.1."""
        self.netsession.reject()

    def waitForOpened(self, msecs: int = 30000) -> bool:
        """Runs an event loop until a pending open has ended.

        msecs is the timeout in milliseconds; -1 waits indefinitely. Returns whether the
        session is open; at once if no open is pending. The loop emits signals. If a slot
        deletes the session, the result is False. Since 0.1.
        """
        private, binding = private_of(self), self._netsession_class.binding
        session = self.netsession
        deadline = None if msecs < 0 else time.monotonic() + msecs / 1000
        while session.is_opening:
            left = POLL_INTERVAL
            if deadline is not None:
                left = round((deadline - time.monotonic()) * 1000)
            if left <= 0:
                break
            _run_loop(private, binding, min(left, POLL_INTERVAL))
            if binding.is_deleted(self):
                return False
        private.dispatcher.dispatch()
        return not binding.is_deleted(self) and self.isOpen()

    # -- the current state

    def configuration(self) -> QNetworkConfiguration:
        """The configuration that the session was created with. Since 0.1."""
        private_of(self)
        return QNetworkConfiguration(self._netsession_config)

    def state(self) -> Enums.State:
        """The state; in a slot, the state that the signal reports. Since 0.1."""
        return Enums.State(private_of(self).signal_frame.get("state", self.netsession.state))

    def isOpen(self) -> bool:
        """True between opened and closed. Since 0.1."""
        is_open: bool = private_of(self).signal_frame.get("open", self.netsession.is_open)
        return is_open

    def errorString(self) -> str:
        """The text of the last error; empty if there was none. Since 0.1."""
        text: str = private_of(self).signal_frame.get("text", self.netsession.error_string)
        return text

    def usagePolicies(self) -> Enums.UsagePolicy:
        """How the application should use the network. Since 0.1."""
        return Enums.UsagePolicy(self.netsession.usage_policies)

    def interface(self) -> Any:
        """The link in use, as the binding's QNetworkInterface; invalid unless Connected.

        Since 0.1.
        """
        kind = self._netsession_class.binding.network.QNetworkInterface
        name = self.netsession.interface
        return kind.interfaceFromName(name) if name else kind()

    def bytesReceived(self) -> int:
        """Bytes received by the link since its creation; 0 unless Connected. Since 0.1."""
        return self.netsession.bytes_received

    def bytesWritten(self) -> int:
        """Bytes sent by the link since its creation; 0 unless Connected. Since 0.1."""
        return self.netsession.bytes_written

    def activeTime(self) -> int:
        """Seconds since the configuration became active; 0 while it is not. Since 0.1."""
        return self.netsession.active_time

    def sessionProperty(self, key: str) -> Any:
        """The value of a property; None if it has none. Since 0.1."""
        properties = self.netsession.properties
        if key in from_property:
            return from_property[key](properties.get(key, ""))
        return private_of(self).properties.get(key)

    def setSessionProperty(self, key: str, value: Any) -> None:
        """Sets a property; None or an invalid QVariant removes it.

        ActiveConfiguration and UserChoiceConfiguration are read-only, and setting them
        does nothing. Since 0.1.
        """
        own, properties = private_of(self).properties, self.netsession.properties
        value = from_variant(value)
        if key in from_property:
            set_property(properties, key, value)
        elif value is None:
            own.pop(key, None)
        else:
            own[key] = value

    # -- connections

    def disconnectNotify(self, signal: Any) -> None:
        """Qt calls it when a slot is disconnected from a signal. Since 0.1."""
        private = self._netsession
        if private is not None and private.dispatcher is not None:
            self._netsession_class.binding.invoke_later(private.dispatcher, "update_roaming")


def update_roaming(owner: Any) -> None:
    """The application decides about roaming while preferredConfigurationChanged is
    connected, otherwise the library does.
    """
    private, binding = owner._netsession, owner._netsession_class.binding
    if private is None or private.session is None or private.manager.closed:
        return
    session = private.session
    connected = is_connected(owner, f"{PREFERRED}({binding.object_type},bool)")
    if connected != (session.on_preferred_configuration_changed is not None):
        handler = weak_handler(owner, _on_preferred) if connected else None
        session.on_preferred_configuration_changed = handler


def _new_session(owner: Any, manager: Manager, value: Configuration | None) -> Session:
    session = Session(manager, value if value is not None else "")
    session.on_opened = weak_handler(owner, _on_opened)
    session.on_closed = weak_handler(owner, _on_closed)
    session.on_state_changed = weak_handler(owner, _on_state)
    session.on_error = weak_handler(owner, _on_error)
    session.on_new_configuration_activated = weak_handler(owner, _on_activated)
    session.on_usage_policies_changed = weak_handler(owner, _on_policies)
    return session


def _call_and_sync(session: Session, call: Callable[[], None]) -> None:
    """Calls, and waits some microseconds until the library has carried out the call."""
    call()
    session.is_opening  # noqa: B018


def _run_loop(private: Any, binding: Binding, msecs: int) -> None:
    """Runs an event loop for some milliseconds, or until a signal arrives."""
    if binding.core.QCoreApplication.instance() is None:
        private.session.wait_for_opened(msecs / 1000)
        return
    loop = binding.core.QEventLoop()
    private.loops.append(loop)
    try:
        binding.run_loop(loop, msecs)
    finally:
        private.loops.remove(loop)


def _on_opened(owner: Any) -> None:
    emit(owner, "opened", open=True, state=Enums.State.Connected)


def _on_closed(owner: Any) -> None:
    emit(owner, "closed", open=False)


def _on_state(owner: Any, number: int) -> None:
    emit(owner, "stateChanged", Enums.State(number), state=Enums.State(number))


def _on_error(owner: Any, number: int, text: str) -> None:
    error = Enums.SessionError(number)
    emit(owner, ERROR_SIGNAL, error, error=error, text=text)


def _on_preferred(owner: Any, value: Configuration, is_seamless: bool) -> None:
    emit(owner, PREFERRED, QNetworkConfiguration(value), is_seamless)


def _on_activated(owner: Any) -> None:
    emit(owner, "newConfigurationActivated")


def _on_policies(owner: Any, number: int) -> None:
    emit(owner, "usagePoliciesChanged", Enums.UsagePolicy(number))


SIGNALS: dict[str, tuple[type, ...]] = {
    "stateChanged": (Enums.State,),
    "opened": (),
    "closed": (),
    "error": (Enums.SessionError,),
    PREFERRED: (QNetworkConfiguration, bool),
    "newConfigurationActivated": (),
    "usagePoliciesChanged": (Enums.UsagePolicy,),
}
OLD_SIGNATURES = (
    "stateChanged(QNetworkSession::State)",
    "error(QNetworkSession::SessionError)",
    "preferredConfigurationChanged(QNetworkConfiguration,bool)",
    "usagePoliciesChanged(QNetworkSession::UsagePolicies)",
)
SLOTS = ("open", "close", "stop", "migrate", "ignore", "accept", "reject")
