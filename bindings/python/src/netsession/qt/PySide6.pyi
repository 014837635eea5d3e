from PySide6.QtCore import QObject, SignalInstance
from PySide6.QtNetwork import QNetworkInterface

from ._configuration import QNetworkConfiguration as QNetworkConfiguration
from ._typed import ManagerOf, SessionOf

class QNetworkConfigurationManager(ManagerOf[SignalInstance], QObject): ...
class QNetworkSession(SessionOf[SignalInstance, QNetworkInterface], QObject): ...
