"""Skips the tests of netsession.port if libcst, which it needs, is missing."""

import pytest

pytest.importorskip("libcst", reason="libcst is not installed: pip install netsession[port]")
