"""QNetworkConfiguration, which is the same for all bindings."""

from __future__ import annotations

from typing import Any

from .. import Configuration
from ._enums import QNetworkConfiguration as Enums

DEFAULT_TIMEOUT = 30000  # milliseconds


class QNetworkConfiguration(Enums):
    """A network that can be opened (an access point), or a group (a service network).

    Managers create configurations; a default-constructed configuration is invalid. It is a
    value class: copies refer to the same network and are equal, and every getter returns
    the current value.

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
        """The netsession.Configuration; None if default-constructed. Since 0.1."""
        return self._value

    def isValid(self) -> bool:
        """Whether it exists now. Since 0.1."""
        return self._value is not None and self._value.is_valid

    def identifier(self) -> str:
        """Such as "link:eth0", the same after a restart; empty if default-constructed.

        Since 0.1.
        """
        return "" if self._value is None else self._value.identifier

    def name(self) -> str:
        """The name to show to users. Since 0.1."""
        return "" if self._value is None else self._value.name

    def type(self) -> Enums.Type:
        """The type; Invalid if the configuration does not exist now. Since 0.1."""
        return Enums.Type.Invalid if self._value is None else Enums.Type(self._value.type)

    def state(self) -> Enums.StateFlag:
        """Whether it can be opened or is active: one of the four values. Since 0.1."""
        if self._value is None:
            return Enums.StateFlag.Undefined
        return Enums.StateFlag(self._value.state)

    def purpose(self) -> Enums.Purpose:
        """The purpose. Since 0.1."""
        return (
            Enums.Purpose.UnknownPurpose
            if self._value is None
            else Enums.Purpose(self._value.purpose)
        )

    def bearerType(self) -> Enums.BearerType:
        """The technology; BearerUnknown if not an access point. Since 0.1."""
        return Enums.BearerType(0 if self._value is None else self._value.bearer_type)

    def bearerTypeFamily(self) -> Enums.BearerType:
        """The technology, with cellular ones reduced to 2G, 3G and 4G. Since 0.1."""
        return Enums.BearerType(0 if self._value is None else self._value.bearer_type_family)

    def bearerTypeName(self) -> str:
        """The technology's name, such as "Ethernet"; empty if not an access point.

        Since 0.1.
        """
        return "" if self._value is None else self._value.bearer_type_name

    def bearerName(self) -> str:
        """The name of bearerTypeName in Qt 4. Since 0.1."""
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
        """How long an open may take, in milliseconds; 30000 by default. Since 0.1."""
        if self._value is None:
            return DEFAULT_TIMEOUT
        return round(self._value.connect_timeout * 1000)

    def setConnectTimeout(self, timeout: int) -> bool:
        """Sets the connect timeout for all users of the configuration in this process.

        timeout is in milliseconds; 0 restores the default. Returns False, without effect,
        on an invalid configuration and for a negative number. Since 0.1.
        """
        if self._value is None or not self._value.is_valid or timeout < 0:
            return False
        self._value.connect_timeout = timeout / 1000
        return True

    def swap(self, other: QNetworkConfiguration) -> None:
        """Exchanges the networks of two configurations. Since 0.1."""
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
