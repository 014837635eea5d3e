"""QNetworkConfigurationManager, but for what makes it a QObject of a binding."""

from __future__ import annotations

from typing import Any

from .. import Configuration, ConfigurationState, Manager
from ._configuration import QNetworkConfiguration, wrapped
from ._enums import QNetworkConfigurationManager as Enums
from ._object import Object, begin, live, tell, teller

FILTERS = (
    ConfigurationState.ANY,
    ConfigurationState.UNDEFINED,
    ConfigurationState.DEFINED,
    ConfigurationState.DISCOVERED,
    ConfigurationState.ACTIVE,
)


class ManagerMethods(Enums, Object):
    """Knows the configurations of this machine, and tells what changes.

    parent is the QObject that owns it. Signals come in the event loop of its thread:
    configurationAdded(config), configurationChanged(config), configurationRemoved(config),
    onlineStateChanged(isOnline), updateCompleted(). Raises what netsession.Manager()
    raises. Since 0.1.
    """

    def __init__(self, parent: Any = None, **named: Any) -> None:
        super().__init__(parent, **named)
        manager = Manager()
        manager.on_configuration_added = teller(self, _told_added)
        manager.on_configuration_changed = teller(self, _told_changed)
        manager.on_configuration_removed = teller(self, _told_removed)
        manager.on_online_state_changed = teller(self, _told_online)
        manager.on_update_completed = teller(self, _told_completed)
        begin(self, manager)

    @property
    def netsession(self) -> Manager:
        """The netsession.Manager behind it, for what Qt's classes never had. Since 0.1."""
        manager = live(self).manager
        assert manager is not None
        return manager

    def allConfigurations(self, flags: int = 0) -> list[QNetworkConfiguration]:
        """All configurations whose state has every bit of flags. Since 0.1."""
        # The least state with all of the flags, which Qt combines as it likes.
        state = next((each for each in FILTERS if int(flags) & ~int(each) == 0), None)
        found = [] if state is None else self.netsession.configurations(state)
        return [wrapped(each) for each in found]

    def configurationFromIdentifier(self, identifier: str | None) -> QNetworkConfiguration:
        """The configuration with that identifier; an invalid one if there is none.

        Since 0.1.
        """
        manager = self.netsession
        if identifier is None:
            return QNetworkConfiguration()
        return wrapped(manager.configuration_from_identifier(identifier))

    def defaultConfiguration(self) -> QNetworkConfiguration:
        """The one to use when nobody cares; an invalid one where there is none.

        Since 0.1.
        """
        return wrapped(self.netsession.default_configuration)

    def isOnline(self) -> bool:
        """Whether the kernel sends packets for the internet by something active; in a
        slot of onlineStateChanged what that told. Since 0.1.
        """
        online: bool = live(self).said.get("online", self.netsession.is_online)
        return online

    def capabilities(self) -> Enums.Capability:
        """What can be done now, here, by this user. Since 0.1."""
        return Enums.Capability(self.netsession.capabilities)

    def updateConfigurations(self) -> None:
        """Asks that the system look for networks; updateCompleted follows. Since 0.1."""
        self.netsession.update_configurations()


def _told_added(owner: Any, value: Configuration) -> None:
    tell(owner, "configurationAdded", wrapped(value))


def _told_changed(owner: Any, value: Configuration) -> None:
    tell(owner, "configurationChanged", wrapped(value))


def _told_removed(owner: Any, value: Configuration) -> None:
    tell(owner, "configurationRemoved", wrapped(value))


def _told_online(owner: Any, is_online: bool) -> None:
    tell(owner, "onlineStateChanged", is_online, online=is_online)


def _told_completed(owner: Any) -> None:
    tell(owner, "updateCompleted")


def review(_owner: Any) -> None:
    """Nobody need know who listens to a manager."""


SIGNALS: dict[str, tuple[type, ...]] = {
    "configurationAdded": (QNetworkConfiguration,),
    "configurationRemoved": (QNetworkConfiguration,),
    "configurationChanged": (QNetworkConfiguration,),
    "onlineStateChanged": (bool,),
    "updateCompleted": (),
}
OLD_SIGNATURES = (
    "configurationAdded(QNetworkConfiguration)",
    "configurationRemoved(QNetworkConfiguration)",
    "configurationChanged(QNetworkConfiguration)",
)
SLOTS = ("updateConfigurations",)
