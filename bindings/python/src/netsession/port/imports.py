"""What becomes of the import statements, and of the uses behind them."""

from __future__ import annotations

import re

import libcst as cst

from netsession.port.findings import Becomes, Edit, Finding, Unreadable
from netsession.port.names import ANCIENT, PERHAPS, REMOVED, WRAPPERS, replacement
from netsession.port.removal import Item, removals
from netsession.port.source import Source
from netsession.port.uses import FromImport, ModuleImport, Program, Use, dotted, find, imported

ADVICE = {
    "name": (Becomes.STAYS, "stays as it is"),
    "star": (Becomes.STAYS, "stays as it is"),
    "attribute": (Becomes.STAYS, "stays as it is"),
    "signal": (
        Becomes.BY_HAND,
        "works with PySide; with PyQt connect the signal itself: session.opened.connect(f)",
    ),
    "unknown": (
        Becomes.BY_HAND,
        "is an attribute of something that cannot be followed here: see where it comes from",
    ),
    "string": (Becomes.BY_HAND, "is only a text here: see what it is for"),
    "option": (
        Becomes.BY_HAND,
        "has not come back to QNetworkAccessManager: ask a manager or a session",
    ),
    "common": (Becomes.BY_HAND, PERHAPS),
}


class Porter:
    """Plans what becomes of one Python file."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.program: Program = find(source.text)
        self.findings: list[Finding] = []
        self.edits: list[Edit] = []

    def plan(self) -> None:
        """Fills findings and edits."""
        found = self.program.uses
        starred = sorted({use.name for use in found.uses if use.how == "star"})
        for statement in found.froms:
            if not statement.star:
                self._port_from(statement)
            elif starred:
                self._port_star(statement, starred)
        self._port_modules()
        for node, module in found.strangers:
            what = (
                f"from {module} import {', '.join(sorted(set(imported(node)) & set(REMOVED)))}"
            )
            self._note(node, what, Becomes.BY_HAND, f"is as good as {module}: port that")
        stars = any(statement.star for statement in found.froms)
        for use in found.uses:
            if use.how != "star" or stars:
                self._note_use(use)
        self.findings.sort(key=lambda finding: (finding.line, finding.column))

    def result(self) -> bytes:
        """The file's bytes after the edits."""
        data = self.source.edited(self.edits)
        if self.edits:
            again = find(Source(data).text).uses
            if any(
                not statement.star
                for statement in again.froms
                if statement.package not in ANCIENT
            ):
                raise Unreadable("its imports are too unusual to be rewritten")
        return data

    def _note(self, node: cst.CSTNode, what: str, becomes: Becomes, advice: str) -> None:
        place = self.program.place(node)
        self.findings.append(Finding(place.line, place.column + 1, what, becomes, advice))

    def _note_use(self, use: Use) -> None:
        becomes, advice = ADVICE[use.how]
        if use.packages and set(use.packages) <= set(ANCIENT):
            becomes, advice = _ancient(use.packages[0])
        self.findings.append(
            Finding(use.place.line, use.place.column + 1, use.name, becomes, advice)
        )

    def _span(self, node: cst.CSTNode) -> tuple[int, int]:
        place = self.program.place(node)
        offset = self.source.offset
        return offset(place.line, place.column), offset(place.end_line, place.end_column)

    def _port_from(self, statement: FromImport) -> None:
        """Rewrites "from PyQt5.QtNetwork import A, QNetworkSession"."""
        node = statement.node
        assert not isinstance(node.names, cst.ImportStar) and node.module is not None
        going = [alias for alias in node.names if dotted(alias.name) in REMOVED]
        names = [_spelled(alias) for alias in going]
        what = f"from {statement.package}.QtNetwork import {', '.join(names)}"
        if statement.package in ANCIENT:
            self._note(node, what, *_ancient(statement.package))
            return
        target = replacement(statement.package)
        self._note(node, what, Becomes.REWRITTEN, f"from {target} import {', '.join(names)}")
        if len(going) < len(node.names):
            self._take_out(node)
            self._add_after(node, [self._import_line(node, target, names)])
            return
        self.edits.append(Edit(*self._span(node.module), target))
        if statement.package in WRAPPERS:
            self._keep_wrapper(node, statement.package)

    def _keep_wrapper(self, node: cst.ImportFrom, package: str) -> None:
        """Lets the wrapper choose the binding first, where this was its only import so far."""
        start, _ = self._span(node)
        if re.search(rf"(?m)^[ \t]*(import|from)[ \t]+{package}\b", self.source.text[:start]):
            return
        line = f"import {package}"
        joint = (
            "; "
            if self._shares_line(node)
            else self.source.newline() + self.source.indentation(start)
        )
        self.edits.append(Edit(start, start, line + joint))

    def _take_out(self, node: cst.ImportFrom) -> None:
        assert not isinstance(node.names, cst.ImportStar)
        items = []
        for alias in node.names:
            start, end = self._span(alias)
            comma = self._span(alias.comma)[0] if isinstance(alias.comma, cst.Comma) else None
            items.append(Item(start, end, comma, dotted(alias.name) in REMOVED))
        self.edits += removals(self.source.text, items, node.lpar is not None)

    def _import_line(self, node: cst.ImportFrom, target: str, names: list[str]) -> str:
        """The new statement, over several lines if the old one was and it has several names."""
        assert not isinstance(node.names, cst.ImportStar)
        start, end = self._span(node)
        first = self._span(node.names[0])[0]
        lines = "\n" in self.source.text[start:end] or "\r" in self.source.text[start:end]
        indentation = self.source.indentation(first)
        if (
            not lines
            or len(names) == 1
            or node.lpar is None
            or indentation.strip()
            or self._shares_line(node)
        ):
            return f"from {target} import {', '.join(names)}"
        newline = self.source.newline()
        items = "".join(f"{indentation}{name},{newline}" for name in names)
        return f"from {target} import ({newline}{items}{self.source.indentation(start)})"

    def _port_star(self, statement: FromImport, names: list[str]) -> None:
        """Adds the names that are used to "from PyQt5.QtNetwork import *"."""
        node, package = statement.node, statement.package
        what = f"from {package}.QtNetwork import *"
        if package in ANCIENT:
            self._note(node, what, *_ancient(package))
            return
        line = f"from {replacement(package)} import {', '.join(names)}"
        if self._add_after(node, [line]):
            self._note(node, what, Becomes.REWRITTEN, f"is followed by {line}")

    def _port_modules(self) -> None:
        """Puts the classes into QtNetwork where they are used as its attributes."""
        found = self.program.uses
        attributes = [use for use in found.uses if use.how == "attribute"]
        wanted = {package for use in attributes for package in use.packages} - set(ANCIENT)
        if found.installed:
            return
        settled: set[str] = set()  # by a statement that everything after it follows
        for statement in found.modules:
            if statement.package in wanted - settled:
                self._install(statement)
                if isinstance(self.program.parents[self._line(statement.node)], cst.Module):
                    settled.add(statement.package)
        for package in sorted(wanted - {statement.package for statement in found.modules}):
            first = next(use for use in attributes if package in use.packages)
            advice = f"needs {self._call(package)} where {package}.QtNetwork is imported"
            place = first.place
            finding = Finding(place.line, place.column + 1, first.name, Becomes.BY_HAND, advice)
            self.findings.append(finding)

    def _install(self, statement: ModuleImport) -> None:
        lines = ["import netsession.qt", self._call(statement.package)]
        if re.search(r"(?<!import )\bnetsession\b(?!\.)", self.source.text):
            lines = ["import netsession.qt as netsession_qt", lines[1].replace(".qt", "_qt", 1)]
        if self._add_after(statement.node, lines):
            what = f"import of {statement.package}.QtNetwork"
            self._note(
                statement.node, what, Becomes.REWRITTEN, f"is followed by {'; '.join(lines)}"
            )

    def _call(self, package: str) -> str:
        """The statement that puts the classes into QtNetwork, in the file's own quotes."""
        text = self.source.text
        quote = "'" if text.count("'") > text.count('"') else '"'
        argument = "" if package in WRAPPERS else f"{quote}{package}{quote}"
        return f"netsession.qt.install({argument})"

    def _line(self, node: cst.CSTNode) -> cst.CSTNode:
        return self.program.parents[node]

    def _shares_line(self, node: cst.CSTNode) -> bool:
        """Whether there is more on a statement's line than it: a colon, or a semicolon."""
        parent = self.program.parents[node]
        return not isinstance(parent, cst.SimpleStatementLine) or len(parent.body) > 1

    def _add_after(self, node: cst.CSTNode, lines: list[str]) -> bool:
        """Adds statements after one, unless they are there; says whether it did."""
        start, end = self._span(node)
        if self._shares_line(node):
            self.edits.append(Edit(end, end, "".join(f"; {line}" for line in lines)))
            return True
        stop, newline = self.source.line_end(end)
        newline = newline or self.source.newline()
        indentation = self.source.indentation(start)
        added = "".join(newline + indentation + line for line in lines)
        if self.source.text.startswith(added, stop):
            return False
        self.edits.append(Edit(stop, stop, added))
        return True


def _spelled(alias: cst.ImportAlias) -> str:
    """An imported name with the name it gets."""
    name = dotted(alias.name)
    if alias.asname and isinstance(alias.asname.name, cst.Name):
        return f"{name} as {alias.asname.name.value}"
    return name


def _ancient(package: str) -> tuple[Becomes, str]:
    advice = f"is for Qt 4: port the program from {package} to a binding of today first"
    return Becomes.BY_HAND, advice
