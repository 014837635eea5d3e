"""The command: reports the uses under paths, prints diffs, and rewrites files."""

from __future__ import annotations

import difflib
import io
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from netsession.port import text
from netsession.port.files import Kind, read, walk, write
from netsession.port.findings import Finding, Outcome, Unreadable
from netsession.port.names import ACCESS_MANAGER, AMBIGUOUS_OPTIONS, OPTIONS, REMOVED
from netsession.port.source import Source

DONE = 0
"""Exit status: every use works."""
LEFT = 1
"""Exit status: imports can be rewritten, or uses have to be changed by hand."""
FAILED = 3
"""Exit status: a file could not be read, parsed or written."""

MISSING = 'port needs libcst: python3 -m pip install "netsession[port]"'


class Missing(Exception):
    """libcst is not installed."""


@dataclass
class Ported:
    """The findings in one file, and its content before and after."""

    path: Path
    findings: list[Finding] = field(default_factory=list)
    before: bytes = b""
    after: bytes = b""


def mentions(data: bytes) -> bool:
    """Whether a file contains any of the names."""
    if any(name.encode() in data for name in (*REMOVED, *OPTIONS)):
        return True
    ambiguous = any(name.encode() in data for name in AMBIGUOUS_OPTIONS)
    return ambiguous and ACCESS_MANAGER.encode() in data


def port_python(path: Path, data: bytes) -> Ported:
    """Plans the rewriting of a Python file."""
    from netsession.port.imports import Porter

    porter = Porter(Source(data))
    porter.plan()
    return Ported(path, porter.findings, data, porter.result())


class Command:
    """One run over paths.

    rewrite: rewrites imports in place. show: prints the changes as a diff, and nothing
    else.
    """

    def __init__(self, rewrite: bool, show: bool, out: BinaryIO, err: BinaryIO) -> None:
        self.rewrite = rewrite
        self.show = show
        self.out = out
        self.err = err
        self.failures = 0
        self.totals = dict.fromkeys(Outcome, 0)
        self.touched = 0

    def run(self, paths: list[Path]) -> int:
        """Handles all files, and returns the exit status."""
        _need_libcst()
        builds = []
        cpp = False
        for path, kind in walk(paths, self.report_error):
            try:
                data = read(path)
                if kind is Kind.BUILD:
                    builds.append(Ported(path, text.in_build_file(_decoded(data))))
                elif mentions(data):
                    cpp |= kind is Kind.CPP
                    self._port_file(path, kind, data)
            except Unreadable as bad:
                self.report_error(path, str(bad))
        for build in builds:
            if cpp:
                self._report(build)
        self._print_summary()
        if self.failures:
            return FAILED
        waiting = self.totals[Outcome.REWRITTEN] and not self.rewrite
        return LEFT if waiting or self.totals[Outcome.BY_HAND] else DONE

    def report_error(self, path: Path, why: str) -> None:
        """Prints why a file or folder was left unchanged."""
        self.failures += 1
        self._print(self.err, f"{path}: left as it is: {why}\n")

    def _port_file(self, path: Path, kind: Kind, data: bytes) -> None:
        if kind is Kind.CPP:
            self._report(Ported(path, text.in_cpp(_decoded(data))))
            return
        try:
            ported = port_python(path, data)
        except Unreadable:
            self._report(Ported(path, text.in_other_python(_decoded(data))))
            raise
        if ported.after != ported.before and self.rewrite:
            write(path, ported.after)
        self._report(ported)

    def _report(self, ported: Ported) -> None:
        self.touched += bool(ported.findings)
        for finding in ported.findings:
            self.totals[finding.outcome] += 1
            if not self.show:
                place = f"{ported.path}:{finding.line}:{finding.column}"
                self._print(self.out, f"{place}: {finding.what}: {self._outcome(finding)}\n")
        if self.show and ported.after != ported.before:
            self.out.write(unified_diff(str(ported.path), ported.before, ported.after))

    def _outcome(self, finding: Finding) -> str:
        if finding.outcome is not Outcome.REWRITTEN:
            return finding.advice
        return f"{'rewritten' if self.rewrite else 'to be rewritten'}: {finding.advice}"

    def _print_summary(self) -> None:
        if self.show:
            return
        if not self.touched:
            self._print(self.out, "Nothing here uses the removed classes.\n")
            return
        rewritten = (
            "imports rewritten" if self.rewrite else "imports to be rewritten by --write"
        )
        files = "1 file" if self.touched == 1 else f"{self.touched} files"
        self._print(
            self.out,
            f"{files}: {self.totals[Outcome.REWRITTEN]} {rewritten}, "
            f"{self.totals[Outcome.STAYS]} uses stay as they are, "
            f"{self.totals[Outcome.BY_HAND]} need you.\n",
        )

    def _print(self, stream: BinaryIO, line: str) -> None:
        stream.write(line.encode("utf-8", "surrogateescape"))


def _need_libcst() -> None:
    try:
        import libcst  # noqa: F401
    except ImportError:
        raise Missing(MISSING) from None


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def unified_diff(name: str, before: bytes, after: bytes) -> bytes:
    """A unified diff for patch -p1 and git apply."""
    plain = name.lstrip("/").encode("utf-8", "surrogateescape")
    lines = difflib.diff_bytes(
        difflib.unified_diff,
        _lines(before),
        _lines(after),
        b"a/" + plain,
        b"b/" + plain,
    )
    ends = b"\n\\ No newline at end of file\n"
    return b"".join(line if line.endswith(b"\n") else line + ends for line in lines)


def _lines(data: bytes) -> list[bytes]:
    return io.BytesIO(data).readlines()


def port(
    paths: list[str],
    *,
    rewrite: bool = False,
    show: bool = False,
    out: BinaryIO | None = None,
    err: BinaryIO | None = None,
) -> int:
    """Runs the command `python3 -m netsession port`, and returns its exit status.

    paths, rewrite and show are the arguments and options of the command. out and err
    receive its output; the default is sys.stdout and sys.stderr. Raises Missing if libcst
    is not installed. Since 0.1.
    """
    out = out or sys.stdout.buffer
    err = err or sys.stderr.buffer
    try:
        return Command(rewrite, show, out, err).run([Path(path) for path in paths])
    finally:
        out.flush()
        err.flush()
