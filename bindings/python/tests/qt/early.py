"""early.py BINDING: a manager in the body of a class, at import, before the application."""

import importlib
import sys

import netsession.qt

qt = netsession.qt.binding(sys.argv[1])
core = importlib.import_module(f"{sys.argv[1]}.QtCore")


class Watch:
    manager = qt.QNetworkConfigurationManager()
    session = qt.QNetworkSession(manager.defaultConfiguration())
    session.open()
    waited = session.waitForOpened()  # nothing can be spun yet
    manager.onlineStateChanged.connect(lambda on: (print(on), core.QCoreApplication.quit()))


print(Watch.waited)
app = core.QCoreApplication([])
Watch.manager.updateConfigurations()
core.QTimer.singleShot(20000, lambda: app.exit(3))
status = (app.exec if hasattr(app, "exec") else app.exec_)()
print(Watch.session.state() != qt.QNetworkSession.Connected)
sys.exit(status)
