"""Streams and sessions in asyncio."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from shared import LAPTOP, WAIT, Play, eventually

import netsession
from netsession import UpdateCompleted, aio


def test_a_stream(play: Play) -> None:
    manager = play(LAPTOP)
    called: list[int] = []
    manager.on_update_completed = lambda: called.append(threading.get_ident())

    async def main() -> list[str]:
        events = manager.events(timeout=WAIT)
        session = netsession.Session(manager, "wlan0")
        session.open()
        received = []
        async for event in events:
            if isinstance(event, netsession.SessionEvent):
                received.append(event.signal)
            if isinstance(event, netsession.Opened):
                manager.update_configurations()
            if isinstance(event, UpdateCompleted):
                break
        return received

    assert asyncio.run(main())[:2] == ["stateChanged", "opened"]
    assert called == [threading.get_ident()]


def test_a_stream_ends(laptop: netsession.Manager) -> None:
    async def main() -> None:
        assert [e async for e in laptop.events(timeout=0.1)] == []
        events = laptop.events()
        asyncio.get_running_loop().call_later(0.1, laptop.close)
        assert [e async for e in events] == []

    asyncio.run(main())


def test_streams_side_by_side(laptop: netsession.Manager) -> None:
    async def first() -> str:
        async for event in laptop.events(timeout=WAIT):
            return event.signal
        return ""

    async def main() -> list[str]:
        tasks = [asyncio.create_task(first()) for _ in range(5)]
        await asyncio.sleep(0)
        laptop.update_configurations()
        return await asyncio.gather(*tasks)

    assert asyncio.run(main()) == ["updateCompleted"] * 5


def test_cancelled_and_awaited_again(laptop: netsession.Manager) -> None:
    async def main() -> None:
        events = laptop.events()
        for _ in range(20):
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(events.__anext__(), 0.01)
        laptop.update_configurations()
        assert isinstance(await asyncio.wait_for(events.__anext__(), WAIT), UpdateCompleted)

    asyncio.run(main())


def test_an_exception_in_a_callback(laptop: netsession.Manager) -> None:
    laptop.on_update_completed = lambda: 1 / 0

    async def main() -> None:
        events = laptop.events(timeout=WAIT)
        laptop.update_configurations()
        with pytest.raises(ZeroDivisionError):
            async for _ in events:
                pass

    asyncio.run(main())


def test_callbacks_with_add_reader(laptop: netsession.Manager) -> None:
    async def main() -> None:
        done = asyncio.Event()
        laptop.on_update_completed = done.set
        asyncio.get_running_loop().add_reader(laptop, laptop.dispatch)
        laptop.update_configurations()
        await asyncio.wait_for(done.wait(), WAIT)
        asyncio.get_running_loop().remove_reader(laptop)

    asyncio.run(main())


def test_one_loop_after_the_other(laptop: netsession.Manager) -> None:
    events = laptop.events(timeout=WAIT)

    async def main() -> netsession.Event:
        laptop.update_configurations()
        return await events.__anext__()

    for _ in range(5):
        assert isinstance(asyncio.run(main()), UpdateCompleted)


def test_two_loops_in_parallel(script: Callable[[str], Path]) -> None:
    path = script(LAPTOP)
    results: list[int] = []

    async def main() -> None:
        with netsession.Manager(backend="script", script=path) as manager:
            count = 0
            with manager.events(timeout=WAIT) as events:
                for _ in range(100):
                    manager.update_configurations()
                    while not isinstance(await events.__anext__(), UpdateCompleted):
                        pass
                    count += 1
            results.append(count)

    threads = [threading.Thread(target=asyncio.run, args=(main(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [100, 100]


def test_open(play: Play) -> None:
    manager = play(LAPTOP + 'start wlan0 takes 100ms fails aborted "No password."\n')
    wlan = manager.configuration_from_identifier("wlan0")

    async def main() -> int:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0.01)

        ticking = asyncio.create_task(tick())
        async with aio.open(manager.default_configuration, timeout=WAIT) as session:
            assert session.interface == "eth0"
        assert eventually(lambda: not session.is_open)
        with pytest.raises(netsession.SessionError, match="No password"):
            async with aio.open(wlan, timeout=WAIT):
                pytest.fail("wlan0 must not open")
        ticking.cancel()
        return ticks

    assert asyncio.run(main()) > 3  # the loop was not blocked


def test_open_times_out(play: Play) -> None:
    manager = play(LAPTOP + "start wlan0 hangs\n")

    async def main() -> None:
        with pytest.raises(netsession.OpenTimeoutError):
            async with aio.open(manager.configuration_from_identifier("wlan0"), 0.1):
                pytest.fail("wlan0 must not open")
        session = netsession.Session(manager, "wlan0")
        assert not await aio.wait_for_opened(session)  # no open is pending

    asyncio.run(main())
