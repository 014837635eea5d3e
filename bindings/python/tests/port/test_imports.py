"""The rewriting of import statements."""

import pytest
from rewriting import findings, rewritten, rewritten_bytes

from netsession.port.findings import Outcome, Unreadable

CASES = {
    "all of a line": (
        "from PyQt5.QtNetwork import QNetworkSession  # noqa\n",
        "from netsession.qt.PyQt5 import QNetworkSession  # noqa\n",
    ),
    "other names stay": (
        "from PySide6.QtNetwork import QNetworkReply, QNetworkSession, QTcpSocket\n",
        "from PySide6.QtNetwork import QNetworkReply, QTcpSocket\n"
        "from netsession.qt.PySide6 import QNetworkSession\n",
    ),
    "first, last and a new name": (
        "from PyQt6.QtNetwork import QNetworkSession as S, QTcpSocket, QNetworkConfiguration\n",
        "from PyQt6.QtNetwork import QTcpSocket\n"
        "from netsession.qt.PyQt6 import QNetworkSession as S, QNetworkConfiguration\n",
    ),
    "one name a line, with comments": (
        "from PySide2.QtNetwork import (\n"
        "    QNetworkReply,  # the answer\n"
        "    # sessions\n"
        "    QNetworkSession,  # the session\n"
        "    QNetworkConfiguration,\n"
        ")\n",
        "from PySide2.QtNetwork import (\n"
        "    QNetworkReply,  # the answer\n"
        "    # sessions\n"
        "    # the session\n"
        ")\n"
        "from netsession.qt.PySide2 import (\n"
        "    QNetworkSession,\n"
        "    QNetworkConfiguration,\n"
        ")\n",
    ),
    "parentheses on one line": (
        "from PyQt5.QtNetwork import (QNetworkSession, QTcpSocket, QNetworkConfiguration,)\n",
        "from PyQt5.QtNetwork import (QTcpSocket,)\n"
        "from netsession.qt.PyQt5 import QNetworkSession, QNetworkConfiguration\n",
    ),
    "commas at the beginning of lines": (
        "from PyQt5.QtNetwork import (\n    QTcpSocket\n  , QNetworkSession\n  , QUdpSocket\n)\n",
        "from PyQt5.QtNetwork import (\n    QTcpSocket\n  , QUdpSocket\n)\n"
        "from netsession.qt.PyQt5 import QNetworkSession\n",
    ),
    "continued lines": (
        "from PyQt5.QtNetwork import QTcpSocket, \\\n"
        "    QNetworkSession, \\\n"
        "    QUdpSocket, \\\n"
        "    QNetworkConfiguration\n"
        "x = 1\n",
        "from PyQt5.QtNetwork import QTcpSocket, \\\n"
        "    QUdpSocket\n"
        "from netsession.qt.PyQt5 import QNetworkSession, QNetworkConfiguration\n"
        "x = 1\n",
    ),
    "in a function, with tabs": (
        "def f():\n\tfrom PyQt5.QtNetwork import QTcpSocket, QNetworkSession\n\treturn QNetworkSession\n",
        "def f():\n\tfrom PyQt5.QtNetwork import QTcpSocket\n"
        "\tfrom netsession.qt.PyQt5 import QNetworkSession\n\treturn QNetworkSession\n",
    ),
    "on the line of a try": (
        "try: from PyQt5.QtNetwork import QTcpSocket, QNetworkSession\nexcept ImportError: pass\n",
        "try: from PyQt5.QtNetwork import QTcpSocket; from netsession.qt.PyQt5 import QNetworkSession\n"
        "except ImportError: pass\n",
    ),
    "between semicolons": (
        "import os; from PyQt5.QtNetwork import QTcpSocket, QNetworkSession; x = 1\n",
        "import os; from PyQt5.QtNetwork import QTcpSocket; "
        "from netsession.qt.PyQt5 import QNetworkSession; x = 1\n",
    ),
    "one binding or another": (
        "try:\n    from PySide6.QtNetwork import QNetworkSession\n"
        "except ImportError:\n    from PyQt6.QtNetwork import QNetworkSession\n",
        "try:\n    from netsession.qt.PySide6 import QNetworkSession\n"
        "except ImportError:\n    from netsession.qt.PyQt6 import QNetworkSession\n",
    ),
    "no newline at the end": (
        "from PyQt5.QtNetwork import QTcpSocket, QNetworkSession",
        "from PyQt5.QtNetwork import QTcpSocket\nfrom netsession.qt.PyQt5 import QNetworkSession",
    ),
    "a star, where a name is used": (
        "from PyQt5.QtNetwork import *\ns = QNetworkSession(QNetworkConfiguration())\n",
        "from PyQt5.QtNetwork import *\n"
        "from netsession.qt.PyQt5 import QNetworkConfiguration, QNetworkSession\n"
        "s = QNetworkSession(QNetworkConfiguration())\n",
    ),
    "a star, where none is": (
        "from PyQt5.QtNetwork import *\nsocket.QNetworkSession\n",
        "from PyQt5.QtNetwork import *\nsocket.QNetworkSession\n",
    ),
    "the module": (
        "from PyQt5 import QtCore, QtNetwork  # Qt\ns = QtNetwork.QNetworkSession(c)\n",
        "from PyQt5 import QtCore, QtNetwork  # Qt\n"
        'import netsession.qt\nnetsession.qt.install("PyQt5")\n'
        "s = QtNetwork.QNetworkSession(c)\n",
    ),
    "the module under another name": (
        "import PySide6.QtNetwork as N\ns = N.QNetworkSession('c')\n",
        "import PySide6.QtNetwork as N\nimport netsession.qt\nnetsession.qt.install('PySide6')\n"
        "s = N.QNetworkSession('c')\n",
    ),
    "the module by its full name, in a function": (
        "def f():\n  import PyQt6.QtNetwork\n  return PyQt6.QtNetwork.QNetworkSession\n",
        "def f():\n  import PyQt6.QtNetwork\n  import netsession.qt\n"
        '  netsession.qt.install("PyQt6")\n  return PyQt6.QtNetwork.QNetworkSession\n',
    ),
    "the module, where netsession is something else": (
        "from PyQt5 import QtNetwork\nnetsession = QtNetwork.QNetworkSession(c)\n",
        "from PyQt5 import QtNetwork\nimport netsession.qt as netsession_qt\n"
        'netsession_qt.install("PyQt5")\nnetsession = QtNetwork.QNetworkSession(c)\n',
    ),
    "the module for something else": (
        "from PyQt5 import QtNetwork\ns = QtNetwork.QTcpSocket()  # not a QNetworkSession\n",
        "from PyQt5 import QtNetwork\ns = QtNetwork.QTcpSocket()  # not a QNetworkSession\n",
    ),
    "qtpy": (
        "import qtpy\nfrom qtpy.QtNetwork import QNetworkSession\n",
        "import qtpy\nfrom netsession.qt.QtNetwork import QNetworkSession\n",
    ),
    "qtpy, which has not chosen yet": (
        "from qtpy.QtNetwork import QNetworkSession\n",
        "import qtpy\nfrom netsession.qt.QtNetwork import QNetworkSession\n",
    ),
    "qtpy's module": (
        "from qtpy import QtNetwork\nQtNetwork.QNetworkSession\n",
        "from qtpy import QtNetwork\nimport netsession.qt\nnetsession.qt.install()\n"
        "QtNetwork.QNetworkSession\n",
    ),
    "PyQt4 is left alone": (
        "from PyQt4.QtNetwork import QNetworkSession\n",
        "from PyQt4.QtNetwork import QNetworkSession\n",
    ),
    "a module of the program's own": (
        "from .compat import QNetworkSession\n",
        "from .compat import QNetworkSession\n",
    ),
    "a class of the program's own": (
        "class QNetworkSession:\n    pass\nQNetworkSession()\n",
        "class QNetworkSession:\n    pass\nQNetworkSession()\n",
    ),
}


