"""Finds the uses of the removed classes in a Python program's syntax tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import libcst as cst
from libcst import metadata

from netsession.port.findings import Unreadable
from netsession.port.names import (
    ACCESS_MANAGER,
    AMBIGUOUS_OPTIONS,
    KNOWN,
    OPTIONS,
    REMOVED,
    package_of,
)

MENTION = re.compile(rf"\b({'|'.join(REMOVED)})\b")
SIGNAL = re.compile(r"^[A-Za-z]\w*\(.*\bQNetwork(Session|Configuration)\b.*\)$")
INSTALL = "netsession.qt.install"
BRACKETS = re.compile(r"[(\[{]|([)\]}])")
DEEPEST = 200
"""The limit of nested brackets, which is Python's own."""


@dataclass(frozen=True)
class Place:
    """The position of a node: lines from 1, columns from 0."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass
class FromImport:
    """A statement such as "from PyQt5.QtNetwork import QNetworkSession"."""

    node: cst.ImportFrom
    package: str
    star: bool = False


@dataclass
class ModuleImport:
    """A statement that imports QtNetwork itself, such as "from PyQt5 import QtNetwork"."""

    node: cst.ImportFrom | cst.Import
    package: str


@dataclass(frozen=True)
class Use:
    """A use of a class by its name.

    packages are the bindings and wrappers that it may be imported from; empty if from
    another module. how is "name", "attribute", "star", "string", "signal", "option",
    "common" (an ambiguous option), or "unknown" (an attribute of an object of unknown
    origin).
    """

    place: Place
    name: str
    packages: tuple[str, ...]
    how: str


@dataclass
class Uses:
    """The imports and uses of the removed classes in a program."""

    froms: list[FromImport] = field(default_factory=list)
    modules: list[ModuleImport] = field(default_factory=list)
    reexports: list[tuple[cst.ImportFrom, str]] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    installed: bool = False


class Finder(cst.CSTVisitor):
    """Walks a tree and collects the Uses."""

    METADATA_DEPENDENCIES = (metadata.PositionProvider, metadata.QualifiedNameProvider)

    def __init__(self, options: bool) -> None:
        super().__init__()
        self.found = Uses()
        self._options = options
        """Whether the program uses QNetworkAccessManager."""
        self._attributes: set[cst.CSTNode] = set()

    def place(self, node: cst.CSTNode) -> Place:
        """The position of a node."""
        range_ = self.get_metadata(metadata.PositionProvider, node)
        return Place(range_.start.line, range_.start.column, range_.end.line, range_.end.column)

    def visit_Import(self, node: cst.Import) -> bool:
        for alias in node.names:
            package = package_of(dotted(alias.name))
            if package:
                self.found.modules.append(ModuleImport(node, package))
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        module = "." * len(node.relative) + (dotted(node.module) if node.module else "")
        package = package_of(module)
        names = imported(node)
        if package and (names == ["*"] or set(names) & set(REMOVED)):
            self.found.froms.append(FromImport(node, package, star=names == ["*"]))
        elif module in KNOWN and "QtNetwork" in names:
            self.found.modules.append(ModuleImport(node, module))
        elif set(names) & set(REMOVED) and not module.startswith("netsession."):
            self.found.reexports.append((node, module))
        return False

    def visit_Call(self, node: cst.Call) -> None:
        if INSTALL in self._qualified(node.func):
            self.found.installed = True

    def visit_Attribute(self, node: cst.Attribute) -> None:
        self._attributes.add(node.attr)
        self._resolve(node, node.attr.value, "attribute")
        if node.attr.value in OPTIONS:
            self._add(node.attr, node.attr.value, "option")
        if self._options and node.attr.value in AMBIGUOUS_OPTIONS:
            self._add(node.attr, node.attr.value, "common")

    def visit_Name(self, node: cst.Name) -> None:
        if node not in self._attributes:
            self._resolve(node, node.value, "name")

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        value = node.raw_value
        if SIGNAL.match(value):
            self._add(node, value, "signal")
        elif node.quote in ("'", '"') and MENTION.search(value):
            self._add(node, value, "string")

    def _qualified(self, node: cst.CSTNode) -> set[str]:
        names: (
            Collection[metadata.QualifiedName]
            | Callable[[], Collection[metadata.QualifiedName]]
        )
        names = self.get_metadata(metadata.QualifiedNameProvider, node, set())
        return {name.name for name in (names() if callable(names) else names)}

    def _resolve(self, node: cst.CSTNode, name: str, how: str) -> None:
        """Adds a use if the name refers to a removed class, under any alias."""
        qualified = self._qualified(node)
        parts = [full.rpartition(".") for full in qualified]
        origins = {package_of(module): last for module, _, last in parts if last in REMOVED}
        packages = tuple(sorted(set(origins) - {""}))
        if packages:
            self._add(node, origins[packages[0]], how, packages)
        elif name in REMOVED and not qualified and how == "name":
            self._add(node, name, "star")
        elif name in REMOVED and how == "attribute" and not any(map(_is_ours, qualified)):
            self._add(node, name, "unknown")

    def _add(
        self, node: cst.CSTNode, name: str, how: str, packages: tuple[str, ...] = ()
    ) -> None:
        self.found.uses.append(Use(self.place(node), name, packages, how))


def _is_ours(qualified: str) -> bool:
    return qualified.startswith("netsession.")


def dotted(node: cst.BaseExpression) -> str:
    """The text of a dotted name."""
    if isinstance(node, cst.Attribute):
        return f"{dotted(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""


def imported(node: cst.ImportFrom) -> list[str]:
    """The names that a statement imports, as they are called there; ["*"] for all."""
    if isinstance(node.names, cst.ImportStar):
        return ["*"]
    return [dotted(alias.name) for alias in node.names]


@dataclass
class Program:
    """The uses in a program, with its syntax tree."""

    uses: Uses
    parents: dict[cst.CSTNode, cst.CSTNode]
    place: Callable[[cst.CSTNode], Place]


def find(text: str) -> Program:
    """Finds the uses in the text of a program."""
    if _depth(text) > DEEPEST:
        raise Unreadable("it is nested too deeply")
    try:
        wrapper = metadata.MetadataWrapper(cst.parse_module(text))
    except cst.ParserSyntaxError as bad:
        raise Unreadable(f"line {bad.raw_line}: this is not Python 3") from None
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    if wrapper.module.code != text:
        raise Unreadable("its syntax tree does not give its text back")
    finder = Finder(options=ACCESS_MANAGER in text)
    with finder.resolve(wrapper):
        wrapper.module.visit(finder)
        positions = wrapper.resolve(metadata.PositionProvider)
        parents = wrapper.resolve(metadata.ParentNodeProvider)

    def place(node: cst.CSTNode) -> Place:
        span = positions[node]
        return Place(span.start.line, span.start.column, span.end.line, span.end.column)

    return Program(finder.found, dict(parents), place)


def _depth(text: str) -> int:
    """The maximal nesting of brackets, including those in strings and comments."""
    depth = deepest = 0
    for match in BRACKETS.finditer(text):
        depth = max(0, depth + (-1 if match.group(1) else 1))
        deepest = max(deepest, depth)
    return deepest
