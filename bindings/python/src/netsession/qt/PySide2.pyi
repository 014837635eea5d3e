from PySide2.QtCore import QObject, SignalInstance
from PySide2.QtNetwork import QNetworkInterface

from ._configuration import QNetworkConfiguration as QNetworkConfiguration
from ._typed import ManagerOf, SessionOf

class QNetworkConfigurationManager(ManagerOf[SignalInstance], QObject): ...
class QNetworkSession(SessionOf[SignalInstance, QNetworkInterface], QObject): ...
