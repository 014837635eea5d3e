"""Helpers that the tests share: paths, networks to play, and waiting."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import netsession

ROOT = Path(__file__).resolve().parents[3]
LIBRARY = ROOT / "build" / "libnetsession.so"
WAIT = 120.0  # seconds; longer than any step takes on a loaded machine

# A laptop with a cable that is plugged in and a radio that is off.
LAPTOP = """
access-point eth0 name="Office cable" bearer=ethernet state=active address=192.0.2.5/24 \
 default-route=yes metric=100 received=1000 written=500 index=7
access-point wlan0 name="Wi-Fi" bearer=wlan strength=70 address=192.0.2.77/24 \
 default-route=yes metric=600
"""

# A VPN over a link that is metered until the first step.
VPN = """
access-point wwan0 name="Mobile data" bearer=lte state=active metered=yes \
 address=203.0.113.9/32 default-route=yes metric=700
access-point vpn0 name="Company" role=tunnel state=active address=10.8.0.2/24 \
 default-route=yes metric=50
on refresh
    set wwan0 metered=no
"""

Play = Callable[..., netsession.Manager]


def until(
    manager: netsession.Manager, condition: Callable[[], object], wait: float = WAIT
) -> None:
    """Dispatches until a condition is true, or fails after a timeout."""
    deadline = time.monotonic() + wait
    while not condition():
        assert time.monotonic() < deadline, "timeout"
        manager.dispatch(0.05)


def eventually(condition: Callable[[], object], wait: float = WAIT) -> bool:
    """Whether a condition becomes true before a timeout; dispatches nothing."""
    deadline = time.monotonic() + wait
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
