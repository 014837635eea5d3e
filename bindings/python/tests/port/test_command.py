"""The command: the files that it reads, its output, its changes and its exit status."""

from __future__ import annotations

import contextlib
import functools
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from netsession.port import command
from netsession.port.names import BINDINGS

ROOT = Path(__file__).resolve().parents[4]
OLD = "from PyQt5.QtNetwork import QNetworkSession\n"
NEW = "from netsession.qt.PyQt5 import QNetworkSession\n"


@dataclass
class Done:
    """The result of a run of the command."""

    returncode: int
    stdout: bytes
    stderr: bytes


@contextlib.contextmanager
def working_in(folder: Path) -> Iterator[None]:
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def port(*arguments: object, folder: Path | None = None) -> Done:
    """Runs the command in this process, ten times as fast as a new process."""
    words = [str(each) for each in arguments]
    paths = [word for word in words if not word.startswith("--")]
    out, err = io.BytesIO(), io.BytesIO()
    with working_in(folder or Path.cwd()):
        status = command.port(
            paths, rewrite="--write" in words, show="--diff" in words, out=out, err=err
        )
    return Done(status, out.getvalue(), err.getvalue())


def run(*arguments: object, folder: Path | None = None) -> Done:
    """Runs the command in a new process."""
    line = [sys.executable, "-m", "netsession", "port", *map(str, arguments)]
    done = subprocess.run(line, capture_output=True, cwd=folder, timeout=300)
    return Done(done.returncode, done.stdout, done.stderr)


def lines(done: Done) -> list[str]:
    return done.stdout.decode().splitlines()


def test_the_first_lines_of_the_manual(tmp_path: Path) -> None:
    (tmp_path / "player.py").write_text(OLD + "session = QNetworkSession(config)\n")
    done = run("player.py", folder=tmp_path)
    assert lines(done) == [
        "player.py:1:1: from PyQt5.QtNetwork import QNetworkSession: to be rewritten: "
        "from netsession.qt.PyQt5 import QNetworkSession",
        "player.py:2:11: QNetworkSession: stays as it is",
        "1 file: 1 imports to be rewritten by --write, 1 uses stay as they are, 0 need you.",
    ]
    assert (done.returncode, done.stderr) == (1, b"")
    assert (tmp_path / "player.py").read_text().startswith(OLD), "a report changes nothing"
    done = run("--write", "player.py", folder=tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "player.py").read_text() == NEW + "session = QNetworkSession(config)\n"
    done = port("--write", "player.py", folder=tmp_path)
    assert (done.returncode, lines(done)) == (0, ["Nothing here uses the removed classes."])


