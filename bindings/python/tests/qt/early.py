"""early.py BINDING: a manager in the body of a class, at import, before the application."""

import importlib
import sys

import netsession.qt

qt = netsession.qt.binding(sys.argv[1])
core = importlib.import_module(f"{sys.argv[1]}.QtCore")


told: list[str] = []


def tell(what: str) -> None:
    told.append(what)
    if len(told) == 2:
        core.QCoreApplication.quit()


class Watch:
    manager = qt.QNetworkConfigurationManager()
    session = qt.QNetworkSession(manager.defaultConfiguration())
    session.open()
    waited = session.waitForOpened()  # nothing can be spun yet
    manager.onlineStateChanged.connect(lambda on: tell(f"online {on}"))
    session.closed.connect(lambda: tell("closed"))


print(Watch.waited)
app = core.QCoreApplication([])
Watch.manager.updateConfigurations()
core.QTimer.singleShot(20000, lambda: app.exit(3))
status = (app.exec if hasattr(app, "exec") else app.exec_)()
print(*sorted(told))
sys.exit(status)
