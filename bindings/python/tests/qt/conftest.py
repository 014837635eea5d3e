"""Assertions of the abstract tests show the values that they compare."""

import pytest

pytest.register_assert_rewrite(
    "bench", "names", "values", "signals", "lifetime", "threads", "oldstyle", "installing"
)
