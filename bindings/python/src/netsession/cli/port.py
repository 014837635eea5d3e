"""Ports programs that use QNetworkSession, QNetworkConfiguration and
QNetworkConfigurationManager, which Qt 6 took out of QtNetwork.

Reports each use under the paths, with what becomes of it: in Python, and by text
in C++, in .pro and CMake files. --write rewrites the imports of Python files in
place, and leaves all else as it is, byte for byte. It needs libcst:
python3 -m pip install "netsession[port]"
"""

from __future__ import annotations

import argparse
import sys

from ..port.command import Missing, port
from ._exit import UNUSABLE

HELP = "rewrite programs that import QNetworkSession from PyQt or PySide"
EPILOG = """\
exit status:
  0    nothing uses the classes, or nothing is left to be done
  1    imports can be rewritten, or some uses need you
  2    the command line is wrong
  3    a file was left as it is, because it cannot be read, understood or written
  4    libcst is not installed
  130  Ctrl-C; no file is half written
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="+", help="files, and folders of files")
    parser.add_argument("--write", action="store_true", help="rewrite the files in place")
    parser.add_argument(
        "--diff", action="store_true", help="print what is, or would be, rewritten, as a diff"
    )


def run(options: argparse.Namespace) -> int:
    try:
        return port(options.paths, rewrite=options.write, show=options.diff)
    except Missing as why:
        print(f"netsession: {why}", file=sys.stderr)
        return UNUSABLE
