"""The modules of the package: each can be imported first, without import cycles."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import netsession

PACKAGE = Path(netsession.__file__).parent


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


# Imports each module in a fork of an interpreter that has imported none of the package.
IMPORT_EACH = """
import importlib, os, re, sys

for name in sys.argv[1:]:
    child = os.fork()
    if not child:
        try:
            importlib.import_module(name)
        except ImportError as error:
            missing = re.fullmatch("No module named '(?!netsession).*", str(error))
            if not missing and not str(error).startswith("no binding to Qt is installed"):
                raise
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit(f"{name} cannot be imported first")
"""


def test_each_module_can_be_imported_first() -> None:
    # What other packages warn of is not asked here.
    command = [sys.executable, "-W", "ignore", "-c", IMPORT_EACH, *MODULES]
    subprocess.run(command, check=True, timeout=600)


def run_time_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes of a syntax tree, except blocks for type checkers."""
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        yield from run_time_nodes(child)


def imported(name: str, path: Path) -> Iterator[str]:
    """The modules of the package that a module imports, also inside functions."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in run_time_nodes(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            base = ".".join(filter(None, (above, node.module)))
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield whole if whole in MODULES else base


def test_no_import_cycles() -> None:
    graph = {
        name: {other for other in imported(name, path) if other in MODULES}
        for name, path in MODULES.items()
    }
    assert graph["netsession.session"] > {"netsession.configuration"}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(f"imports in a circle: {' <- '.join(circle.args[1])}")
