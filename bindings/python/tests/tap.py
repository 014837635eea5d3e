"""A pytest plugin that prints the Test Anything Protocol instead of pytest's words."""

from __future__ import annotations

import pytest

_number = 0


def _line(result: str, name: str, detail: str = "") -> None:
    global _number
    _number += 1
    print(f"{result} {_number} - {name}{detail}", flush=True)


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus() -> tuple[str, str, str]:
    return "", "", ""  # no dots


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped:
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        _line("ok", report.nodeid, f" # SKIP {str(why).removeprefix('Skipped: ')}")
    elif report.failed:
        _line("not ok", report.nodeid)
        print(report.longreprtext)
        for title, text in report.sections:
            print(f"--- {title}\n{text}")
    elif report.when == "call":
        _line("ok", report.nodeid)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.failed:
        _line("not ok", report.nodeid or "collection")
        print(report.longreprtext)
