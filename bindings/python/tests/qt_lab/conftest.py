"""The drop-in beside a real NetworkManager, in the lab."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "qt"))
pytest.register_assert_rewrite("bench")
