"""The ctypes tables and enums agree with the header, line by line."""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
from enum import IntEnum, IntFlag
from pathlib import Path
from typing import Any

import header
import pytest
from shared import ROOT

import netsession
from netsession import _version, enums
from netsession._native import abi
from netsession._native.library import load

FUNCTIONS = header.functions()
ENUMERATORS = header.enumerators()

# The enums, with what the names of their enumerators begin with in the header.
ENUMS: dict[type[IntEnum] | type[IntFlag], str] = {
    enums.State: "STATE",
    enums.ErrorCode: "ERROR",
    enums.Policy: "POLICY",
    enums.ConfigurationType: "CONFIGURATION_TYPE",
    enums.ConfigurationState: "CONFIGURATION_STATE",
    enums.Purpose: "PURPOSE",
    enums.Bearer: "BEARER",
    enums.Reachability: "REACHABILITY",
    enums.Transport: "TRANSPORT",
    enums.Capability: "CAPABILITY",
    enums.LogLevel: "LOG",
}


def in_the_header(kind: type[IntEnum] | type[IntFlag], name: str) -> str:
    # Names that would begin with a digit get a prefix, as in Qt.
    word = name if re.match(r"BEARER_\d", name) else f"{ENUMS[kind]}_{name}".strip("_")
    return "NETSESSION_" + word


def simple(kind: Any) -> Any:
    """A ctypes type in the notation of header.as_ctypes."""
    target = getattr(kind, "_type_", None)
    if isinstance(target, str) or target is None:
        return kind
    names = {struct: name for name, struct in abi.STRUCTS.items()}
    return ("pointer", names.get(target, target))


def test_every_function_of_the_header_has_a_prototype() -> None:
    assert len(FUNCTIONS) > 60
    assert set(abi.FUNCTIONS) == set(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_prototype(name: str) -> None:
    result, arguments = abi.FUNCTIONS[name]
    expected_result, expected = FUNCTIONS[name]
    assert simple(result) == header.as_ctypes(expected_result)
    assert [simple(a) for a in arguments] == [header.as_ctypes(a) for a in expected]


def test_the_loaded_library_has_the_prototypes() -> None:
    library = load()
    for name, (result, arguments) in abi.FUNCTIONS.items():
        function = getattr(library, name)
        assert (function.restype, tuple(function.argtypes)) == (result, arguments)


def test_every_struct_of_the_header_is_defined() -> None:
    assert set(abi.STRUCTS) == set(header.structs())


@pytest.mark.parametrize("name", abi.STRUCTS)
def test_members_of_struct(name: str) -> None:
    members: dict[str, Any] = {field[0]: field[1] for field in abi.STRUCTS[name]._fields_}
    expected = header.structs()[name]
    assert list(members) == list(expected)
    for member, kind in expected.items():
        if isinstance(kind, list):
            assert members[member]._restype_ is None
            assert [simple(a) for a in members[member]._argtypes_] == [
                header.as_ctypes(a) for a in kind
            ]
        else:
            assert simple(members[member]) == header.as_ctypes(kind)


def test_layout_of_structs(tmp_path: Path) -> None:
    """The C compiler and ctypes lay the structs out in the same way."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler")
    expected = {}
    lines = []
    for name, struct in abi.STRUCTS.items():
        expected[name] = ctypes.sizeof(struct)
        lines.append(f'printf("{name} %zu\\n", sizeof({name}));')
        for field in struct._fields_:
            expected[f"{name}.{field[0]}"] = getattr(struct, field[0]).offset
            lines.append(f'printf("{name}.{field[0]} %zu\\n", offsetof({name}, {field[0]}));')
    source, program = tmp_path / "layout.c", tmp_path / "layout"
    source.write_text(
        "#include <netsession.h>\n#include <stdio.h>\nint main(void) {" + "\n".join(lines) + "}"
    )
    include = ROOT / "include"
    subprocess.run([compiler, f"-I{include}", str(source), "-o", str(program)], check=True)
    printed = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    assert dict(line.split() for line in printed.splitlines()) == {
        name: str(value) for name, value in expected.items()
    }


@pytest.mark.parametrize("kind", ENUMS)
def test_numbers(kind: type[IntEnum] | type[IntFlag]) -> None:
    assert kind.__members__
    for name, value in kind.__members__.items():
        assert ENUMERATORS[in_the_header(kind, name)] == value


def test_every_enumerator_of_the_header_is_defined() -> None:
    ours = {in_the_header(kind, name) for kind in ENUMS for name in kind.__members__}
    assert ENUMERATORS["NETSESSION_ERROR_NONE"] == abi.NO_ERROR  # None in Python
    assert ours == set(ENUMERATORS) - {"NETSESSION_ERROR_NONE"}


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        ("netsession_state_name", enums.State),
        ("netsession_configuration_state_name", enums.ConfigurationState),
        ("netsession_configuration_type_name", enums.ConfigurationType),
    ],
)
def test_names(function: str, kind: type[IntEnum] | type[IntFlag]) -> None:
    for name, value in kind.__members__.items():
        words = getattr(load(), function)(int(value)).decode()
        assert words == name.title().replace("_", "")


def test_versions_agree() -> None:
    numbers = re.findall(r"define NETSESSION_VERSION_\w+ (\d+)", header.HEADER.read_text())
    assert tuple(map(int, numbers)) == _version.VERSION
    assert netsession.__version__ == ".".join(numbers) == netsession.library_version()
