"""The user choice."""

from __future__ import annotations

import gc

import pytest
from shared import LAPTOP, WAIT, Play, until

import netsession
from netsession import Configuration, ErrorCode, Session


def test_the_user_chooses(play: Play) -> None:
    manager = play(LAPTOP, default_configuration="user-choice")
    asked: list[str] = []

    def choose(session: Session, candidates: list[Configuration]) -> None:
        asked.extend(c.identifier for c in candidates)
        session.choose(candidates[1])

    manager.on_choose = choose
    assert manager.default_configuration.type is netsession.ConfigurationType.USER_CHOICE
    with manager.default_configuration.open(timeout=WAIT) as session:
        assert asked == ["eth0", "wlan0", "netsession:internet"]
        assert session.interface == "wlan0"
        assert session.properties["UserChoiceConfiguration"] == "wlan0"
        with pytest.raises(netsession.NotAskedError, match="any more"):
            session.choose(None)


def test_the_user_chooses_nothing(play: Play) -> None:
    manager = play(LAPTOP, default_configuration="user-choice")
    manager.on_choose = lambda session, _candidates: session.choose(None)
    with pytest.raises(netsession.SessionError) as caught:
        manager.default_configuration.open(timeout=WAIT)
    assert caught.value.error is ErrorCode.SESSION_ABORTED


def test_the_user_chooses_later(play: Play) -> None:
    manager = play(LAPTOP + "access-point far state=defined\n")
    session = Session(manager, "netsession:user-choice")
    questions: list[netsession.ChoiceRequested] = []
    with manager.events() as events:
        manager.on_choose = lambda _session, _candidates: None
        with pytest.raises(netsession.NotAskedError, match="yet"):
            session.choose(manager.configuration_from_identifier("eth0"))
        session.open()
        while not questions:
            manager.dispatch(0.05)
            questions += [e for e in events.take() if isinstance(e, netsession.ChoiceRequested)]
    assert questions[0].session is session
    with pytest.raises(netsession.ArgumentError):
        session.choose(manager.configuration_from_identifier("far"))
    session.choose(questions[0].candidates[0])
    assert session.wait_for_opened(WAIT)
    assert session.interface == "eth0"


def test_without_a_callback(play: Play) -> None:
    manager = play(LAPTOP, default_configuration="user-choice")
    with manager.events(), manager.default_configuration.open(timeout=WAIT) as session:
        assert session.interface == "eth0"


def test_a_deleted_session_does_not_ask(laptop: netsession.Manager) -> None:
    received: list[object] = []
    laptop.on_choose = lambda *question: received.append(question)
    laptop.on_update_completed = lambda: received.append("done")
    session = Session(laptop, "netsession:user-choice")
    session.open()
    del session
    gc.collect()
    laptop.update_configurations()
    until(laptop, lambda: "done" in received)
    assert received == ["done"]
