#!/usr/bin/env python3
"""monitor - the networks of this machine and a session on one of them, in a window.

For PySide6 and PyQt6, with the classes of Qt 5. examples/qt/monitor is a larger
version in C++.
"""

from __future__ import annotations

import sys

try:
    from PySide6 import QtCore, QtWidgets
except ImportError:
    from PyQt6 import QtCore, QtWidgets

from netsession.qt.QtNetwork import QNetworkConfigurationManager, QNetworkSession

CONFIGURATION = QtCore.Qt.ItemDataRole.UserRole
CALLS = ("open", "close", "stop", "migrate", "ignore", "accept", "reject")


class Networks(QtWidgets.QTreeWidget):
    """All networks, kept up to date: service networks with their access points, and others."""

    def __init__(self, manager):
        super().__init__()
        self.manager = manager
        self.setHeaderLabels(["Network", "Bearer", "State"])
        manager.configurationAdded.connect(lambda _: self.fill())
        manager.configurationChanged.connect(lambda _: self.fill())
        manager.configurationRemoved.connect(lambda _: self.fill())
        self.fill()

    def fill(self):
        self.clear()
        every = self.manager.allConfigurations()
        children = {child.identifier() for each in every for child in each.children()}
        for configuration in every:
            if configuration.identifier() not in children:
                self.add(self.invisibleRootItem(), configuration)
        self.expandAll()
        for column in range(3):
            self.resizeColumnToContents(column)

    def add(self, parent, configuration):
        state = configuration.state().name
        texts = [configuration.name(), configuration.bearerTypeName(), state]
        item = QtWidgets.QTreeWidgetItem(parent, texts)
        item.setData(0, CONFIGURATION, configuration.identifier())
        for child in configuration.children():
            self.add(item, child)


class Session(QtWidgets.QWidget):
    """A session: its state, a button for each call, and its signals."""

    def __init__(self, configuration):
        super().__init__()
        self.session = QNetworkSession(configuration, self)
        self.state = QtWidgets.QLabel()
        self.events = QtWidgets.QPlainTextEdit(readOnly=True)
        self.buttons = {}
        row = QtWidgets.QHBoxLayout()
        for call in CALLS:
            self.buttons[call] = QtWidgets.QPushButton(call.capitalize())
            self.buttons[call].clicked.connect(getattr(self.session, call))
            row.addWidget(self.buttons[call])
        layout = QtWidgets.QVBoxLayout(self)
        layout.addWidget(self.state)
        layout.addLayout(row)
        layout.addWidget(self.events)
        self.listen()
        self.refresh()

    def listen(self):
        session = self.session
        session.opened.connect(lambda: self.log("opened"))
        session.closed.connect(lambda: self.log("closed"))
        session.stateChanged.connect(lambda state: self.log(f"state: {state.name}"))
        session.error.connect(lambda _: self.log(f"error: {session.errorString()}"))
        session.newConfigurationActivated.connect(self.activated)
        # With this connection the session asks before it roams.
        session.preferredConfigurationChanged.connect(
            lambda better, _: self.log(f"offered: {better.name()}: migrate or ignore")
        )

    def activated(self):
        self.log("activated: accept or reject")

    def log(self, text):
        self.events.appendPlainText(text)
        self.refresh()

    def refresh(self):
        session, name = self.session, self.session.configuration().name()
        by = session.interface().name() or session.sessionProperty("ActiveConfiguration")
        opened = "open" if session.isOpen() else "not open"
        self.state.setText(f"<b>{name}</b> {session.state().name}, {opened} {by}")
        self.buttons["open"].setEnabled(not session.isOpen())
        self.buttons["close"].setEnabled(session.isOpen())


class Monitor(QtWidgets.QSplitter):
    """The window: networks on the left, the session on the chosen one on the right."""

    def __init__(self):
        super().__init__()
        self.setWindowTitle("Network sessions")
        self.resize(900, 400)
        self.manager = QNetworkConfigurationManager(self)
        self.networks = Networks(self.manager)
        self.addWidget(self.networks)
        self.choose("netsession:internet")
        self.networks.itemActivated.connect(
            lambda item: self.choose(item.data(0, CONFIGURATION))
        )

    def choose(self, identifier):
        self.session = Session(self.manager.configurationFromIdentifier(identifier))
        if self.count() > 1:
            self.replaceWidget(1, self.session).deleteLater()
        else:
            self.addWidget(self.session)


if __name__ == "__main__":
    application = QtWidgets.QApplication(sys.argv)
    window = Monitor()
    window.show()
    sys.exit(application.exec())
