"""The story is played while the bot is killed with -9 at random moments; nothing is lost or said twice."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlmodel import Session, col, select

from bot.demo.patience import Patience
from bot.demo.stage import Stage
from bot.demo.story import Story
from ops_core.alerts.alert import AlertState, get_alert
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
STUBBORN = Patience(tries=12, seconds=8, wait=120, proof=180)
"""Looks for eight seconds of the bot's life before pressing again, as a person would."""
OPEN = (Delivery.WAITING, Delivery.SENDING, Delivery.DEAD)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, Killer]]:
    """The stage after the story, and who disturbed it."""
    with Stage(tmp_path_factory.mktemp("chaos"), 0) as stage:
        with Killer(stage, KILLS, SEED) as killer:
            Story(stage.url, print, STUBBORN).play()
        with Database(f"sqlite:///{stage.folder / 'tocsin.db'}").read() as session:
            wait_until(lambda: not _open(session))
        yield stage, killer


@pytest.fixture
def rows(played: tuple[Stage, Killer]) -> Iterator[Session]:
    """What the bot wrote down."""
    with Database(f"sqlite:///{played[0].folder / 'tocsin.db'}").read() as session:
        yield session


def test_the_bot_was_killed_as_often_as_wanted(played: tuple[Stage, Killer]) -> None:
    """And no process of it outlived it."""
    killer = played[1]
    assert (killer.killed, killer.orphans, killer.trouble) == (KILLS, [], None)


def test_every_message_is_there_exactly_once(played: tuple[Stage, Killer]) -> None:
    """As when nobody kills it."""
    assert story_of(played[0].url) == Counter(STORY)


def test_there_is_one_channel_with_one_pinned_card(played: tuple[Stage, Killer]) -> None:
    """And everybody who was called is in it."""
    (room,) = channels_of(played[0].url)
    assert (len(room["pins"]), sorted(room["members"])) == (1, ["U0ANA0000", "U0BEN0000", "U0LOCALBOT"])


def test_nothing_waits_to_be_sent_or_done(rows: Session) -> None:
    """Neither messages nor tasks, and none was given up."""
    left = select(Task).where(col(Task.state).in_((TaskState.WAITING, TaskState.FAILED)))
    assert (_open(rows), list(rows.exec(left))) == ([], [])


def test_the_incident_and_its_alert_are_over(rows: Session) -> None:
    """Closed and resolved, and nothing is in the timeline twice."""
    assert incident.get(rows, 1).closed_at and get_alert(rows, 1).state is AlertState.RESOLVED
    assert twice(entry.text for entry in timeline.entries(rows, 1)) == []


def test_the_audit_log_and_the_ledger_are_whole(rows: Session) -> None:
    """Each move of the alias is there once, the last one as the rollback's."""
    assert audit.first_broken(rows) is None
    moves = [(one.from_version, one.to_version, one.why) for one in ledger.moves(rows, "breast-cancer")]
    assert moves == [(None, "1", "seen"), ("1", "2", "seen"), ("2", "1", "R-1")]


def _open(session: Session) -> list[OutboxRow]:
    session.expire_all()
    return list(session.exec(select(OutboxRow).where(col(OutboxRow.state).in_(OPEN))))
