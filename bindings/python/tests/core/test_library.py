"""The search for the shared library, in separate processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from shared import LIBRARY, WAIT

import netsession
from netsession import __version__, _version
from netsession._native import abi

PRINT = "import netsession; print(netsession.library_version())"
PACKAGE = Path(netsession.__file__).parent
OURS = "({} << 16 | {} << 8 | {})".format(*_version.VERSION)


def python(code: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
    merged = {**os.environ, "NETSESSION_LIBRARY": None, **environment}
    kept = {name: value for name, value in merged.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", code], env=kept, capture_output=True, text=True, timeout=WAIT * 3
    )


def reason(done: subprocess.CompletedProcess[str]) -> str:
    """The last line of a traceback."""
    assert done.returncode == 1, done
    return done.stderr.strip().splitlines()[-1]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package, as an installation has it."""
    shutil.copytree(PACKAGE, tmp_path / "netsession")
    return tmp_path


def test_the_environment_variable() -> None:
    assert python(PRINT, NETSESSION_LIBRARY=str(LIBRARY)).stdout == f"{__version__}\n"
    done = python(PRINT, NETSESSION_LIBRARY="/nowhere.so")
    assert reason(done).startswith(
        "netsession.errors.LibraryError: NETSESSION_LIBRARY names a library that cannot be "
        "loaded: /nowhere.so"
    )


def test_the_option() -> None:
    code = (
        "import netsession, sys\n"
        "m = netsession.Manager(backend='rtnetlink', library=sys.argv[-1])\n"
        "print(netsession.library_version())"
    ).replace("sys.argv[-1]", repr(str(LIBRARY)))
    # The option takes precedence: the variable is ignored.
    assert python(code, NETSESSION_LIBRARY="/nowhere.so").stdout == f"{__version__}\n"
    second = f"\nnetsession.Manager(library={str(PACKAGE / '__init__.py')!r})"
    assert "was loaded from" in reason(python(code + second))


def test_the_library_of_the_package(package: Path) -> None:
    shutil.copy(LIBRARY, package / "netsession" / abi.SONAME)
    code = PRINT + "; print(netsession._native.library._loaded_from)"
    done = python(code, PYTHONPATH=str(package))
    assert done.stdout == f"{__version__}\n{package}/netsession/{abi.SONAME}\n"


def test_the_library_of_the_system(package: Path) -> None:
    folder = str(LIBRARY.parent)
    done = python(PRINT, PYTHONPATH=str(package), LD_LIBRARY_PATH=folder)
    assert done.stdout == f"{__version__}\n"
    why = reason(python(PRINT, PYTHONPATH=str(package), LD_LIBRARY_PATH=None))
    for tried in ("NETSESSION_LIBRARY", f"netsession/{abi.SONAME}", "system's library"):
        assert tried in why


def compiled(tmp_path: Path, code: str) -> str:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler")
    source, library = tmp_path / "other.c", tmp_path / "other.so"
    source.write_text(code)
    subprocess.run([compiler, "-shared", "-fPIC", str(source), "-o", str(library)], check=True)
    return str(library)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("int other;", "is not libnetsession."),
        ("int netsession_version(void) { return 0; }", "has version 0.0.0; this package needs"),
        ("int netsession_version(void) { return 2 << 16; }", "has version 2.0.0"),
        (
            f"int netsession_version(void) {{ return {OURS}; }}",
            "is too old: it has no netsession_",
        ),
    ],
)
def test_other_libraries(tmp_path: Path, code: str, expected: str) -> None:
    library = compiled(tmp_path, code)
    assert expected in reason(python(PRINT, NETSESSION_LIBRARY=library))


def test_importing_loads_nothing() -> None:
    code = "import netsession; print(netsession._native.library._loaded)"
    assert python(code, NETSESSION_LIBRARY="/nowhere.so").stdout == "None\n"
