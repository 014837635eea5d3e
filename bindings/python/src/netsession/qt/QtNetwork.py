"""The three classes for the binding that the program uses; see netsession.qt."""

from . import binding as _binding

_classes = _binding()

QNetworkConfiguration = _classes.QNetworkConfiguration
QNetworkConfigurationManager = _classes.QNetworkConfigurationManager
QNetworkSession = _classes.QNetworkSession

__all__ = ["QNetworkConfiguration", "QNetworkConfigurationManager", "QNetworkSession"]
