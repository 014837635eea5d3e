"""QNetworkConfigurationManager, but for what makes it a QObject of a binding."""

from __future__ import annotations

from typing import Any

from .. import Configuration, Manager
from ._configuration import QNetworkConfiguration, wrapped
from ._enums import Capability, scoped
from ._object import Object


@scoped("QNetworkConfigurationManager", Capability, Capabilities=Capability)
class ManagerMethods(Object):
    """Knows the configurations of this machine, and tells what changes.

    parent is the QObject that owns it. Signals come in the event loop of its thread:
    configurationAdded(config), configurationChanged(config), configurationRemoved(config),
    onlineStateChanged(isOnline), updateCompleted(). Raises what netsession.Manager()
    raises. Since 0.1.
    """

    def __init__(self, parent: Any = None, **named: Any) -> None:
        super().__init__(parent, **named)
        manager = Manager()
        manager.on_configuration_added = self._teller(self._told_added)
        manager.on_configuration_changed = self._teller(self._told_changed)
        manager.on_configuration_removed = self._teller(self._told_removed)
        manager.on_online_state_changed = self._teller(self._told_online)
        manager.on_update_completed = self._teller(self._told_completed)
        self._begin(manager)

    @property
    def netsession(self) -> Manager:
        """The netsession.Manager behind it, for what Qt's classes never had. Since 0.1."""
        manager: Manager = self._live()
        return manager

    def allConfigurations(self, flags: int = 0) -> list[QNetworkConfiguration]:
        """All configurations whose state has every bit of flags. Since 0.1."""
        return [wrapped(each) for each in self._live().configurations(int(flags))]

    def configurationFromIdentifier(self, identifier: str | None) -> QNetworkConfiguration:
        """The configuration with that identifier; an invalid one if there is none.

        Since 0.1.
        """
        manager = self._live()
        if identifier is None:
            return QNetworkConfiguration()
        return wrapped(manager.configuration_from_identifier(identifier))

    def defaultConfiguration(self) -> QNetworkConfiguration:
        """The one to use when nobody cares; an invalid one where there is none.

        Since 0.1.
        """
        return wrapped(self._live().default_configuration)

    def isOnline(self) -> bool:
        """Whether something active carries a default route; in a slot of
        onlineStateChanged what that told. Since 0.1.
        """
        live: Manager = self._live()
        online: bool = self._said.get("online", live.is_online)
        return online

    def capabilities(self) -> Capability:
        """What can be done now, here, by this user. Since 0.1."""
        return Capability(self._live().capabilities)

    def updateConfigurations(self) -> None:
        """Asks that the system look for networks; updateCompleted follows. Since 0.1."""
        self._live().update_configurations()

    def _told_added(self, value: Configuration) -> None:
        self._tell("configurationAdded", wrapped(value))

    def _told_changed(self, value: Configuration) -> None:
        self._tell("configurationChanged", wrapped(value))

    def _told_removed(self, value: Configuration) -> None:
        self._tell("configurationRemoved", wrapped(value))

    def _told_online(self, is_online: bool) -> None:
        self._tell("onlineStateChanged", is_online, online=is_online)

    def _told_completed(self) -> None:
        self._tell("updateCompleted")


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
