"""Types and style of the package and its tests."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from shared import ROOT

PLACES = ["--no-cache", "--config=pyproject.toml", ".", "../../examples/python"]
CHECKS = {
    "strict types": ["mypy", "--cache-dir=/dev/null"],
    "style": ["ruff", "check", *PLACES],
    "format": ["ruff", "format", "--check", *PLACES],
}


@pytest.mark.parametrize("name", CHECKS)
def test_sources(name: str) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, "-m", *CHECKS[name]],
        cwd=ROOT / "bindings" / "python",
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
