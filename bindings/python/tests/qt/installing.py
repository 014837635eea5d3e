"""The selection of a binding, and the classes in a binding's own QtNetwork."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from bench import Bench

MISSING = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {missing!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
"""
BINDINGS = {"PySide6", "PyQt6", "PyQt5", "PySide2"}


class Installing(Bench):
    def python(self, program: str, hidden: set[str] | None = None, **environment: str) -> str:
        """Runs a program in a new Python process in which some bindings are missing."""
        plain = {k: v for k, v in os.environ.items() if k != "QT_API"}
        missing = MISSING.format(
            missing=BINDINGS - {self.binding} if hidden is None else hidden
        )
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", missing + program],
            env={**plain, **environment},
            capture_output=True,
            text=True,
            timeout=300,
        )
        return done.stdout.strip() or done.stderr.strip().splitlines()[-1]

    def test_the_first_installed_binding(self) -> None:
        program = (
            "from netsession.qt.QtNetwork import QNetworkSession as S; print(S.__module__)"
        )
        assert self.python(program) == f"netsession.qt.{self.binding}"

    def test_the_binding_that_is_already_imported(self) -> None:
        """Also if the environment names another binding."""
        program = (
            f"import {self.binding}.QtCore\n"
            "from netsession.qt import QtNetwork as N; print(N.QNetworkSession.__module__)"
        )
        for asked in ("", self.binding.upper(), "pyside6", "nonsense"):
            assert self.python(program, QT_API=asked) == f"netsession.qt.{self.binding}"

    def test_the_binding_that_the_environment_names(self) -> None:
        program = "import netsession.qt; print(netsession.qt.binding().__name__)"
        named = self.python(program, QT_API=self.binding.lower())
        assert named == f"netsession.qt.{self.binding}"

    @pytest.mark.parametrize(
        "asked, why",
        [
            ("nonsense", "QT_API was asked for 'nonsense', but it works with PySide6, PyQt6,"),
            ("pyqt4", "QT_API was asked for 'pyqt4', but it works with PySide6, PyQt6,"),
        ],
    )
    def test_an_unknown_binding(self, asked: str, why: str) -> None:
        assert why in self.python("import netsession.qt.QtNetwork", QT_API=asked)

    def test_a_missing_binding(self) -> None:
        other = "PySide2" if self.binding != "PySide2" else "PyQt5"
        why = self.python("import netsession.qt.QtNetwork", QT_API=other.lower())
        assert why.startswith(f"ImportError: QT_API was asked for {other}, which cannot be")
        why = self.python(f"import netsession.qt; netsession.qt.install({other!r})")
        assert why.startswith(f"ImportError: netsession.qt was asked for {other}, which")

    def test_no_binding_is_installed(self) -> None:
        why = self.python("import netsession.qt.QtNetwork", hidden=BINDINGS)
        assert why.startswith("ImportError: no binding to Qt is installed; netsession.qt works")

    def test_install_into_the_bindings_own_module(self) -> None:
        program = (
            "import netsession.qt\n"
            "network = netsession.qt.install()\n"
            "assert netsession.qt.install() is network\n"
            f"from {self.binding}.QtNetwork import QNetworkSession, QNetworkConfiguration\n"
            f"from {self.binding}.QtNetwork import *\n"
            f"from {self.binding} import QtNetwork\n"
            "assert QtNetwork is network\n"
            "assert QtNetwork.QNetworkConfigurationManager is QNetworkConfigurationManager\n"
            "print(QNetworkSession(QNetworkConfiguration()).state(), QTcpSocket.__name__,\n"
            "      QNetworkSession.__module__)"
        )
        output = self.python(program)
        assert output.split() == ["0", "QTcpSocket", f"netsession.qt.{self.binding}"]
