"""What the bot says on its own: one table, complete, whose every template exists and renders."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import ops_core
from bot.rendering import TEMPLATES, Rendering
from ops_core import announcements
from ops_core.announcements import TABLE
from ops_core.events import Event, IncidentEvent
from ops_core.remediation.events import AliasMoved, RollbackEvent
from ops_core.store import plain
from ops_core.store.letters import LettersResent
from ops_core.store.outbox import OutboxRow, Room, Verb
from tests.ops_core.stand_ins import MODEL, NOW, SECOND
from tests.ops_core.world import ANN, House

RENDERING = Rendering()
SILENT = {AliasMoved, LettersResent}
"""Moves are kept in the ledger and told by the summary; letters that are sent again speak for themselves."""


def all_events() -> list[type[Event]]:
    """Every event of the domain that can happen, found by importing all of it."""
    for found in pkgutil.walk_packages(ops_core.__path__, "ops_core."):
        if ".migrations" not in found.name:
            importlib.import_module(found.name)

    def below(kind: type[Event]) -> Iterator[type[Event]]:
        for child in kind.__subclasses__():
            yield child
            yield from below(child)

    return [kind for kind in set(below(Event)) if kind.verb and kind.__module__.startswith("ops_core.")]


def test_every_event_is_said_or_is_silent_on_purpose() -> None:
    """A new one must be put into one of the two lists."""
    assert set(all_events()) == set(TABLE) | SILENT and not set(TABLE) & SILENT


def test_every_event_has_a_verb_of_its_own() -> None:
    """As `<noun>.<verb>`, so that the audit log can be searched."""
    verbs = [kind.verb for kind in all_events()]
    assert len(set(verbs)) == len(verbs)
    assert all(re.fullmatch(r"[a-z]+\.[a-z_]+", verb) for verb in verbs)


def test_every_template_that_is_named_exists() -> None:
    """Read from the source, so that rare ones are found too."""
    folder = Path(announcements.__file__).parent
    source = "\n".join(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.py")))
    named = set(re.findall(r'\bpost\([^"]*?"(\w+)"', source))
    assert len(named) >= 10
    assert {name for name in named if not (TEMPLATES / f"messages/{name}.xml.j2").is_file()} == set()


def test_what_is_said_on_a_walk_can_be_rendered(walked: House) -> None:
    """Every message of a whole incident, from its card to its last line."""
    with walked.database.write() as session:
        session.add(Room(name="incident:1", channel="C0INC"))
    walked.summaries.post()
    rendered = [render(walked, row) for row in walked.rows(OutboxRow) if row.verb in (Verb.POST, Verb.EDIT)]
    assert len(rendered) > 20 and all(rendered)


@pytest.mark.parametrize("trouble", ["undone", "unverified", "failed", "rejected", "not undone"])
def test_what_is_said_of_a_rollback_that_goes_wrong_can_be_rendered(house: House, trouble: str) -> None:
    """Card and proof, in every bad end."""
    rollback = house.propose(house.declare())
    if trouble == "rejected":
        house.rollbacks.reject(rollback.number, ANN)
    else:
        house.rollbacks.approve(rollback.number, ANN)
        house.registry.down = trouble == "failed"
        house.serving.lags = "2" if trouble == "unverified" else None
        house.pass_time()
        house.pass_time(SECOND * 200)
    if trouble in ("undone", "not undone"):
        house.rollbacks.undo(rollback.number, ANN)
        house.registry.down = trouble == "not undone"
        house.pass_time()
    with house.database.write() as session:
        session.add(Room(name="incident:1", channel="C0INC"))
    posts = [row for row in house.rows(OutboxRow) if row.verb in (Verb.POST, Verb.EDIT)]
    assert all(render(house, row) for row in posts)


def test_an_event_of_no_incident_is_in_no_timeline() -> None:
    """And only what has something to say is kept."""
    alone = RollbackEvent(
        by=ANN, at=NOW, rollback=1, in_incident=None, model=MODEL, from_version="2", to_version="1"
    )
    assert alone.incident_id is None and alone.said == ""
    assert IncidentEvent(by=ANN, at=NOW, incident=7).subject == "incident:7"


def render(house: House, row: OutboxRow) -> str:
    """The text of a row, as the sender would say it."""
    if row.subject and not row.context:
        with house.store.read() as session:
            words = house.cards.words(session, row.subject, house.clock.now())
        assert words.ready
        return RENDERING.message(words.template, **words.context).text
    return RENDERING.message(row.template, **plain.load(row.context)).text
