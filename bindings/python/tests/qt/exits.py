"""exits.py BINDING COUNT: exits COUNT interpreters while signals are pending.

Each is a fork of this process that exits normally, so that Qt and Python start
only once. Prints the failures, and exits with 1 if there are any.
"""

import importlib
import os
import sys

import netsession.qt

alive: list[object] = []  # until the interpreter clears its modules


def fill(binding: str, number: int) -> list[object]:
    """Creates an application, managers and sessions, and runs the event loop briefly."""
    core = importlib.import_module(f"{binding}.QtCore")
    qt = netsession.qt.binding(binding)
    app = core.QCoreApplication([])
    kept: list[object] = [app]
    for index in range(3):
        manager = qt.QNetworkConfigurationManager(app if index == 1 else None)
        manager.configurationChanged.connect(lambda config: config.state())
        session = qt.QNetworkSession(manager.configurationFromIdentifier("wlan0"), manager)
        session.stateChanged.connect(kept.append)
        session.open()
        kept += [manager, session]
    core.QTimer.singleShot(number % 7, app.quit)
    (app.exec if hasattr(app, "exec") else app.exec_)()
    return kept


def main(binding: str, count: int) -> int:
    importlib.import_module(f"{binding}.QtCore")
    importlib.import_module(f"{binding}.QtNetwork")
    bad = 0
    for number in range(count):
        child = os.fork()
        if child == 0:
            alive.append(fill(binding, number))
            return 0
        _, status = os.waitpid(child, 0)
        if status != 0:
            bad += 1
            print(f"exit {number} ended with status {status}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
