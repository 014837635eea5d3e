"""QNetworkConfiguration, which is the same for all bindings."""

from __future__ import annotations

from typing import Any

from .. import Configuration
from ._enums import QNetworkConfiguration as Enums

DEFAULT_TIMEOUT = 30000  # milliseconds


class QNetworkConfiguration(Enums):
    """One way onto a network (an access point), or a group (a service network).

    Made by a manager; one made without an argument is invalid. It is a value: copies
    stand for the same network, are equal, and tell what is true at the call.

    other is a configuration to copy, or a netsession.Configuration. Since 0.1.
    """

    def __init__(self, other: QNetworkConfiguration | Configuration | None = None) -> None:
        if isinstance(other, QNetworkConfiguration):
            other = other._value
        elif other is not None and not isinstance(other, Configuration):
            raise TypeError(
                "QNetworkConfiguration(other): other is to be a QNetworkConfiguration of "
                f"netsession.qt, not {type(other).__module__}.{type(other).__name__}"
            )
        self._value: Configuration | None = other

    @property
    def netsession(self) -> Configuration | None:
        """The netsession.Configuration behind it; None if there never was one. Since 0.1."""
        return self._value

    def isValid(self) -> bool:
        """Whether it exists now. Since 0.1."""
        return self._value is not None and self._value.is_valid

    def identifier(self) -> str:
        """Such as "link:eth0", the same after a restart; empty if it never existed.

        Since 0.1.
        """
        return "" if self._value is None else self._value.identifier

    def name(self) -> str:
        """The name for people. Since 0.1."""
        return "" if self._value is None else self._value.name

    def type(self) -> Enums.Type:
        """What it is; Invalid if it is not valid. Since 0.1."""
        return Enums.Type.Invalid if self._value is None else Enums.Type(self._value.type)

    def state(self) -> Enums.StateFlag:
        """How far it is usable: exactly one of the four values. Since 0.1."""
        if self._value is None:
            return Enums.StateFlag.Undefined
        return Enums.StateFlag(self._value.state)

    def purpose(self) -> Enums.Purpose:
        """What it is for. Since 0.1."""
        return (
            Enums.Purpose.UnknownPurpose
            if self._value is None
            else Enums.Purpose(self._value.purpose)
        )

    def bearerType(self) -> Enums.BearerType:
        """The technology under it; BearerUnknown if not an access point. Since 0.1."""
        return Enums.BearerType(0 if self._value is None else self._value.bearer_type)

    def bearerTypeFamily(self) -> Enums.BearerType:
        """The same, with the cellular ones folded into 2G, 3G and 4G. Since 0.1."""
        return Enums.BearerType(0 if self._value is None else self._value.bearer_type_family)

    def bearerTypeName(self) -> str:
        """The technology's name, such as "Ethernet"; empty if not an access point.

        Since 0.1.
        """
        return "" if self._value is None else self._value.bearer_type_name

    def bearerName(self) -> str:
        """What Qt 4 also called bearerTypeName. Since 0.1."""
        return self.bearerTypeName()

    def isRoamingAvailable(self) -> bool:
        """Whether it is a service network with a choice of access points. Since 0.1."""
        return self._value is not None and self._value.is_roaming_available

    def children(self) -> list[QNetworkConfiguration]:
        """The access points of a service network; empty for any other. Since 0.1."""
        if self._value is None:
            return []
        return [QNetworkConfiguration(child) for child in self._value.children]

    def connectTimeout(self) -> int:
        """How long an attempt to open may take, in milliseconds. Since 0.1."""
        if self._value is None:
            return DEFAULT_TIMEOUT
        return round(self._value.connect_timeout * 1000)

    def setConnectTimeout(self, timeout: int) -> bool:
        """Sets that, for every user of the configuration in this process.

        timeout is in milliseconds, and 0 restores the default. Returns whether it
        was set: not on an invalid configuration, and not to what is negative.
        Since 0.1.
        """
        if self._value is None or not self._value.is_valid or timeout < 0:
            return False
        self._value.connect_timeout = timeout / 1000
        return True

    def swap(self, other: QNetworkConfiguration) -> None:
        """Exchanges what two of them stand for. Since 0.1."""
        self._value, other._value = other._value, self._value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, QNetworkConfiguration):
            return NotImplemented
        if self._value is None or other._value is None:
            return self.identifier() == other.identifier()
        return self._value == other._value

    def __hash__(self) -> int:
        return hash(self.identifier())

    def __copy__(self) -> QNetworkConfiguration:
        return QNetworkConfiguration(self)

    def __deepcopy__(self, _memo: dict[int, Any]) -> QNetworkConfiguration:
        return QNetworkConfiguration(self)

    def __repr__(self) -> str:
        return f"<QNetworkConfiguration {self.identifier() or 'invalid'}>"


def wrapped(value: Configuration) -> QNetworkConfiguration:
    """A configuration as the classes of Qt hand it out."""
    return QNetworkConfiguration(value)
