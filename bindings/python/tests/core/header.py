"""Parses include/netsession.h as far as the comparison with the ctypes tables needs."""

from __future__ import annotations

import re
from ctypes import c_char_p, c_int, c_int64, c_size_t, c_uint, c_void_p
from functools import cache
from typing import Any

from shared import ROOT

HEADER = ROOT / "include" / "netsession.h"
HANDLES = (
    "netsession_manager",
    "netsession_configuration_list",
    "netsession_configuration",
    "netsession",
)
NUMBERS = {
    "int": c_int,
    "unsigned": c_uint,
    "size_t": c_size_t,
    "int64_t": c_int64,
}


@cache
def text() -> str:
    """The header without comments and preprocessor lines."""
    source = re.sub(r"/\*.*?\*/", " ", HEADER.read_text(), flags=re.S)
    return re.sub(r"^#.*?(?<!\\)$", "", source, flags=re.S | re.M)


def functions() -> dict[str, tuple[str, list[str]]]:
    """The declared functions: their result and arguments, as C types."""
    pattern = r"NETSESSION_API\s+([\w\s*]+?)\b(netsession_\w+)\(([^)]*)\)[\w\s]*;"
    return {
        name: (c_type(result), arguments(inside))
        for result, name, inside in re.findall(pattern, text())
    }


def arguments(inside: str) -> list[str]:
    return [] if inside.strip() == "void" else [without_name(a) for a in inside.split(",")]


def without_name(declaration: str) -> str:
    return c_type(re.sub(r"(\w+)\s*$", "", declaration))


def c_type(words: str) -> str:
    return re.sub(r"\s*\*", "*", " ".join(re.sub(r"\b(const|volatile)\b", " ", words).split()))


def enumerators() -> dict[str, int]:
    """All enumerators with their numbers."""
    found = {}
    for body in re.findall(r"\benum\s+\w+\s*\{(.*?)\}", text(), re.S):
        for name, value in re.findall(r"(NETSESSION_\w+)\s*=\s*(\w+)", body):
            found[name] = int(value, 0)
    return found


@cache
def enumerations() -> frozenset[str]:
    """The names of the enumerations."""
    return frozenset(re.findall(r"\btypedef enum (\w+) \{", text()))


def structs() -> dict[str, dict[str, Any]]:
    """The structs: each member's C type, or the argument types of a callback."""
    found = {}
    for body, name in re.findall(r"typedef struct \w+ \{(.*?)\}\s*(\w+);", text(), re.S):
        found[name] = dict(member(line) for line in body.split(";") if line.strip())
    return found


def member(declaration: str) -> tuple[str, Any]:
    callback = re.match(r"\s*void\s*\(\*(\w+)\)\((.*)\)\s*$", declaration, re.S)
    if callback:
        return callback[1], arguments(callback[2])
    name = re.search(r"(\w+)\s*$", declaration)
    assert name is not None
    return name[1], without_name(declaration)


def as_ctypes(kind: str) -> Any:
    """The ctypes type for a C type; the name of the struct for a pointer to one."""
    if kind == "char*":
        return c_char_p
    if kind == "void*" or kind.rstrip("*") in HANDLES:
        return ("pointer", c_void_p) if kind.endswith("**") else c_void_p
    if kind.endswith("*"):
        return ("pointer", kind[:-1])
    return c_int if kind in enumerations() else NUMBERS[kind]
