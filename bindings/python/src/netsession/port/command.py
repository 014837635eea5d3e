"""Reports the uses under paths, shows what would be rewritten, and rewrites it."""

from __future__ import annotations

import difflib
import io
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from netsession.port import text
from netsession.port.files import Kind, read, walk, write
from netsession.port.findings import Becomes, Finding, Unreadable
from netsession.port.names import ACCESS_MANAGER, COMMON, OPTIONS, REMOVED
from netsession.port.source import Source

DONE = 0
"""Exit status: no use is left that anything has to be done about."""
LEFT = 1
"""Exit status: imports can be rewritten, or something is left to be done by hand."""
FAILED = 3
"""Exit status: something could not be read, understood or written."""

MISSING = 'port needs libcst: python3 -m pip install "netsession[port]"'


class Missing(Exception):
    """libcst is not installed."""


@dataclass
class Ported:
    """What was found in one file, and its bytes before and after."""

    path: Path
    findings: list[Finding] = field(default_factory=list)
    before: bytes = b""
    after: bytes = b""


def mentions(data: bytes) -> bool:
    """Whether anything of interest is named in a file at all."""
    if any(name.encode() in data for name in (*REMOVED, *OPTIONS)):
        return True
    return ACCESS_MANAGER.encode() in data and any(name.encode() in data for name in COMMON)


def port_python(path: Path, data: bytes) -> Ported:
    """Plans what becomes of a Python file."""
    from netsession.port.imports import Porter

    porter = Porter(Source(data))
    porter.plan()
    return Ported(path, porter.findings, data, porter.result())


class Command:
    """One run over paths.

    rewrite: imports are rewritten in place. show: what that changes, or would
    change, is printed as a diff, and nothing else is.
    """

    def __init__(self, rewrite: bool, show: bool, out: BinaryIO, err: BinaryIO) -> None:
        self.rewrite = rewrite
        self.show = show
        self.out = out
        self.err = err
        self.failures = 0
        self.totals = dict.fromkeys(Becomes, 0)
        self.touched = 0

    def run(self, paths: list[Path]) -> int:
        """Goes through all files, and returns the exit status."""
        _need_libcst()
        builds = []
        cpp = False
        for path, kind in walk(paths, self.complain):
            try:
                data = read(path)
                if kind is Kind.BUILD:
                    builds.append(Ported(path, text.in_build_file(_decoded(data))))
                elif mentions(data):
                    cpp |= kind is Kind.CPP
                    self._take(path, kind, data)
            except Unreadable as bad:
                self.complain(path, str(bad))
        for build in builds:
            if cpp:
                self._report(build)
        self._sum_up()
        if self.failures:
            return FAILED
        waiting = self.totals[Becomes.REWRITTEN] and not self.rewrite
        return LEFT if waiting or self.totals[Becomes.BY_HAND] else DONE

    def complain(self, path: Path, why: str) -> None:
        """Says that a file or folder was left as it is."""
        self.failures += 1
        self._print(self.err, f"{path}: left as it is: {why}\n")

    def _take(self, path: Path, kind: Kind, data: bytes) -> None:
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
            self.totals[finding.becomes] += 1
            if not self.show:
                place = f"{ported.path}:{finding.line}:{finding.column}"
                self._print(self.out, f"{place}: {finding.what}: {self._fate(finding)}\n")
        if self.show and ported.after != ported.before:
            self.out.write(difference(str(ported.path), ported.before, ported.after))

    def _fate(self, finding: Finding) -> str:
        if finding.becomes is not Becomes.REWRITTEN:
            return finding.advice
        return f"{'rewritten' if self.rewrite else 'to be rewritten'}: {finding.advice}"

    def _sum_up(self) -> None:
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
            f"{files}: {self.totals[Becomes.REWRITTEN]} {rewritten}, "
            f"{self.totals[Becomes.STAYS]} uses stay as they are, "
            f"{self.totals[Becomes.BY_HAND]} need you.\n",
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


def difference(name: str, before: bytes, after: bytes) -> bytes:
    """A unified diff that patch -p1 and git apply understand."""
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
    """Does what `python3 -m netsession port` does, and returns its exit status.

    Raises Missing where libcst is not installed. Since 0.1.
    """
    out = out or sys.stdout.buffer
    err = err or sys.stderr.buffer
    try:
        return Command(rewrite, show, out, err).run([Path(path) for path in paths])
    finally:
        out.flush()
        err.flush()
