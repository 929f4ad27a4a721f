"""A database from before alerts had groups is brought forward with what it holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from ops_core.alerts.alert import Alert, AlertState
from ops_core.alerts.firing import name_of, start_of
from ops_core.alerts.group import AlertGroup, findings
from ops_core.alerts.silence import Silence
from ops_core.checks.finding import Verdict
from ops_core.incidents import incident
from ops_core.store.database import Database
from ops_core.store.migrate import MIGRATIONS, migrate
from tests.ops_core.stand_ins import BAD, GOOD, MODEL, NOW, finding
from tests.ops_core.test_intake import heard
from tests.ops_core.world import House

FINDINGS = [finding(Verdict.CRITICAL), finding(Verdict.WARNING, check="drift.data")]


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Database]:
    """A database of the second schema, with an alert that fires, one that is over, and a silence."""
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(
            text(
                "INSERT INTO incident (id, title, type, severity, impact, phase, opened_by, opened_at,"
                " root_cause, resolution, alert_id) VALUES (3, 'F1 fell', 'infrastructure', 'P1', '',"
                " 'notify', 'U0ANN', '2026-11-20 11:00:00', '', '', 2)"
            )
        )
        connection.execute(text("INSERT INTO responder VALUES (3, 'U0ANN', '2026-11-20 11:00:00')"))
        for number, state in ((1, "resolved"), (2, "firing")):
            connection.execute(
                text(
                    "INSERT INTO alert (id, model, title, severity, state, since, fired_at, quiet_runs, told,"
                    " findings, incident_id)"
                    " VALUES (:number, :model, 'F1', 'P1', :state, :at, :at, 0, 1, :findings, 3)"
                ),
                {
                    "number": number,
                    "state": state,
                    "model": MODEL,
                    "at": NOW.replace(tzinfo=None).isoformat(" "),
                    "findings": json.dumps([one.to_json() for one in FINDINGS]),
                },
            )
        connection.execute(
            text(
                "INSERT INTO silence (model, starts_at, ends_at, by, reason)"
                " VALUES ('tumour', '2026-11-20 11:00:00', '2026-11-20 13:00:00', 'U0ANN', 'x')"
            )
        )
    migrate(database)
    yield database
    database.close()


def test_cards_keep_their_numbers_and_what_they_say(old: Database) -> None:
    """Each finding is an alert of its own."""
    house = House(old)
    over, fires = house.rows(AlertGroup)
    assert house.read(incident.get, 3).alert_group_id == 2
    assert (over.ref, over.open_key, fires.ref, fires.was_told) == ("A-1", None, "A-2", True)
    found = house.read(findings, fires)
    assert [one.check for one in found] == ["performance.f1", "drift.data"]


def test_what_fired_before_goes_on_and_ends_on_its_card(old: Database) -> None:
    """The next run finds it again; two quiet ones end it."""
    house = House(old)
    for said in (BAD, GOOD, GOOD, GOOD):
        house.alerts.receive(MODEL, said)
    assert [group.state for group in house.rows(AlertGroup)] == [AlertState.RESOLVED] * 2


def test_firings_are_known_again_by_their_start(database: Database) -> None:
    """What fired before its name was turned round, and is told once more, is the same; also one of 1601."""
    house = House(database)
    said = [heard(), heard("Old", starts_at=datetime(1601, 1, 1, tzinfo=UTC))]
    house.intake.take(said)
    names = [alert.firing for alert in house.rows(Alert)]
    with database.engine.begin() as connection:
        for name in names:
            start, _, fingerprint = name.rpartition("-")
            turned = {"name": name, "before": f"{fingerprint}-{start}"}
            connection.execute(text("UPDATE alert SET firing = :before WHERE firing = :name"), turned)
        connection.execute(text("UPDATE alembic_version SET version_num = '0008'"))
    migrate(database)
    assert [alert.firing for alert in house.rows(Alert)] == names
    assert house.intake.take(said).new == 0


@pytest.mark.parametrize("start", [datetime(2026, 11, 20, 12, tzinfo=UTC), datetime(1601, 1, 1, tzinfo=UTC)])
def test_a_name_of_before_has_its_start_too(start: datetime) -> None:
    """An older process may still have written some when the names were turned round."""
    name = name_of("0123456789012345", start)
    before, _, fingerprint = name.rpartition("-")
    names = (name, f"{name}:7", f"{fingerprint}-{before}", f"{fingerprint}-{before}:7")
    assert [start_of(each) for each in names] == [start] * 4


def test_firings_of_the_first_schema_have_a_start(old: Database) -> None:
    """And stay apart where the same began twice at once."""
    alerts = House(old).rows(Alert)
    assert {start_of(alert.firing) for alert in alerts} == {alert.starts_at for alert in alerts}
    assert len({alert.firing for alert in alerts}) == 4


def test_a_silence_of_a_model_is_one_of_its_label(old: Database) -> None:
    """It hushes what it hushed."""
    (silence,) = House(old).rows(Silence)
    assert silence.scope == 'model="tumour"' and silence.covers({"model": MODEL})
