"""The exits of processes, and child processes."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from shared import LAPTOP, WAIT

import netsession

FLOOD = LAPTOP + (
    'repeat forever\nafter 1ms\n set eth0 name="a"\nafter 1ms\n set eth0 name="b"\nend\n'
)

# Exits while callbacks run, on the main thread or on a daemon thread.
IN_FLIGHT = """
import sys, threading, time, netsession
script, where = sys.argv[1:]
manager = netsession.Manager(backend="script", script=script)
session = manager.configuration_from_identifier("wlan0").open()
count = 0
def changed(configuration):
    global count
    count += 1
    if count == 20 and where == "callback":
        sys.exit(0)
def dispatch():
    try:
        while True:
            manager.dispatch(None)
    except netsession.ClosedError:
        pass  # the interpreter ends
manager.on_configuration_changed = changed
session.on_state_changed = print
if where == "thread":
    threading.Thread(target=dispatch, daemon=True).start()
    while count < 20:
        time.sleep(0.001)
elif where == "iteration":
    for event in manager.events():
        count += 1
        if count == 20:
            break
else:
    dispatch()
"""


def exit_once(where: str, script: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", IN_FLIGHT, str(script), where],
        capture_output=True,
        text=True,
        timeout=WAIT * 3,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("where", ["callback", "thread", "iteration"])
def test_exits_with_callbacks_in_flight(where: str, script: Callable[[str], Path]) -> None:
    path = script(FLOOD)
    exits = int(os.environ.get("NETSESSION_TEST_EXITS", "2"))
    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(lambda _: exit_once(where, path), range(exits)))
    assert ends == [(0, "")] * exits


def in_child(answers: multiprocessing.Queue[str]) -> None:
    """Calls everything in a forked child, and returns the results."""
    assert INHERITED is not None
    manager, session, configuration = INHERITED
    attempts: list[Callable[[], object]] = [
        lambda: netsession.Manager(),
        lambda: manager.is_online,
        lambda: manager.dispatch(),
        lambda: manager.events(),
        lambda: session.interface,
        lambda: configuration.identifier,
        session.close,
    ]
    for attempt in attempts:
        try:
            answers.put(f"returned {attempt()!r}")
        except netsession.ForkedError as why:
            answers.put(str(why))
    manager.close()


INHERITED: tuple[netsession.Manager, netsession.Session, netsession.Configuration] | None = None


def test_a_forked_child_gets_a_clear_error(laptop: netsession.Manager) -> None:
    global INHERITED
    configuration = laptop.default_configuration
    INHERITED = (laptop, configuration.open(), configuration)
    fork = multiprocessing.get_context("fork")
    answers: multiprocessing.Queue[str] = fork.Queue()
    child = fork.Process(target=in_child, args=(answers,))
    child.start()
    said = [answers.get(timeout=WAIT) for _ in range(7)]
    child.join(WAIT)
    INHERITED = None
    assert child.exitcode == 0
    assert len(set(said)) == 1
    assert 'multiprocessing.get_context("spawn")' in said[0]
    assert laptop.is_online  # the parent is not affected
    # The exit of the child does not close the parent's descriptors.
    assert configuration.open().is_open


def online(script: str) -> str:
    manager = netsession.Manager(backend="script", script=script)
    with manager, manager.default_configuration.open(timeout=WAIT) as session:
        return session.interface


def test_a_spawned_child_works(
    laptop: netsession.Manager, script: Callable[[str], Path]
) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(online, (str(script(LAPTOP)),)) == "eth0"


def test_a_fork_before_the_first_use_works(script: Callable[[str], Path]) -> None:
    code = (
        "import os, sys, netsession\n"
        "if os.fork() == 0:\n"
        "    with netsession.Manager(backend='script', script=sys.argv[1]) as m:\n"
        "        print(m.is_online)\n"
        "else:\n"
        "    sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))\n"
    )
    command = [sys.executable, "-c", code, str(script(LAPTOP))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")
