from typing import Any

from ._configuration import QNetworkConfiguration as QNetworkConfiguration
from ._typed import ManagerOf, SessionOf, Signal

QObject: Any  # the binding's QObject

class QNetworkConfigurationManager(ManagerOf[Signal], QObject): ...  # type: ignore[misc]
class QNetworkSession(SessionOf[Signal, Any], QObject): ...  # type: ignore[misc]
