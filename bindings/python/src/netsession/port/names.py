"""The classes, the bindings, and where the classes come from now."""

REMOVED = ("QNetworkConfiguration", "QNetworkConfigurationManager", "QNetworkSession")
"""The classes that Qt 6 took out of QtNetwork."""

BINDINGS = ("PySide6", "PyQt6", "PyQt5", "PySide2")
"""The bindings that netsession.qt works with."""

ANCIENT = ("PyQt4", "PySide")
"""Bindings to Qt 4, which netsession.qt does not work with."""

WRAPPERS = ("qtpy", "Qt", "AnyQt")
"""Packages that stand for whichever binding there is."""

OPTIONS = {
    "NetworkAccessibility",
    "setNetworkAccessible",
    "networkAccessible",
    "networkAccessibleChanged",
    "activeConfiguration",
}
"""What QNetworkAccessManager had to do with the classes."""

COMMON = {"setConfiguration"}
"""Likewise, where it is one of that class: the name is used for other things, too."""

PERHAPS = "has not come back to QNetworkAccessManager, if it is one's: open a session"
"""What to say of those."""

ACCESS_MANAGER = "QNetworkAccessManager"

KNOWN = (*BINDINGS, *ANCIENT, *WRAPPERS)


def replacement(package: str) -> str:
    """The module that has the removed classes for a binding or a wrapper."""
    return f"netsession.qt.{package}" if package in BINDINGS else "netsession.qt.QtNetwork"


def package_of(module: str) -> str:
    """The binding or wrapper whose QtNetwork a dotted module name is; "" for any other."""
    package, _, rest = module.partition(".")
    return package if rest == "QtNetwork" and package in KNOWN else ""
