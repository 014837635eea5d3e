"""The drop-in with PySide2."""

from installing import Installing
from lifetime import Lifetime
from names import NamesOfQt5
from oldstyle import OldStyle
from signals import Signals
from threads import Threads
from values import Values


class TestPySide2(NamesOfQt5, Values, Signals, Installing, Lifetime, Threads, OldStyle):
    binding = "PySide2"
