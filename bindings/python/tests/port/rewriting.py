"""Helpers that the tests of netsession.port share."""

from pathlib import Path

from netsession.port.command import port_python
from netsession.port.findings import Finding


def rewritten(text: str) -> str:
    """A program's text after --write."""
    return rewritten_bytes(text.encode()).decode()


def rewritten_bytes(data: bytes) -> bytes:
    return port_python(Path("program.py"), data).after


def findings(text: str) -> list[Finding]:
    return port_python(Path("program.py"), text.encode()).findings
