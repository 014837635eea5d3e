"""The drop-in with PySide2."""

from lifetime import Lifetime
from names import NamesOfQt5
from signals import Signals
from threads import Threads
from values import Values


class TestPySide2(NamesOfQt5, Values, Signals, Lifetime, Threads):
    binding = "PySide2"
