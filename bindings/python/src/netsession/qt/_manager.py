"""The methods of QNetworkConfigurationManager; _classes makes the class of a binding."""

from __future__ import annotations

from typing import Any

from .. import Configuration, ConfigurationState, Manager
from ._configuration import QNetworkConfiguration
from ._enums import QNetworkConfigurationManager as Enums
from ._object import Object, attach, emit, private_of, weak_handler

FILTERS = (
    ConfigurationState.ANY,
    ConfigurationState.UNDEFINED,
    ConfigurationState.DEFINED,
    ConfigurationState.DISCOVERED,
    ConfigurationState.ACTIVE,
)


class ManagerMethods(Enums, Object):
    """Lists the configurations of this machine, and emits signals for their changes.

    parent is the QObject that owns it. The event loop of its thread emits the signals:
    configurationAdded(config), configurationChanged(config), configurationRemoved(config),
    onlineStateChanged(isOnline), updateCompleted(). Raises what netsession.Manager()
    raises. Since 0.1.
    """

    def __init__(self, parent: Any = None, **named: Any) -> None:
        super().__init__(parent, **named)
        manager = Manager()
        manager.on_configuration_added = weak_handler(self, _on_added)
        manager.on_configuration_changed = weak_handler(self, _on_changed)
        manager.on_configuration_removed = weak_handler(self, _on_removed)
        manager.on_online_state_changed = weak_handler(self, _on_online)
        manager.on_update_completed = weak_handler(self, _on_completed)
        attach(self, manager)

    @property
    def netsession(self) -> Manager:
        """The netsession.Manager, for functions that Qt's classes lack. Since 0.1."""
        manager = private_of(self).manager
        assert manager is not None
        return manager

    def allConfigurations(self, flags: int = 0) -> list[QNetworkConfiguration]:
        """All configurations whose state has every bit of flags. Since 0.1."""
        # The smallest state that has all of the flags, because Qt accepts any combination.
        state = next((each for each in FILTERS if int(flags) & ~int(each) == 0), None)
        found = [] if state is None else self.netsession.configurations(state)
        return [QNetworkConfiguration(each) for each in found]

    def configurationFromIdentifier(self, identifier: str | None) -> QNetworkConfiguration:
        """The configuration with that identifier; an invalid one if there is none.

        Since 0.1.
        """
        manager = self.netsession
        if identifier is None:
            return QNetworkConfiguration()
        return QNetworkConfiguration(manager.configuration_from_identifier(identifier))

    def defaultConfiguration(self) -> QNetworkConfiguration:
        """The configuration to use by default; an invalid one if there is none.

        Since 0.1.
        """
        return QNetworkConfiguration(self.netsession.default_configuration)

    def isOnline(self) -> bool:
        """Whether the kernel has a route to the internet by an active configuration. In a
        slot of onlineStateChanged, the value that the signal reports. Since 0.1.
        """
        online: bool = private_of(self).signal_frame.get("online", self.netsession.is_online)
        return online

    def capabilities(self) -> Enums.Capability:
        """What this process may do on this machine now. Since 0.1."""
        return Enums.Capability(self.netsession.capabilities)

    def updateConfigurations(self) -> None:
        """Asks the system to scan for networks; updateCompleted follows. Since 0.1."""
        self.netsession.update_configurations()


def _on_added(owner: Any, value: Configuration) -> None:
    emit(owner, "configurationAdded", QNetworkConfiguration(value))


def _on_changed(owner: Any, value: Configuration) -> None:
    emit(owner, "configurationChanged", QNetworkConfiguration(value))


def _on_removed(owner: Any, value: Configuration) -> None:
    emit(owner, "configurationRemoved", QNetworkConfiguration(value))


def _on_online(owner: Any, is_online: bool) -> None:
    emit(owner, "onlineStateChanged", is_online, online=is_online)


def _on_completed(owner: Any) -> None:
    emit(owner, "updateCompleted")


def update_roaming(_owner: Any) -> None:
    """Does nothing: the connections to a manager do not decide about roaming."""


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
