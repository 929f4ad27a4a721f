"""The story is played while the bot is killed with -9 at random moments; nothing is lost or said twice."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.demo.patience import Patience
from bot.demo.stage import Stage
from bot.demo.story import Story
from ops_core.alerts.alert import AlertState
from ops_core.alerts.group import get_group
from ops_core.incidents import incident, timeline
from ops_core.remediation import ledger
from ops_core.rhythm.task import Task, TaskState
from ops_core.store import audit
from ops_core.store.database import Database
from ops_core.store.outbox import Delivery, OutboxRow
from tests.scenarios.chaos import STORY, Killer, channels_of, story_of, twice, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(420)]

KILLS = int(os.environ.get("TOCSIN_CHAOS", "5"))
SEED = int(os.environ.get("TOCSIN_CHAOS_SEED", "1"))
STUBBORN = Patience(tries=12, seconds=5, wait=120, proof=180)
"""Looks for five seconds of the bot's life before pressing again, as a person would."""
OPEN = (Delivery.WAITING, Delivery.DEAD)


def test_the_story_survives_a_bot_that_is_killed(tmp_path: Path) -> None:
    """It ends as if nobody had killed it, and no process of the bot outlived it."""
    with Stage(tmp_path, 0) as stage:
        with Killer(stage, KILLS, SEED) as killer:
            Story(stage.url, print, STUBBORN).play()
        with Database(f"sqlite:///{tmp_path / 'tocsin.db'}").read() as rows:
            assert wait_until(lambda: not _unsent(rows)), _unsent(rows)
            _every_message_is_there_exactly_once(stage.url)
            _nothing_is_left_to_do(rows)
            _the_books_are_whole(rows)
    assert (killer.killed, killer.orphans, killer.trouble) == (KILLS, [], None)


def _every_message_is_there_exactly_once(url: str) -> None:
    """In the one channel with its one pinned card, and in the others."""
    assert story_of(url) == Counter(STORY)
    (room,) = channels_of(url)
    assert len(room["pins"]) == 1
    assert sorted(room["members"]) == ["U0ANA0000", "U0BEN0000", "U0LOCALBOT"]


def _nothing_is_left_to_do(rows: Session) -> None:
    """The incident is closed, its alert resolved, and no task waits or was given up."""
    assert incident.get(rows, 1).closed_at and get_group(rows, 1).state is AlertState.RESOLVED
    left = select(Task).where(col(Task.state).in_((TaskState.WAITING, TaskState.FAILED)))
    assert list(rows.exec(left)) == []


def _the_books_are_whole(rows: Session) -> None:
    """Timeline, audit log, and each move of the alias once, the last one as the rollback's."""
    assert twice(entry.text for entry in timeline.entries(rows, 1)) == []
    assert audit.first_broken(rows) is None
    moves = [(one.from_version, one.to_version, one.why) for one in ledger.moves(rows, "breast-cancer")]
    assert moves == [(None, "1", "seen"), ("1", "2", "seen"), ("2", "1", "R-1")]


def _unsent(rows: Session) -> list[OutboxRow]:
    rows.expire_all()
    return list(rows.exec(select(OutboxRow).where(col(OutboxRow.state).in_(OPEN))))
