"""The drop-in with PyQt5."""

from installing import Installing
from lifetime import Lifetime
from names import NamesOfQt5
from signals import Signals
from threads import Threads
from values import Values


class TestPyQt5(NamesOfQt5, Values, Signals, Installing, Lifetime, Threads):
    binding = "PyQt5"
