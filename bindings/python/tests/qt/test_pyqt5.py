"""The drop-in with PyQt5."""

from lifetime import Lifetime
from names import Names
from signals import Signals
from threads import Threads
from values import Values


class TestPyQt5(Names, Values, Signals, Lifetime, Threads):
    binding = "PyQt5"
