from PyQt5.QtCore import QObject, pyqtBoundSignal
from PyQt5.QtNetwork import QNetworkInterface

from ._configuration import QNetworkConfiguration as QNetworkConfiguration
from ._typed import ManagerOf, SessionOf

class QNetworkConfigurationManager(ManagerOf[pyqtBoundSignal], QObject): ...
class QNetworkSession(SessionOf[pyqtBoundSignal, QNetworkInterface], QObject): ...
