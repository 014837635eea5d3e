"""The type check of a user's program with the wheel's stubs and each binding."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from shared import ROOT

PROGRAM = """
from typing import assert_type

from {binding}.QtCore import QObject
from {binding}.QtNetwork import QNetworkInterface

from netsession.qt.{module} import (
    QNetworkConfiguration,
    QNetworkConfigurationManager,
    QNetworkSession,
)


class Watch(QObject):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.manager = QNetworkConfigurationManager(self)
        self.session = QNetworkSession(self.manager.defaultConfiguration(), parent=self)
        self.session.opened.connect(self.open)
        self.session.stateChanged.connect(self.on_state)
        self.session.error.connect(self.failed)
        self.manager.configurationAdded.disconnect()
        assert_type(self.session.error(), QNetworkSession.SessionError)
        assert_type(self.session.waitForOpened(msecs=5), bool)
        assert_type(self.session.isOpen(), bool)
        assert_type(self.manager.allConfigurations(QNetworkConfiguration.Active), list[QNetworkConfiguration])
        self.session.setParent(self)
        self.interface: QNetworkInterface = self.session.interface()

    def open(self) -> None:
        self.session.close()

    def on_state(self, state: QNetworkSession.State) -> bool:
        return state == QNetworkSession.Connected or state == QNetworkSession.State.Roaming

    def failed(self, error: QNetworkSession.SessionError) -> str:
        return self.session.errorString()
"""
MISTAKES = """
session.opne()
session.waitForOpened("soon")
QNetworkSession.Conected
session.stateChanged.emmit()
state: str = session.state()
"""


@pytest.mark.parametrize("module", ["PySide6", "PyQt6", "QtNetwork"])
def test_a_program_and_its_mistakes(module: str, tmp_path: Path) -> None:
    binding = "PySide6" if module == "QtNetwork" else module
    python = ROOT / "build" / "python" / f"pypi-{binding.lower()}" / "bin" / "python"
    if not python.exists():
        pytest.skip(f"{binding} was not fetched from PyPI")
    program = PROGRAM.format(binding=binding, module=module)
    (tmp_path / "program.py").write_text(program)
    start = f"from netsession.qt.{module} import QNetworkConfiguration, QNetworkSession\n"
    start += "session = QNetworkSession(QNetworkConfiguration())"
    (tmp_path / "mistakes.py").write_text(start + MISTAKES)
    output = _mypy(python, tmp_path, "program.py", "mistakes.py")
    lines = [line.split(":")[:2] for line in output.splitlines() if ": error:" in line]
    # Without a binding, an unknown name may be a member of the binding's QObject.
    numbers = (4, 6, 7) if module == "QtNetwork" else range(3, 8)
    assert lines == [["mistakes.py", str(number)] for number in numbers], output


def _mypy(python: Path, folder: Path, *files: str) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment["MYPYPATH"] = str(ROOT / "bindings" / "python" / "src")
    options = ["--strict", "--follow-imports=silent", "--cache-dir=/dev/null"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "--python-executable", python, *files],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=900,
    )  # fmt: skip
    return done.stdout + done.stderr
