"""The Qt bindings for Python: those of Debian's packages, and the current PyPI releases."""

import subprocess

from pythons import BUILD, HERE, Missing, find, once, pip

# The requirements file in this folder for PyPI; None for the system's binding.
BINDINGS = {
    "PyQt5": None,
    "PyQt6": None,
    "PySide2": None,
    "PyPI-PyQt6": "pyqt6.txt",
    "PyPI-PySide6": "pyside6.txt",
}


def interpreter(name):
    """The path of a Python that has the binding; raises Missing if it cannot be had."""
    requirements = BINDINGS[name]
    python = from_pypi(name, HERE / requirements) if requirements else find("system")
    module = name.split("-")[-1]
    check = [python, "-c", f"import {module}.QtCore, {module}.QtNetwork"]
    done = subprocess.run(check, capture_output=True, text=True)
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["it cannot be imported"]
        raise Missing(f"no {module} in {python}: {lines[-1]}")
    return python


def from_pypi(name, requirements):
    """The Python of a virtual environment with the binding."""
    folder = BUILD / name.lower()
    with once(folder, requirements) as wanted:
        if wanted:
            pip(folder, "--requirement", requirements)
    return folder / "bin" / "python"
