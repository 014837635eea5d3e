"""The drop-in with PyQt6."""

from installing import Installing
from lifetime import Lifetime
from names import Names
from signals import Signals
from threads import Threads
from values import Values


class TestPyQt6(Names, Values, Signals, Installing, Lifetime, Threads):
    binding = "PyQt6"
