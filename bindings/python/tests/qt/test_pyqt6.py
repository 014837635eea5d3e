"""The drop-in with PyQt6."""

from lifetime import Lifetime
from names import Names
from signals import Signals
from threads import Threads
from values import Values


class TestPyQt6(Names, Values, Signals, Lifetime, Threads):
    binding = "PyQt6"
