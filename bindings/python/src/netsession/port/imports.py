"""Rewrites the import statements of a Python file, and reports the uses of their names."""

from __future__ import annotations

import re

import libcst as cst

from netsession.port.findings import Edit, Finding, Outcome, Unreadable
from netsession.port.names import AMBIGUOUS_ADVICE, REMOVED, UNSUPPORTED, WRAPPERS, replacement
from netsession.port.removal import Item, removals
from netsession.port.source import Source
from netsession.port.uses import FromImport, ModuleImport, Program, Use, dotted, find, imported

ADVICE = {
    "name": (Outcome.STAYS, "stays as it is"),
    "star": (Outcome.STAYS, "stays as it is"),
    "attribute": (Outcome.STAYS, "stays as it is"),
    "signal": (
        Outcome.BY_HAND,
        "works with PySide; with PyQt connect the signal itself: session.opened.connect(f)",
    ),
    "unknown": (
        Outcome.BY_HAND,
        "is an attribute of something that cannot be followed here: see where it comes from",
    ),
    "string": (Outcome.BY_HAND, "is only a text here: see what it is for"),
    "option": (
        Outcome.BY_HAND,
        "has not come back to QNetworkAccessManager: ask a manager or a session",
    ),
    "common": (Outcome.BY_HAND, AMBIGUOUS_ADVICE),
}


class Porter:
    """Plans the rewriting of one Python file."""

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
        for node, module in found.reexports:
            what = (
                f"from {module} import {', '.join(sorted(set(imported(node)) & set(REMOVED)))}"
            )
            self._note(node, what, Outcome.BY_HAND, f"is as good as {module}: port that")
        stars = any(statement.star for statement in found.froms)
        for use in found.uses:
            if use.how != "star" or stars:
                self._note_use(use)
        self.findings.sort(key=lambda finding: (finding.line, finding.column))

    def result(self) -> bytes:
        """The file's content after the edits."""
        data = self.source.edited(self.edits)
        if self.edits:
            again = find(Source(data).text).uses
            if any(
                not statement.star
                for statement in again.froms
                if statement.package not in UNSUPPORTED
            ):
                raise Unreadable("its imports are too unusual to be rewritten")
        return data

    def _note(self, node: cst.CSTNode, what: str, outcome: Outcome, advice: str) -> None:
        place = self.program.place(node)
        self.findings.append(Finding(place.line, place.column + 1, what, outcome, advice))

    def _note_use(self, use: Use) -> None:
        outcome, advice = ADVICE[use.how]
        if use.packages and set(use.packages) <= set(UNSUPPORTED):
            outcome, advice = _unsupported(use.packages[0])
        self.findings.append(
            Finding(use.place.line, use.place.column + 1, use.name, outcome, advice)
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
        if statement.package in UNSUPPORTED:
            self._note(node, what, *_unsupported(statement.package))
            return
        target = replacement(statement.package)
        self._note(node, what, Outcome.REWRITTEN, f"from {target} import {', '.join(names)}")
        if len(going) < len(node.names):
            self._remove_names(node)
            self._add_after(node, [self._import_line(node, target, names)])
            return
        self.edits.append(Edit(*self._span(node.module), target))
        if statement.package in WRAPPERS:
            self._keep_wrapper(node, statement.package)

    def _keep_wrapper(self, node: cst.ImportFrom, package: str) -> None:
        """Keeps the last import of the wrapper, because that selects the binding."""
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

    def _remove_names(self, node: cst.ImportFrom) -> None:
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
        if package in UNSUPPORTED:
            self._note(node, what, *_unsupported(package))
            return
        line = f"from {replacement(package)} import {', '.join(names)}"
        if self._add_after(node, [line]):
            self._note(node, what, Outcome.REWRITTEN, f"is followed by {line}")

    def _port_modules(self) -> None:
        """Adds calls of install where the classes are used as attributes of QtNetwork."""
        found = self.program.uses
        attributes = [use for use in found.uses if use.how == "attribute"]
        wanted = {package for use in attributes for package in use.packages} - set(UNSUPPORTED)
        if found.installed:
            return
        installed: set[str] = set()  # by a statement at module level
        for statement in found.modules:
            if statement.package in wanted - installed:
                self._install(statement)
                if isinstance(self.program.parents[self._line(statement.node)], cst.Module):
                    installed.add(statement.package)
        for package in sorted(wanted - {statement.package for statement in found.modules}):
            first = next(use for use in attributes if package in use.packages)
            advice = f"needs {self._call(package)} where {package}.QtNetwork is imported"
            place = first.place
            finding = Finding(place.line, place.column + 1, first.name, Outcome.BY_HAND, advice)
            self.findings.append(finding)

    def _install(self, statement: ModuleImport) -> None:
        lines = ["import netsession.qt", self._call(statement.package)]
        if re.search(r"(?<!import )\bnetsession\b(?!\.)", self.source.text):
            lines = ["import netsession.qt as netsession_qt", lines[1].replace(".qt", "_qt", 1)]
        if self._add_after(statement.node, lines):
            what = f"import of {statement.package}.QtNetwork"
            self._note(
                statement.node, what, Outcome.REWRITTEN, f"is followed by {'; '.join(lines)}"
            )

    def _call(self, package: str) -> str:
        """The call of install, in the quotes that the file uses."""
        text = self.source.text
        quote = "'" if text.count("'") > text.count('"') else '"'
        argument = "" if package in WRAPPERS else f"{quote}{package}{quote}"
        return f"netsession.qt.install({argument})"

    def _line(self, node: cst.CSTNode) -> cst.CSTNode:
        return self.program.parents[node]

    def _shares_line(self, node: cst.CSTNode) -> bool:
        """Whether a colon or a semicolon puts other code on the statement's line."""
        parent = self.program.parents[node]
        return not isinstance(parent, cst.SimpleStatementLine) or len(parent.body) > 1

    def _add_after(self, node: cst.CSTNode, lines: list[str]) -> bool:
        """Adds statements after another, unless they exist; returns whether it did."""
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
    """An imported name, with "as" if it has an alias."""
    name = dotted(alias.name)
    if alias.asname and isinstance(alias.asname.name, cst.Name):
        return f"{name} as {alias.asname.name.value}"
    return name


def _unsupported(package: str) -> tuple[Outcome, str]:
    advice = f"is for Qt 4: port the program from {package} to a binding of today first"
    return Outcome.BY_HAND, advice
