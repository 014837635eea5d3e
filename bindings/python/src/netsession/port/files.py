"""Lists the files under a path, reads them, and replaces their content."""

from __future__ import annotations

import contextlib
import enum
import os
import re
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from netsession.port.findings import Unreadable

SKIPPED = {"__pycache__", "node_modules", "site-packages"}


class Kind(enum.Enum):
    """The kind of a file."""

    PYTHON = "Python"
    CPP = "C++"
    BUILD = "build file"


SUFFIXES = {
    **dict.fromkeys((".py", ".pyw", ".pyi"), Kind.PYTHON),
    **dict.fromkeys(
        (".c++", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp", ".hxx", ".inl", ".ipp", ".mm"),
        Kind.CPP,
    ),
    **dict.fromkeys((".pro", ".pri", ".prf", ".cmake"), Kind.BUILD),
}
SHEBANG = re.compile(rb"#!.*\bpython[0-9.]*\b")


def kind_of(path: Path) -> Kind | None:
    """The kind of a file, by its name, or by its first line if the name has no suffix."""
    if path.name == "CMakeLists.txt":
        return Kind.BUILD
    if path.suffix:
        return SUFFIXES.get(path.suffix.lower())
    with path.open("rb") as file:
        return Kind.PYTHON if SHEBANG.match(file.readline(200)) else None


def walk(
    paths: list[Path], report_error: Callable[[Path, str], None]
) -> Iterator[tuple[Path, Kind]]:
    """Every file of a known kind under the paths, once, in order.

    A path that is a file counts as Python if its kind is not known. The walk leaves out
    hidden folders, virtual environments and folders that are links, unless they are
    among the paths. It calls report_error for each path that cannot be read.
    """
    seen: set[str] = set()
    for path in paths:
        try:
            about = path.stat()
        except (OSError, ValueError) as bad:
            report_error(path, getattr(bad, "strerror", None) or str(bad))
            continue
        if not stat.S_ISDIR(about.st_mode):
            yield from _known_file(path, seen, report_error, named=True)
            continue
        for file in _files(path, report_error):
            yield from _known_file(file, seen, report_error, named=False)


def _files(folder: Path, report_error: Callable[[Path, str], None]) -> Iterator[Path]:
    def failed(bad: OSError) -> None:
        report_error(Path(bad.filename), bad.strerror or str(bad))

    for root, folders, names in os.walk(folder, onerror=failed):
        here = Path(root)
        folders[:] = sorted(name for name in folders if not _skipped(here / name))
        yield from (here / name for name in sorted(names))


def _skipped(folder: Path) -> bool:
    hidden = folder.name.startswith(".") or folder.name in SKIPPED
    return hidden or (folder / "pyvenv.cfg").exists()


def _known_file(
    path: Path,
    seen: set[str],
    report_error: Callable[[Path, str], None],
    *,
    named: bool,
) -> Iterator[tuple[Path, Kind]]:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            if named:
                report_error(path, "it is not a regular file")
            return
        kind = kind_of(path) or (Kind.PYTHON if named else None)
    except FileNotFoundError:
        return  # A dangling link, or a file that was just removed.
    except OSError as bad:
        report_error(path, bad.strerror or str(bad))
        return
    # Not by its inode: when a file is replaced, its other hard links keep the old content.
    real = os.path.realpath(path)
    if kind and real not in seen:
        seen.add(real)
        yield path, kind


def read(path: Path) -> bytes:
    """A file's content; raises Unreadable if it is not text."""
    try:
        data = path.read_bytes()
    except OSError as bad:
        raise Unreadable(bad.strerror or str(bad)) from None
    if b"\0" in data:
        raise Unreadable("it is not a text")
    return data


def write(path: Path, data: bytes) -> None:
    """Replaces a file's content atomically; a link stays a link."""
    target = Path(os.path.realpath(path))
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with open(handle, "wb") as file:
                file.write(data)
                os.fchmod(file.fileno(), stat.S_IMODE(target.stat().st_mode))
                _keep_owner(file.fileno(), target)
            if not os.access(target, os.W_OK):
                raise PermissionError(13, "it is read-only")
            os.replace(name, target)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)
            raise
    except OSError as bad:
        raise Unreadable(bad.strerror or str(bad)) from None


def _keep_owner(descriptor: int, target: Path) -> None:
    about = target.stat()
    with contextlib.suppress(PermissionError):
        os.fchown(descriptor, about.st_uid, about.st_gid)
