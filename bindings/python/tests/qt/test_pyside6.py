"""The drop-in with PySide6."""

from installing import Installing
from lifetime import Lifetime
from names import Names
from oldstyle import OldStyle
from signals import Signals
from threads import Threads
from values import Values


class TestPySide6(Names, Values, Signals, Installing, Lifetime, Threads, OldStyle):
    binding = "PySide6"
