"""early.py BINDING: a manager in a class body, created at import before the application."""

import importlib
import sys

import netsession.qt

qt = netsession.qt.binding(sys.argv[1])
core = importlib.import_module(f"{sys.argv[1]}.QtCore")


received: list[str] = []


def record(what: str) -> None:
    received.append(what)
    if len(received) == 2:
        core.QCoreApplication.quit()


class Watch:
    manager = qt.QNetworkConfigurationManager()
    session = qt.QNetworkSession(manager.defaultConfiguration())
    session.open()
    waited = session.waitForOpened()  # no event loop can run yet
    manager.onlineStateChanged.connect(lambda on: record(f"online {on}"))
    session.closed.connect(lambda: record("closed"))


print(Watch.waited)
app = core.QCoreApplication([])
Watch.manager.updateConfigurations()
core.QTimer.singleShot(20000, lambda: app.exit(3))
status = (app.exec if hasattr(app, "exec") else app.exec_)()
print(*sorted(received))
sys.exit(status)
