"""QNetworkSession, but for what makes it a QObject of a binding."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from .. import Configuration, Manager, Session
from ._binding import Binding
from ._configuration import QNetworkConfiguration, wrapped
from ._enums import QNetworkSession as Enums
from ._error import SIGNAL
from ._object import Object, begin, listens, live, tell, teller
from ._variants import from_property, from_variant, set_property

OFFER = "preferredConfigurationChanged"
GLANCE = 20  # milliseconds between looks at an open that is under way


class SessionMethods(Enums, Object):
    """An application's use of a configuration, and a view of that one's state.

    connConfig is a QNetworkConfiguration, which may be invalid, and parent the QObject
    that owns it. Calls return at once; what comes of them arrives as signals, in the
    event loop of its thread: opened(), closed(), stateChanged(state), error(error),
    preferredConfigurationChanged(config, isSeamless), newConfigurationActivated(),
    usagePoliciesChanged(usagePolicies). Whoever connects to
    preferredConfigurationChanged decides about roaming. Raises what
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
        begin(self, manager, _made(self, manager, connConfig.netsession))
        review(self)

    @property
    def netsession(self) -> Session:
        """The netsession.Session behind it, for what Qt's class never had. Since 0.1."""
        session = live(self).session
        assert session is not None
        return session

    # -- what it does

    def open(self) -> None:
        """Registers the use, bringing the link up if it is down: opened or error.

        What that leads to at once can be read when it returns. Since 0.1.
        """
        _take_up(self.netsession, self.netsession.open)

    def close(self) -> None:
        """Ends the use: closed. The link goes down if a session had started it and no
        other session is open on it. Since 0.1.
        """
        _take_up(self.netsession, self.netsession.close)

    def stop(self) -> None:
        """Takes the link down, whoever uses it; the session need not be open. Since 0.1."""
        _take_up(self.netsession, self.netsession.stop)

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
        inside, binding = live(self), self._netsession_kind.binding
        session = self.netsession
        deadline = None if msecs < 0 else time.monotonic() + msecs / 1000
        while session.is_opening:
            left = GLANCE if deadline is None else round((deadline - time.monotonic()) * 1000)
            if left <= 0:
                break
            _spin(inside, binding, min(left, GLANCE))
            if binding.is_deleted(self):
                return False
        inside.pump.dispatch()
        return not binding.is_deleted(self) and self.isOpen()

    # -- what is true now

    def configuration(self) -> QNetworkConfiguration:
        """What it was made on. Since 0.1."""
        live(self)
        return QNetworkConfiguration(self._netsession_config)

    def state(self) -> Enums.State:
        """The state that is being told in a slot, else that of now. Since 0.1."""
        return Enums.State(live(self).said.get("state", self.netsession.state))

    def isOpen(self) -> bool:
        """Whether it is between opened and closed. Since 0.1."""
        is_open: bool = live(self).said.get("open", self.netsession.is_open)
        return is_open

    def errorString(self) -> str:
        """The last error in words; empty if it never failed. Since 0.1."""
        text: str = live(self).said.get("text", self.netsession.error_string)
        return text

    def usagePolicies(self) -> Enums.UsagePolicy:
        """How it should be used. Since 0.1."""
        return Enums.UsagePolicy(self.netsession.usage_policies)

    def interface(self) -> Any:
        """The binding's QNetworkInterface of the link in use; an invalid one unless
        Connected. Since 0.1.
        """
        kind = self._netsession_kind.binding.network.QNetworkInterface
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
        properties = self.netsession.properties
        if key in from_property:
            return from_property[key](properties.get(key, ""))
        return live(self).values.get(key)

    def setSessionProperty(self, key: str, value: Any) -> None:
        """Sets a property; None or an invalid QVariant removes it.

        ActiveConfiguration and UserChoiceConfiguration are read-only, and setting them
        does nothing. Since 0.1.
        """
        values, properties = live(self).values, self.netsession.properties
        value = from_variant(value)
        if key in from_property:
            set_property(properties, key, value)
        elif value is None:
            values.pop(key, None)
        else:
            values[key] = value

    # -- who listens

    def disconnectNotify(self, signal: Any) -> None:
        """Qt calls it when something is disconnected from a signal. Since 0.1."""
        inside = self._netsession
        if inside is not None and inside.pump is not None:
            self._netsession_kind.binding.queue(inside.pump, "review")


def review(owner: Any) -> None:
    """Looks again at who listens to offers, and so decides about roaming."""
    inside, binding = owner._netsession, owner._netsession_kind.binding
    if inside is None or inside.session is None or inside.manager.closed:
        return
    session, asked = inside.session, listens(owner, f"{OFFER}({binding.value},bool)")
    if asked != (session.on_preferred_configuration_changed is not None):
        told = teller(owner, _told_offer) if asked else None
        session.on_preferred_configuration_changed = told


def _made(owner: Any, manager: Manager, value: Configuration | None) -> Session:
    session = Session(manager, value if value is not None else "")
    session.on_opened = teller(owner, _told_opened)
    session.on_closed = teller(owner, _told_closed)
    session.on_state_changed = teller(owner, _told_state)
    session.on_error = teller(owner, _told_error)
    session.on_new_configuration_activated = teller(owner, _told_activated)
    session.on_usage_policies_changed = teller(owner, _told_policies)
    return session


def _take_up(session: Session, call: Callable[[], None]) -> None:
    """Calls, and waits the microseconds until the library has taken the call up."""
    call()
    session.is_opening  # noqa: B018


def _spin(inside: Any, binding: Binding, msecs: int) -> None:
    """Runs an event loop for so long, unless a signal comes before."""
    if binding.core.QCoreApplication.instance() is None:
        inside.session.wait_for_opened(msecs / 1000)
        return
    loop = binding.core.QEventLoop()
    inside.loops.append(loop)
    try:
        binding.spin(loop, msecs)
    finally:
        inside.loops.remove(loop)


def _told_opened(owner: Any) -> None:
    tell(owner, "opened", open=True, state=Enums.State.Connected)


def _told_closed(owner: Any) -> None:
    tell(owner, "closed", open=False)


def _told_state(owner: Any, number: int) -> None:
    tell(owner, "stateChanged", Enums.State(number), state=Enums.State(number))


def _told_error(owner: Any, number: int, text: str) -> None:
    error = Enums.SessionError(number)
    tell(owner, SIGNAL, error, error=error, text=text)


def _told_offer(owner: Any, value: Configuration, is_seamless: bool) -> None:
    tell(owner, OFFER, wrapped(value), is_seamless)


def _told_activated(owner: Any) -> None:
    tell(owner, "newConfigurationActivated")


def _told_policies(owner: Any, number: int) -> None:
    tell(owner, "usagePoliciesChanged", Enums.UsagePolicy(number))


SIGNALS: dict[str, tuple[type, ...]] = {
    "stateChanged": (Enums.State,),
    "opened": (),
    "closed": (),
    "error": (Enums.SessionError,),
    OFFER: (QNetworkConfiguration, bool),
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
