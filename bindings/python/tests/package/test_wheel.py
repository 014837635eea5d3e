"""Builds a wheel, checks it, installs it into a new environment, and uses it there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.metadata import Metadata
from shared import LAPTOP, LIBRARY, ROOT

from netsession import __version__
from netsession._native import abi

CLEAN = {
    k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "NETSESSION", "LD_"))
}


def run(*command: str | Path) -> str:
    line = [str(part) for part in command]
    done = subprocess.run(line, env=CLEAN, cwd="/", capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, ROOT / "bindings" / "python" / "wheel", folder)
    return Path(built.strip())


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of programs of a new environment with only the wheel installed."""
    folder = tmp_path_factory.mktemp("fresh")
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    options = ("install", "--quiet", "--no-index", "--no-deps")
    run(sys.executable, "-m", "pip", f"--python={folder}", *options, wheel)
    return folder / "bin"


def test_tags(wheel: Path) -> None:
    assert wheel.name.startswith(f"netsession-{__version__}-py3-none-manylinux_")
    said = run(sys.executable, "-m", "auditwheel", "show", wheel)
    assert "is consistent with" in said


def test_contents(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        library = archive.read(f"netsession/{abi.SONAME}")
        for path in (ROOT / "LICENSE", ROOT / "build" / "NOTICES"):
            (name,) = [name for name in names if name.endswith(f"licenses/{path.name}")]
            assert archive.read(name) == path.read_bytes()
    assert library == LIBRARY.read_bytes()
    assert {"netsession/py.typed", "netsession/qt/PySide6.pyi"} <= set(names)
    assert not [name for name in names if "tests" in name or "__pycache__" in name]


def licences() -> set[str]:
    """The licenses of the wheel's contents, from the license texts in it."""
    found = {"MIT"}
    texts = (ROOT / "build" / "NOTICES").read_text()
    for text in re.split(r"\n(?=\S.*\n-{5,}\n)", texts)[1:]:
        if "Apache License" in text:
            found.add("Apache-2.0")
        elif "Permission is hereby granted, free of charge" in text:
            found.add("MIT")
        elif "Redistribution and use" in text:
            found.add("BSD-3-Clause" if "Neither the name" in text else "BSD-2-Clause")
        else:
            found.add(text.splitlines()[0])
    return found


def test_metadata(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith("/METADATA"))
        metadata = Metadata.from_email(archive.read(name), validate=True)
    assert (metadata.name, str(metadata.version)) == ("netsession", __version__)
    assert set(str(metadata.license_expression).split(" AND ")) == licences()
    assert metadata.summary and metadata.author and metadata.keywords and metadata.classifiers
    assert str(metadata.requires_python) == ">=3.10"
    assert list(map(str, metadata.requires_dist or [])) == ['libcst>=1.1; extra == "port"']
    assert metadata.description_content_type == "text/markdown"
    assert metadata.description == (ROOT / "bindings" / "python" / "README.md").read_text()
    links = re.findall(r"\]\((.*?)\)", metadata.description)
    for link in [*links, *(metadata.project_urls or {}).values()]:
        assert link.startswith("https://github.com/netsession/netsession")


def test_used(installed: Path, script: Callable[[str], Path]) -> None:
    code = (
        "import netsession, sys\n"
        "with netsession.Manager(backend='script', script=sys.argv[1]) as m:\n"
        "    with m.default_configuration.open(timeout=30) as s:\n"
        "        print(s.interface, netsession._native.library._loaded_from)"
    )
    said = run(installed / "python", "-c", code, script(LAPTOP)).split()
    assert said[0] == "eth0"
    assert said[1].startswith(str(installed.parent))


def test_the_program(installed: Path, script: Callable[[str], Path]) -> None:
    listed = run(installed / "netsession", "list", "--json", "--script", script(LAPTOP))
    assert [one["identifier"] for one in json.loads(listed)][:2] == ["eth0", "wlan0"]
    assert (installed.parent / "share" / "man" / "man1" / "netsession.1").exists()
    assert run(installed / "netsession", "--version") == f"netsession {__version__}\n"
