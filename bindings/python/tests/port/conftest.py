"""The tests of the port need libcst, as it does."""

import pytest

pytest.importorskip("libcst", reason="libcst is not installed: pip install netsession[port]")
