"""`tocsin doctor`: what it says of a place where all is well, and of one where nothing is."""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import text

from bot import manifest
from bot.workspace.core import Workspace
from bot.workspace.running import Running, running
from tests.cli import well
from tests.cli.commands import Tocsin
from tests.databases import Postgres

pytestmark = pytest.mark.xdist_group("doctor")

Told = tuple[int, dict[str, dict[str, str]]]


def spoiled_manifest() -> dict[str, Any]:
    """Ours without two scopes."""
    values = copy.deepcopy(manifest.values())
    for scope in ("pins:write", "chat:write.public"):
        values["oauth_config"]["scopes"]["bot"].remove(scope)
    return values


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The doctor's answers where everything is as it should be."""
    folder = tmp_path_factory.mktemp("well")
    with running(Workspace(manifest.values())) as place, well.serving() as url:
        sources = {"shell": {"kind": "json", "open": True}}
        ladder = {name: {"slack": "ana@example.test"} for name in ("lead", "manager", "vp", "compliance")}
        return well.doctor(
            well.fill(folder, place, url, http={"port": 8080}, sources=sources, oncall={"people": ladder})
        )


@pytest.fixture(scope="module")
def ill(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The same where everything is wrong."""
    folder = tmp_path_factory.mktemp("ill")
    with running(Workspace(spoiled_manifest(), bot_channels=["ml-incidents"])) as place:
        channels = {"summary": "#nowhere", "incidents": "#ml-incidents"}
        config = well.fill(
            folder,
            place,
            "http://127.0.0.1:9",
            channels=channels,
            people={"on_call": ["zoe@example.test"]},
            sources={
                "dashboards": {"kind": "grafana"},
                "am": {"kind": "alertmanager", "open": True, "url": "http://127.0.0.1:9"},
            },
        )
        settings = (
            config.read_text()
            .replace("breast-cancer", "heart")
            .replace("reference.parquet", "absent.parquet")
        )
        config.write_text(
            settings.replace(
                "    labels:",
                "    checks: [{check: quality.nul_rate}]\n    backups: {models: nowhere/*.tar}\n    labels:",
            )
        )
        spoil_database(folder)
        return well.doctor(config)


def spoil_database(folder: Path) -> None:
    """Give up the message that waits, and change the past."""
    with well.database(folder).write() as session:
        session.execute(text("UPDATE outbox SET state = 'dead', error = 'no_text'"))
        session.execute(text("UPDATE audit SET verb = 'other' WHERE id = 1"))


@pytest.fixture
def empty_place() -> Iterator[Running]:
    """A workspace without our channels."""
    with running(Workspace(manifest.values(), channels=["general"])) as place:
        yield place


def test_all_is_well(healthy: Told) -> None:
    """Exit code 0, and each point says what it found."""
    code, answers = healthy
    assert code == 0, [each for each in answers.values() if each["state"] != "ok"]
    assert all(each["found"] and not each["fix"] for each in answers.values())


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("bot token", "@tocsin in Tocsin demo"),
        ("scopes", "none too many"),
        ("commands", "/incident, /model, /ops"),
        ("channel #ml-alerts", "may post"),
        ("people", "1 on call"),
        ("database", "schema 0"),
        ("audit log", "unbroken"),
        ("outbox", "1 waiting"),
        ("source shell", "json, heard at /sources/shell"),
        ("breast-cancer: registry", "champion names v1"),
        ("breast-cancer: serving", "serves v1"),
        ("breast-cancer: data", "reference: 1 file"),
        ("breast-cancer: checks", "of the catalogue"),
        ("breast-cancer: signals", "nothing is read outside"),
    ],
)
def test_a_point_says_what_it_found(healthy: Told, name: str, found: str) -> None:
    """Enough to see that it looked at the right thing."""
    assert found in healthy[1][name]["found"]


@pytest.mark.parametrize(
    ("name", "state", "found"),
    [
        ("scopes", "failed", "missing: chat:write.public, pins:write"),
        ("channel #ml-alerts", "failed", "not a member and may not post"),
        ("channel #ml-incidents", "ok", "the bot is a member"),
        ("channel #nowhere", "failed", "no such public channel"),
        ("people", "failed", "zoe@example.test"),
        ("audit log", "failed", "entry 1 (other) was changed"),
        ("outbox", "warning", "given up"),
        ("source dashboards", "failed", "sources.dashboards has no secret"),
        ("source am", "warning", "The Alertmanager at 127.0.0.1:9 did not answer"),
        ("heart: registry", "failed", "There is no model “heart” in the registry; there are: breast-cancer."),
        ("heart: serving", "failed", "cannot connect"),
        ("heart: data", "failed", "reference (absent.parquet)"),
        ("heart: checks", "failed", "no check named 'quality.nul_rate'"),
        ("heart: signals", "warning", "backup.age: nothing with content is at "),
    ],
)
def test_a_point_says_what_is_wrong(ill: Told, name: str, state: str, found: str) -> None:
    """And goes on with the others."""
    answer = ill[1][name]
    assert answer["state"] == state and found in answer["found"]


def test_every_failure_has_its_fix(ill: Told) -> None:
    """Nobody is left with a finding only; the exit code is that of the worst."""
    code, answers = ill
    assert code == 2
    assert [each["name"] for each in answers.values() if each["state"] == "failed" and not each["fix"]] == []


def test_a_bad_token_is_one_failure(config: Path) -> None:
    """What depends on it could not be told; that is no failure of its own."""
    code, answers = well.doctor(config, SLACK_BOT_TOKEN="xoxb-hunter2")
    assert code == 2 and "invalid_auth" in answers["bot token"]["found"]
    assert [name for name, each in answers.items() if each["state"] == "failed"] == ["bot token"]
    assert "could not be told" in answers["people"]["found"] and "hunter2" not in str(answers)


def test_tokens_in_each_others_place_are_noticed(config: Path) -> None:
    """By their beginnings, before Slack is asked."""
    _, answers = well.doctor(config, SLACK_BOT_TOKEN="xapp-local", SLACK_APP_TOKEN="xoxb-local")
    assert "does not begin with xoxb-" in answers["bot token"]["found"]
    assert "does not begin with xapp-" in answers["app-level token"]["found"]


def test_nothing_is_made_by_looking(config: Path) -> None:
    """A database that is not there yet is told, not created."""
    _, answers = well.doctor(config)
    assert answers["database"]["state"] == "ok" and "not there yet" in answers["database"]["found"]
    assert list(config.parent.glob("*.db*")) == []


def test_a_newer_schema_is_refused(config: Path) -> None:
    """With both revisions."""
    with well.database(config.parent).write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    answer = well.doctor(config)[1]["database"]
    assert answer["state"] == "failed" and "schema 9999" in answer["found"] and "backup" in answer["fix"]


def test_postgresql_is_looked_at_without_telling_its_password(config: Path, server: Postgres) -> None:
    """Empty, and then not there."""
    url = server.make().replace("postgres:@", "postgres:s3cret@")
    _, answers = well.doctor(config, TOCSIN_DATABASE=url)
    assert answers["database"]["state"] == "ok" and "not made yet" in answers["database"]["found"]
    _, away = well.doctor(config, TOCSIN_DATABASE="postgresql://a:s3cret@127.0.0.1:1/b")
    assert away["database"]["state"] == "failed" and "did not answer" in away["database"]["found"]
    assert "s3cret" not in str([answers, away])


def test_tables_are_looked_at(config: Path) -> None:
    """Whether they answer, and have the columns that are needed."""
    rows = config.parent / "rows.db"
    with closing(sqlite3.connect(rows)) as connection:
        connection.execute("CREATE TABLE t (request_id, at, prediction)")
    settings = yaml.safe_load(config.read_text())
    model: dict[str, Any] = {"predictions": "sqlite:///rows.db#t", "reference": "sqlite:///rows.db#t"}
    config.write_text(yaml.safe_dump({**settings, "models": {well.MODEL: model}}))
    assert "3 columns" in well.doctor(config)[1][f"{well.MODEL}: tables"]["found"]
    model["columns"] = {"at": "served_at"}
    config.write_text(yaml.safe_dump({**settings, "models": {well.MODEL: model}}))
    answer = well.doctor(config)[1][f"{well.MODEL}: tables"]
    assert answer["state"] == "failed" and "no column served_at" in answer["found"]


def test_http_mode_needs_a_secret_instead_of_an_app_token(config: Path) -> None:
    """The point of the other mode is not there."""
    _, answers = well.doctor(config, TOCSIN_SLACK_MODE="http")
    assert answers["signing secret"]["state"] == "failed" and "app-level token" not in answers


def test_wrong_settings_are_the_only_answer(tocsin: Tocsin, tmp_path: Path) -> None:
    """Nothing else can be looked at; exit code 2."""
    (tmp_path / "tocsin.yml").write_text("databse: x")
    answer = tocsin("doctor")
    assert answer.returncode == 2 and "databse: there is no such setting" in answer.stdout


def test_the_table_is_aligned_and_without_colours(config: Path, tocsin: Tocsin) -> None:
    """All states stand in one column when no person's terminal reads it; a sum ends it."""
    lines = tocsin("doctor", "--config", config).stdout.splitlines()
    columns = {
        line.index(f"  {state}  ".rstrip() + " ")
        for line in lines[:-2]
        for state in ("ok", "warning", "failed")
        if line[0] != " " and f"  {state} " in line
    }
    assert len(columns) == 1 and "\x1b" not in "".join(lines) and lines[-1].endswith(".")
