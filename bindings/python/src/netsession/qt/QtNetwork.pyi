from typing import Any

from ._configuration import QNetworkConfiguration as QNetworkConfiguration
from ._typed import ManagerOf, SessionOf, Signal

QObject: Any  # that of the binding

class QNetworkConfigurationManager(ManagerOf[Signal], QObject): ...  # type: ignore[misc]
class QNetworkSession(SessionOf[Signal, Any], QObject): ...  # type: ignore[misc]
