"""The drop-in with PySide6."""

from lifetime import Lifetime
from names import Names
from signals import Signals
from threads import Threads
from values import Values


class TestPySide6(Names, Values, Signals, Lifetime, Threads):
    binding = "PySide6"
