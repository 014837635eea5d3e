"""examples/python/monitor.py with the binding of the environment: presses its buttons
and reads its texts."""

from __future__ import annotations

import importlib.util
import os
import sys
from typing import Any

import pytest
from bench import LAPTOP, Bench
from shared import ROOT

BINDING = os.environ["NETSESSION_BINDING"]


class TestMonitor(Bench):
    binding = BINDING

    @pytest.fixture
    def example(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        """The module, imported with the only binding that is available."""
        for other in {"PySide6", "PyQt6"} - {self.binding}:
            monkeypatch.setitem(sys.modules, other, None)
        monkeypatch.setenv("QT_API", self.binding)
        path = ROOT / "examples/python/monitor.py"
        spec = importlib.util.spec_from_file_location("example", path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def test_networks(self, example: Any) -> None:
        self.play(LAPTOP + "on refresh\n remove wlan0\n")
        window = example.Monitor()
        window.show()
        internet = window.networks.topLevelItem(0)
        assert internet.text(0) == "Internet"
        assert [internet.child(i).text(2) for i in range(2)] == ["Active", "Discovered"]
        window.manager.updateConfigurations()
        self.until(lambda: window.networks.topLevelItem(0).childCount() == 1)
        window.networks.itemActivated.emit(window.networks.topLevelItem(0).child(0), 0)
        assert window.session.state.text().startswith("<b>Office cable</b> Connected")

    def test_roams(self, example: Any) -> None:
        self.play(
            LAPTOP.replace("state=active", "state=defined").replace(
                "strength", "state=active strength"
            )
            + "on refresh\n set eth0 state=active\n"
        )
        window = example.Monitor()
        window.show()
        session = window.session
        session.buttons["open"].click()
        self.until(lambda: "opened" in session.events.toPlainText())
        assert not session.buttons["open"].isEnabled()
        window.manager.updateConfigurations()
        self.until(lambda: "offered: Office cable" in session.events.toPlainText())
        session.buttons["migrate"].click()
        self.until(lambda: "activated" in session.events.toPlainText())
        assert "state: Roaming" in session.events.toPlainText()
        session.buttons["accept"].click()
        session.buttons["close"].click()
        self.until(lambda: "closed" in session.events.toPlainText())
