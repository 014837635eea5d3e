"""Finds the Python versions of this machine, and installs the tests' packages from PyPI."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = HERE.parents[1] / "build" / "python"


class Missing(Exception):
    """A requirement of the tests is missing."""


def find(version):
    """The path of a Python, such as "3.12", in PATH or in pyenv's folder."""
    if version == "system":
        candidates = [Path("/usr/bin/python3")]
    else:
        root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
        pattern = f"versions/{version}.*/bin/python{version}"
        candidates = sorted(root.glob(pattern), reverse=True) if os.access(root, os.R_OK | os.X_OK) else []
        if in_path := shutil.which(f"python{version}"):
            candidates.insert(0, Path(in_path))
    for candidate in candidates:
        if candidate.exists() and works(candidate):
            return candidate
    raise Missing(f"no Python {version} on this machine")


def works(python):
    """Whether a Python runs and is new enough: pyenv has shims for missing versions, too."""
    check = "import ctypes, sys; sys.exit(sys.version_info < (3, 10))"
    return subprocess.run([python, "-c", check], capture_output=True).returncode == 0


def tools():
    """The bin folder of a virtual environment with the tools."""
    folder = BUILD / "tools"
    with once(folder, HERE / "tools.txt") as wanted:
        if wanted:
            make_environment(folder)  # with pip, which the wheel is built and installed by
            pip(folder, "--requirement", HERE / "tools.txt")
    return folder / "bin"


def site():
    """A folder with pytest that any Python version can have in its path."""
    folder = BUILD / "site"
    with once(folder, HERE / "requirements.txt") as wanted:
        if wanted:
            anything = ("--platform", "any", "--implementation", "py", "--abi", "none")
            pip(
                BUILD / "pip", "--target", folder, "--no-deps", "--only-binary", ":all:",
                "--python-version", "3.10", *anything, "--requirement", HERE / "requirements.txt",
            )
    return folder


@contextmanager
def once(folder, requirements):
    """Yields whether the folder must be made from the requirements, under a lock against
    other processes."""
    BUILD.mkdir(parents=True, exist_ok=True)
    stamp = BUILD / f"{folder.name}.stamp"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    with open(BUILD / f"{folder.name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists() and stamp.exists() and stamp.read_text() == digest:
            yield False
            return
        shutil.rmtree(folder, ignore_errors=True)
        yield True
        stamp.write_text(digest)


def pip(environment, *arguments):
    """Runs pip install in a virtual environment, which it makes if it does not exist.

    All environments share one pip: to install pip takes longer than a binding."""
    with once(BUILD / "pip", Path(__file__)) as wanted:
        if wanted:
            make_environment(BUILD / "pip")
    if not (environment / "bin" / "python").exists():
        make_environment("--without-pip", environment)
    install = ("-m", "pip", f"--python={environment}", "install", "--quiet")
    run("PyPI cannot be reached", BUILD / "pip/bin/python", *install, *arguments)


def make_environment(*arguments):
    run("a virtual environment cannot be made", sys.executable, "-m", "venv", *arguments)


def run(what, *command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        raise Missing(f"{what}: {lines[-1]}")
