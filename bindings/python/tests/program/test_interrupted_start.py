"""Ctrl-C while the program still imports its own modules."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from shared import WAIT

# Python runs it before the program: it interrupts the import of a module.
INTERRUPTION = """
import os, signal, sys

class Interruption:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == os.environ["INTERRUPTED"]:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interruption)
"""
SCRIPT = "import sys; from netsession.__main__ import main; sys.exit(main())\n"


@pytest.mark.parametrize(
    "module", ["netsession._native", "netsession.stream", "netsession.cli"]
)
@pytest.mark.parametrize("installed", [False, True])
def test_no_traceback(tmp_path: Path, module: str, installed: bool) -> None:
    (tmp_path / "sitecustomize.py").write_text(INTERRUPTION)
    (tmp_path / "netsession").write_text(SCRIPT)  # what pip makes of [project.scripts]
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [
            sys.executable,
            *([str(tmp_path / "netsession")] if installed else ["-m", "netsession"]),
        ],
        env={**os.environ, "PYTHONPATH": path, "INTERRUPTED": module},
        capture_output=True,
        text=True,
        timeout=WAIT,
    )
    assert (done.stdout, done.stderr) == ("", "")
    assert done.returncode in (130, -signal.SIGINT)
