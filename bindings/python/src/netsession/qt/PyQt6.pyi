from PyQt6.QtCore import QObject, pyqtBoundSignal
from PyQt6.QtNetwork import QNetworkInterface

from ._configuration import QNetworkConfiguration as QNetworkConfiguration
from ._typed import ManagerOf, SessionOf

class QNetworkConfigurationManager(ManagerOf[pyqtBoundSignal], QObject): ...
class QNetworkSession(SessionOf[pyqtBoundSignal, QNetworkInterface], QObject): ...