def test_the_diff_equals_what_write_does(tmp_path: Path) -> None:
    texts = {
        "a.py": OLD + "x = 1\n",
        "sub/b.py": "import os\r\nfrom PySide2.QtNetwork import QTcpSocket, QNetworkSession",
        "c.py": "# -*- coding: latin-1 -*-\nfrom PyQt6.QtNetwork import QNetworkSession # ü\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(text.encode("latin-1"))
    twin = tmp_path.with_name("twin")
    shutil.copytree(tmp_path, twin)
    diff = port("--diff", ".", folder=tmp_path)
    assert diff.returncode == 1
    assert port("--write", ".", folder=tmp_path).returncode == 0
    subprocess.run(["git", "apply", "-"], input=diff.stdout, cwd=twin, check=True)
    for name in texts:
        assert (
            (twin / name).read_bytes() == (tmp_path / name).read_bytes() != texts[name].encode()
        )


def test_write_with_diff_shows_what_it_did(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(OLD)
    done = port("--write", "--diff", "a.py", folder=tmp_path)
    assert f"-{OLD}+{NEW}".encode() in done.stdout
    assert (tmp_path / "a.py").read_text() == NEW


def test_which_files_are_read(tmp_path: Path) -> None:
    found = ["a.py", "b.pyw", "c.pyi", "sub/d.py", "script"]
    left = [".hidden/e.py", "__pycache__/f.py", "venv/lib/g.py", "notes.txt", "data", "h.pyc"]
    for name in (*found, *left):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(OLD)
    (tmp_path / "script").write_text("#!/usr/bin/env python3\n" + OLD)
    (tmp_path / "venv/pyvenv.cfg").write_text("")
    (tmp_path / "plain.py").write_text("def broken(:\n")  # not parsed: does not use the classes
    port("--write", tmp_path)
    assert all(NEW in (tmp_path / name).read_text() for name in found)
    assert all((tmp_path / name).read_text() == OLD for name in left)
    named = tmp_path / "data"
    assert port("--write", named).returncode == 0
    assert named.read_text() == NEW, "what is named itself is taken for Python"
    assert port("--write", tmp_path / ".hidden").returncode == 0
    assert (tmp_path / ".hidden/e.py").read_text() == NEW


def test_links(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tmp_path / "outside.py").write_text(OLD)
    (tree / "a.py").write_text(OLD)
    (tree / "again.py").symlink_to("a.py")
    (tree / "loop").symlink_to(tree)
    (tree / "round.py").symlink_to("round.py")
    (tree / "gone.py").symlink_to("nowhere.py")
    (tree / "far.py").symlink_to(tmp_path / "outside.py")
    done = port("--write", tree)
    assert lines(done)[-1].startswith("2 files: 2 imports rewritten")
    assert (tree / "again.py").is_symlink() and (tree / "far.py").is_symlink()
    assert (tree / "a.py").read_text() == (tmp_path / "outside.py").read_text() == NEW


def test_every_name_of_a_file_is_rewritten(tmp_path: Path) -> None:
    names = [tmp_path / "a.py", tmp_path / "twin.py"]
    names[0].write_text(OLD)
    names[1].hardlink_to(names[0])
    assert port("--write", tmp_path).returncode == 0
    assert [path.read_text() for path in names] == [NEW, NEW]


def test_unusable_files_are_reported_and_the_rest_is_rewritten(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(OLD)
    (tmp_path / "binary.py").write_bytes(b"\0" + OLD.encode())
    (tmp_path / "encoding.py").write_bytes(b"x = '\xff'\n" + OLD.encode())
    (tmp_path / "python2.py").write_text(OLD + "print QNetworkSession\n")
    (tmp_path / "z.py").write_text(OLD)
    os.mkfifo(tmp_path / "pipe.py")
    done = port("--write", tmp_path, tmp_path / "missing", tmp_path / "pipe.py")
    output = done.stderr.decode()
    assert done.returncode == 3
    for name, why in {
        "binary.py": "it is not a text",
        "encoding.py": "its text cannot be decoded",
        "python2.py": "line 2: this is not Python 3",
        "missing": "No such file or directory",
        "pipe.py": "it is not a regular file",
    }.items():
        assert f"{tmp_path / name}: left as it is: {why}" in output
    assert "python2.py:2:7: QNetworkSession: is in a file that is left as it is" in str(
        done.stdout
    )
    assert (tmp_path / "a.py").read_text() == (tmp_path / "z.py").read_text() == NEW
    assert "Traceback" not in output


def test_file_modes_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "tool"
    path.write_text("#!/usr/bin/python3\n" + OLD)
    path.chmod(0o751)
    assert port("--write", path).returncode == 0
    assert path.stat().st_mode & 0o777 == 0o751
    assert [each.name for each in tmp_path.iterdir()] == ["tool"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_read_only_file(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(OLD)
    path.chmod(0o444)
    done = port("--write", path)
    assert done.returncode == 3 and b"read-only" in done.stderr
    assert path.read_text() == OLD


def test_names_that_are_not_text(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.py"
    with open(path, "w") as file:
        file.write(OLD)
    done = port(tmp_path)
    assert b"\xff.py:1:1: from PyQt5" in done.stdout
    assert port("--diff", tmp_path).returncode == 1
    assert port("--write", tmp_path).returncode == 0


def test_cpp_and_build_files(tmp_path: Path) -> None:
    (tmp_path / "a.cpp").write_text(
        "#include <QNetworkSession>\n#include <QtNetwork/QNetworkConfigurationManager>\n"
        "QNetworkSession *s; // QNetworkSessionary\n"
        "access->setNetworkAccessible(QNetworkAccessManager::Accessible);\n"
    )
    (tmp_path / "a.pro").write_text("QT += core network\nCONFIG += mobility\nTARGET = a\n")
    (tmp_path / "CMakeLists.txt").write_text("target_link_libraries(a Qt5::Network)\n")
    done = port(".", folder=tmp_path)
    printed = lines(done)
    assert [line.split(": ")[0] for line in printed[:-1]] == [
        "a.cpp:1:11", "a.cpp:2:21", "a.cpp:3:1", "a.cpp:4:9",
        "CMakeLists.txt:1:25", "a.pro:1:12", "a.pro:2:11",
    ]  # fmt: skip
    assert "CMAKE_PROJECT_INCLUDE" in printed[4] and "CONFIG+=netsession" in printed[5]
    assert printed[-1].endswith("5 uses stay as they are, 2 need you.")
    assert done.returncode == 1


def test_build_files_of_programs_that_do_not_use_the_classes(tmp_path: Path) -> None:
    (tmp_path / "a.pro").write_text("QT += core network\n")
    (tmp_path / "a.cpp").write_text("#include <QTcpSocket>\n")
    assert lines(port(tmp_path)) == ["Nothing here uses the removed classes."]


def test_without_libcst(tmp_path: Path) -> None:
    (tmp_path / "libcst.py").write_text("raise ImportError\n")
    environment = dict(os.environ)
    environment["PYTHONPATH"] = f"{tmp_path}{os.pathsep}{environment.get('PYTHONPATH', '')}"
    done = subprocess.run(
        [sys.executable, "-m", "netsession", "port", tmp_path],
        capture_output=True, text=True, env=environment,
    )  # fmt: skip
    assert done.returncode == 4
    assert 'python3 -m pip install "netsession[port]"' in done.stderr


def test_the_command_line() -> None:
    assert run().returncode == 2
    done = run("--help")
    assert b"--write" in done.stdout and b"libcst is not installed" in done.stdout


def test_an_interrupt_leaves_whole_files(tmp_path: Path) -> None:
    for number in range(400):
        (tmp_path / f"{number}.py").write_text(OLD * 20)
    line = [sys.executable, "-m", "netsession", "port", "--write", str(tmp_path)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.send_signal(2)
        process.stdout.read()
        assert b"Traceback" not in process.stderr.read()
    assert process.returncode == 130
    texts = [path.read_text() for path in tmp_path.iterdir()]
    assert set(texts) == {OLD * 20, NEW * 20}
    assert len(texts) == 400


@pytest.mark.parametrize("style", ["names", "module", "star"])
@pytest.mark.parametrize("binding", BINDINGS)
def test_a_ported_program_runs(binding: str, style: str, tmp_path: Path) -> None:
    python = _python_with(binding)
    program = tmp_path / "program.py"
    program.write_text(_program(binding, style))
    assert port("--write", program).returncode == 0
    done = subprocess.run(
        [python, "-W", "ignore", program], capture_output=True, text=True, timeout=300
    )
    assert (done.stdout, done.returncode) == ("0\n", 0), done.stderr


def test_before_and_after_in_the_manual(tmp_path: Path) -> None:
    manual = (ROOT / "docs" / "porting-python.md").read_text()
    before = manual.split("```python\n")[1].split("```")[0]
    diff = manual.split("```diff\n")[1].split("```")[0].splitlines()
    program = tmp_path / "program.py"
    program.write_text(before)
    assert port("--write", program).returncode == 0
    after = program.read_text().splitlines()
    assert [line[1:] for line in diff if line[0] != "-"] == after[:3]
    assert after[3:] == before.splitlines()[2:]
    played = tmp_path / "laptop.play"
    played.write_text("access-point lo bearer=ethernet state=active address=127.0.0.1/8\n")
    environment = dict(os.environ, NETSESSION_OPTIONS=f"backend=script,script={played}")
    environment.setdefault("NETSESSION_LIBRARY", str(ROOT / "build" / "libnetsession.so"))
    done = subprocess.run(
        [_python_with("PyQt5"), "-W", "ignore", program],
        capture_output=True, text=True, env=environment, timeout=300,
    )  # fmt: skip
    assert done.stdout == "online on lo\n", done.stderr


@functools.cache
def _python_with(binding: str) -> str:
    """A Python that has a binding: this one, the system's, or one made for its tests."""
    made = sorted((ROOT / "build" / "python").glob("pypi-*/bin/python"))
    for python in (sys.executable, "/usr/bin/python3", *map(str, made)):
        check = [python, "-W", "ignore", "-c", f"import {binding}.QtNetwork"]
        if Path(python).exists() and subprocess.run(check, capture_output=True).returncode == 0:
            return python
    pytest.skip(f"no Python here has {binding}")


def _program(binding: str, style: str) -> str:
    start, prefix = {
        "names": (
            f"from {binding}.QtNetwork import QNetworkSession, QNetworkConfiguration, QTcpSocket",
            "",
        ),
        "module": (f"from {binding} import QtNetwork", "QtNetwork."),
        "star": (f"from {binding}.QtNetwork import *", ""),
    }[style]
    made = f"{prefix}QNetworkSession({prefix}QNetworkConfiguration())"
    return (
        f"{start}\nsession = {made}\nassert {prefix}QTcpSocket\nprint(int(session.state()))\n"
    )
