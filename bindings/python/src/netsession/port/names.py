"""The removed classes, the bindings, and the modules that have the classes now."""

REMOVED = ("QNetworkConfiguration", "QNetworkConfigurationManager", "QNetworkSession")
"""The classes that Qt 6 removed from QtNetwork."""

BINDINGS = ("PySide6", "PyQt6", "PyQt5", "PySide2")
"""The bindings that netsession.qt supports."""

UNSUPPORTED = ("PyQt4", "PySide")
"""Bindings to Qt 4, which netsession.qt does not support."""

WRAPPERS = ("qtpy", "Qt", "AnyQt")
"""Packages that import one of the installed bindings."""

OPTIONS = {
    "NetworkAccessibility",
    "setNetworkAccessible",
    "networkAccessible",
    "networkAccessibleChanged",
    "activeConfiguration",
}
"""The removed members of QNetworkAccessManager that belong to the classes."""

AMBIGUOUS_OPTIONS = {"setConfiguration"}
"""Likewise, but other classes have members of this name, too."""

AMBIGUOUS_ADVICE = "has not come back to QNetworkAccessManager, if it is one's: open a session"
"""The advice for AMBIGUOUS_OPTIONS."""

ACCESS_MANAGER = "QNetworkAccessManager"

KNOWN = (*BINDINGS, *UNSUPPORTED, *WRAPPERS)


def replacement(package: str) -> str:
    """The module that has the removed classes for a binding or a wrapper."""
    return f"netsession.qt.{package}" if package in BINDINGS else "netsession.qt.QtNetwork"


def package_of(module: str) -> str:
    """The binding or wrapper that a dotted module name is the QtNetwork of; "" for others."""
    package, _, rest = module.partition(".")
    return package if rest == "QtNetwork" and package in KNOWN else ""
