"""QNetworkSession, but for what makes it a QObject of a binding."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from .. import Configuration, Manager, Session
from ._configuration import QNetworkConfiguration, wrapped
from ._enums import SessionError, State, UsagePolicy, scoped
from ._object import Object
from ._variants import from_property, from_variant, to_property

OFFER = "preferredConfigurationChanged"
GLANCE = 20  # milliseconds between looks at an open that is under way


@scoped("QNetworkSession", State, SessionError, UsagePolicy, UsagePolicies=UsagePolicy)
class SessionMethods(Object):
    """An application's use of a configuration, and a view of that one's state.

    connConfig is a QNetworkConfiguration, which may be invalid, and parent the QObject
    that owns it. Calls return at once; what comes of them arrives as signals, in the
    event loop of its thread: opened(), closed(), stateChanged(state), error(error),
    preferredConfigurationChanged(config, isSeamless), newConfigurationActivated(),
    usagePoliciesChanged(usagePolicies). Whoever connects to
    preferredConfigurationChanged decides about roaming. Raises what
    netsession.Manager() raises. Since 0.1.
    """

    _session: Session | None = None

    def __init__(
        self, connConfig: QNetworkConfiguration, parent: Any = None, **named: Any
    ) -> None:
        if not isinstance(connConfig, QNetworkConfiguration):
            raise TypeError(
                "QNetworkSession(connConfig, parent): connConfig is to be a "
                "QNetworkConfiguration of netsession.qt, not "
                f"{type(connConfig).__module__}.{type(connConfig).__name__}"
            )
        self._config = connConfig
        self._values: dict[str, Any] = {}
        super().__init__(parent, **named)
        manager = Manager()
        self._session = self._made(manager, connConfig.netsession)
        self._begin(manager, self._session)
        self._review()

    def _made(self, manager: Manager, value: Configuration | None) -> Session:
        session = Session(manager, value if value is not None else "")
        session.on_opened = self._teller(self._told_opened)
        session.on_closed = self._teller(self._told_closed)
        session.on_state_changed = self._teller(self._told_state)
        session.on_error = self._teller(self._told_error)
        session.on_new_configuration_activated = self._teller(self._told_activated)
        session.on_usage_policies_changed = self._teller(self._told_policies)
        return session

    @property
    def netsession(self) -> Session:
        """The netsession.Session behind it, for what Qt's class never had. Since 0.1."""
        self._live()
        assert self._session is not None
        return self._session

    # -- what it does

    def open(self) -> None:
        """Registers the use, bringing the link up if it is down: opened or error.

        What that leads to at once can be read when it returns. Since 0.1.
        """
        self._done(self.netsession.open)

    def close(self) -> None:
        """Ends the use: closed. The link goes down if a session had started it and no
        other session is open on it. Since 0.1.
        """
        self._done(self.netsession.close)

    def stop(self) -> None:
        """Takes the link down, whoever uses it; the session need not be open. Since 0.1."""
        self._done(self.netsession.stop)

    def _done(self, call: Callable[[], None]) -> None:
        """Calls, and waits the microseconds until the library has taken the call up."""
        call()
        self.netsession.is_opening  # noqa: B018

    def migrate(self) -> None:
        """Moves to the access point that was offered; the old one stays up. Since 0.1."""
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
        """Runs the event loop until an open that is under way is over, for so many
        milliseconds at most; -1 is without a bound. Returns whether it is open, at once
        if no open is under way. Signals are delivered meanwhile, and the session may be
        deleted. Since 0.1.
        """
        session, pump = self.netsession, self._pump
        deadline = None if msecs < 0 else time.monotonic() + msecs / 1000
        while session.is_opening:
            left = GLANCE if deadline is None else round((deadline - time.monotonic()) * 1000)
            if left <= 0:
                break
            self._spin(min(left, GLANCE))
            if self._binding.is_deleted(self):
                return False
        pump.dispatch()
        return not self._binding.is_deleted(self) and self.isOpen()

    def _spin(self, msecs: int) -> None:
        core = self._binding.core
        if core.QCoreApplication.instance() is None:
            self.netsession.wait_for_opened(msecs / 1000)
            return
        loop, loops = core.QEventLoop(), self._loops
        loops.append(loop)
        try:
            self._binding.spin(loop, msecs)
        finally:
            loops.remove(loop)

    # -- what is true now

    def configuration(self) -> QNetworkConfiguration:
        """What it was made on. Since 0.1."""
        self._live()
        return QNetworkConfiguration(self._config)

    def state(self) -> State:
        """The state that is being told in a slot, else that of now. Since 0.1."""
        live = self.netsession
        return State(self._said.get("state", live.state))

    def isOpen(self) -> bool:
        """Whether it is between opened and closed. Since 0.1."""
        live = self.netsession
        is_open: bool = self._said.get("open", live.is_open)
        return is_open

    def _last_error(self) -> SessionError:
        live = self.netsession
        return SessionError(self._said.get("error", live.error))

    def errorString(self) -> str:
        """The last error in words; empty if it never failed. Since 0.1."""
        live = self.netsession
        text: str = self._said.get("text", live.error_string)
        return text

    def usagePolicies(self) -> UsagePolicy:
        """How it should be used. Since 0.1."""
        return UsagePolicy(self.netsession.usage_policies)

    def interface(self) -> Any:
        """The binding's QNetworkInterface of the link in use; an invalid one unless
        Connected. Since 0.1.
        """
        kind = self._binding.network.QNetworkInterface
        name = self.netsession.interface
        return kind.interfaceFromName(name) if name else kind()

    def bytesReceived(self) -> int:
        """Bytes that came in by the link since it exists; 0 unless Connected. Since 0.1."""
        return self.netsession.bytes_received

    def bytesWritten(self) -> int:
        """Bytes that went out by the link since it exists; 0 unless Connected. Since 0.1."""
        return self.netsession.bytes_written

    def activeTime(self) -> int:
        """Seconds since the configuration became active; 0 while it is not. Since 0.1."""
        return self.netsession.active_time

    def sessionProperty(self, key: str) -> Any:
        """The value of a property; None where it has none. Since 0.1."""
        live = self.netsession
        if key in from_property:
            return from_property[key](live.properties.get(key, ""))
        return self._values.get(key)

    def setSessionProperty(self, key: str, value: Any) -> None:
        """Sets a property; None or an invalid QVariant removes it.

        ActiveConfiguration and UserChoiceConfiguration are read-only, and setting them
        does nothing. Since 0.1.
        """
        properties = self.netsession.properties
        value = from_variant(value)
        if key in from_property:
            words = to_property(key, value)
            if words:
                properties[key] = words
            else:
                properties.pop(key, None)
        elif value is None:
            self._values.pop(key, None)
        else:
            self._values[key] = value

    # -- who listens

    def disconnectNotify(self, signal: Any) -> None:
        """Qt calls it when something is disconnected from a signal. Since 0.1."""
        if self._pump is not None:
            self._binding.queue(self._pump, "review")

    def _review(self) -> None:
        session = self._session
        if session is not None and self._manager is not None and not self._manager.closed:
            listens = self._listens(f"{OFFER}({self._binding.value},bool)")
            if listens != (session.on_preferred_configuration_changed is not None):
                teller = self._teller(self._told_offer) if listens else None
                session.on_preferred_configuration_changed = teller

    # -- what it tells

    def _told_opened(self) -> None:
        self._tell("opened", open=True, state=State.Connected)

    def _told_closed(self) -> None:
        self._tell("closed", open=False)

    def _told_state(self, number: int) -> None:
        self._tell("stateChanged", State(number), state=State(number))

    def _told_error(self, number: int, text: str) -> None:
        error = SessionError(number)
        self._tell("_error_signal", error, error=error, text=text)

    def _told_offer(self, value: Configuration, is_seamless: bool) -> None:
        self._tell(OFFER, wrapped(value), is_seamless)

    def _told_activated(self) -> None:
        self._tell("newConfigurationActivated")

    def _told_policies(self, number: int) -> None:
        self._tell("usagePoliciesChanged", UsagePolicy(number))


SIGNALS: dict[str, tuple[type, ...]] = {
    "stateChanged": (State,),
    "opened": (),
    "closed": (),
    "error": (SessionError,),
    OFFER: (QNetworkConfiguration, bool),
    "newConfigurationActivated": (),
    "usagePoliciesChanged": (UsagePolicy,),
}
OLD_SIGNATURES = (
    "stateChanged(QNetworkSession::State)",
    "error(QNetworkSession::SessionError)",
    "preferredConfigurationChanged(QNetworkConfiguration,bool)",
    "usagePoliciesChanged(QNetworkSession::UsagePolicies)",
)
SLOTS = ("open", "close", "stop", "migrate", "ignore", "accept", "reject")