@pytest.mark.parametrize("before, after", CASES.values(), ids=CASES)
def test_imports(before: str, after: str) -> None:
    assert rewritten(before) == after
    assert rewritten(after) == after, "a second time changes nothing"


@pytest.mark.parametrize("before, after", CASES.values(), ids=CASES)
def test_carriage_returns_and_a_byte_order_mark_stay(before: str, after: str) -> None:
    mark = b"\xef\xbb\xbf"
    windows = mark + before.replace("\n", "\r\n").encode()
    newline = "\r\n" if "\n" in before else "\n"
    assert rewritten_bytes(windows) == mark + after.replace("\n", newline).encode()


def test_the_encoding_stays() -> None:
    before = "# -*- coding: latin-1 -*-\nfrom PyQt5.QtNetwork import QNetworkSession  # für\n"
    after = before.replace("PyQt5.QtNetwork", "netsession.qt.PyQt5")
    assert rewritten_bytes(before.encode("latin-1")) == after.encode("latin-1")


@pytest.mark.parametrize(
    "data, why",
    [
        (b"print QNetworkSession\n", "line 1: this is not Python 3"),
        (b"x = '\xff'  # QNetworkSession\n", "cannot be decoded"),
        (b"# coding: klingon\nQNetworkSession\n", "cannot be decoded"),
        (b"QNetworkSession = " + b"(" * 3000 + b")" * 3000 + b"\n", "nested too deeply"),
        (b"QNetworkSession = " + b"not " * 3000 + b"1\n", "nested too deeply"),
    ],
)
def test_an_unreadable_file_raises_with_the_reason(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        rewritten_bytes(data)


def test_every_use_is_reported() -> None:
    program = (
        "from PyQt5.QtNetwork import QNetworkSession as S, QNetworkAccessManager\n"
        "from PyQt5 import QtNetwork as N\n"
        "class Watch(S):\n"
        "    kind: 'QNetworkConfiguration' = N.QNetworkConfiguration.Active\n"
        "QObject.connect(s, SIGNAL('error(QNetworkSession::SessionError)'), f)\n"
        "QNetworkAccessManager().setNetworkAccessible(x)\n"
        "from mine import QNetworkConfigurationManager\n"
        "from PyQt4.QtNetwork import QNetworkSession as old\n"
        "old()\n"
    )
    seen = [
        (found.line, found.column, found.what, found.outcome) for found in findings(program)
    ]
    hand, stays, rewritten = Outcome.BY_HAND, Outcome.STAYS, Outcome.REWRITTEN
    assert seen == [
        (1, 1, "from PyQt5.QtNetwork import QNetworkSession as S", rewritten),
        (2, 1, "import of PyQt5.QtNetwork", rewritten),
        (3, 13, "QNetworkSession", stays),
        (4, 11, "QNetworkConfiguration", hand),
        (4, 37, "QNetworkConfiguration", stays),
        (5, 27, "error(QNetworkSession::SessionError)", hand),
        (6, 25, "setNetworkAccessible", hand),
        (7, 1, "from mine import QNetworkConfigurationManager", hand),
        (8, 1, "from PyQt4.QtNetwork import QNetworkSession as old", hand),
        (9, 1, "QNetworkSession", hand),
    ]


def test_one_import_of_a_module_is_enough() -> None:
    program = "from PyQt5 import QtNetwork\nimport PyQt5.QtNetwork as N\nN.QNetworkSession\n"
    assert rewritten(program).count("install") == 1
    late = "def f():\n    from PyQt5 import QtNetwork\nimport PyQt5.QtNetwork as N\nN.QNetworkSession\n"
    assert rewritten(late).count("install") == 2


def test_uses_that_cannot_be_resolved_are_reported() -> None:
    program = (
        "network = importlib.import_module(name)\n"
        "from mine.compat import QtNetwork\n"
        "import netsession.qt.PyQt5\n"
        "network.QNetworkSession, QtNetwork.QNetworkSession\n"
        "netsession.qt.PyQt5.QNetworkSession\n"
    )
    assert [(found.line, found.column, found.outcome) for found in findings(program)] == [
        (4, 1, Outcome.BY_HAND),
        (4, 26, Outcome.BY_HAND),
    ]


def test_set_configuration_is_reported_beside_an_access_manager() -> None:
    use = "manager.setConfiguration(config)\n"
    assert findings(use) == []
    found = findings("manager = QNetworkAccessManager()\n" + use)
    assert [(item.line, item.what, item.outcome) for item in found] == [
        (2, "setConfiguration", Outcome.BY_HAND)
    ]


def test_a_reexported_module_is_reported() -> None:
    found = findings("import PyQt5\nPyQt5.QtNetwork.QNetworkSession\n")
    assert [item.outcome for item in found] == [Outcome.BY_HAND, Outcome.STAYS]
    assert 'netsession.qt.install("PyQt5")' in found[0].advice
