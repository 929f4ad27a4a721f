"""Other monitors' alerts, through the whole bot: from a request to a card in Slack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from ops_core.alerts.alert import Alert
from ops_core.alerts.endings import KIND
from ops_core.rhythm.task import Task
from tests import local
from tests.sources.hearsay import payload
from tests.sources.monitors import free_port
from tests.wire import Scene, parsed, said, scene

SECRET = "a secret of twenty letters"
TOKEN = {"Authorization": f"Bearer {SECRET}"}
KINDS = {"am": "alertmanager", "reports": "evidently", "shell": "json", "registry": "mlflow"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scene, str]]:
    """A bot with four sources, and where they are."""
    folder: Path = tmp_path_factory.mktemp("sources")
    (folder / "token").write_text(SECRET)
    sources = {name: {"kind": kind, "secret_file": "token"} for name, kind in KINDS.items()}
    port = free_port()
    with scene(folder, more={"http": {"port": port}, "sources": sources}) as stage:
        yield stage, f"http://127.0.0.1:{port}"


def alerts(stage: Scene, name: str) -> list[Alert]:
    """The rows of an alert."""
    with stage.tocsin.store.read() as session:
        return list(session.exec(select(Alert).where(col(Alert.name).contains(name))))


def test_an_alert_becomes_a_card_that_pings_nobody(served: tuple[Scene, str]) -> None:
    """Whatever the words of a stranger are."""
    stage, address = served
    group = payload("alertmanager_firing")
    assert local.post(f"{address}/sources/am", json=group, headers=TOKEN).status_code == 202
    card = stage.ana.wait_message("ml-alerts", lambda each: "p99 is 2.1 s" in said(each))
    assert "<!channel>" not in parsed(card)


def test_what_is_well_makes_no_alert(served: tuple[Scene, str]) -> None:
    """A report tells everything each time; what never fired is no news."""
    stage, address = served
    assert local.post(f"{address}/sources/reports", json=payload("evidently"), headers=TOKEN).json() == {
        "taken": 6
    }
    assert len(alerts(stage, "Value Drift for column age")) == 1
    assert alerts(stage, "Row count in dataset") == []


def test_what_one_report_finds_is_one_card(served: tuple[Scene, str]) -> None:
    """However many of its tests fail; a silence of the card hushes those that do."""
    stage, address = served
    names = [f"Mean of {column}" for column in ("age", "income", "height")]
    tests = [{"name": name, "status": "FAIL", "description": f"{name} is off"} for name in names]
    local.post(f"{address}/sources/reports", json={"tests": tests}, headers=TOKEN).raise_for_status()
    found = [one for name in names for one in alerts(stage, name)]
    assert len({one.group_id for one in found}) == 1
    scope = stage.tocsin.tools.alerts.scope(found[0].group_id)
    assert 'source="reports"' in scope and "income" in scope and 'alertname=""' not in scope


def test_what_a_report_finds_well_again_ends(served: tuple[Scene, str]) -> None:
    """By the next report."""
    stage, address = served
    report = {"tests": [{"name": "Rows", "status": "FAIL", "description": "too few"}]}
    local.post(f"{address}/sources/reports", json=report, headers=TOKEN).raise_for_status()
    report["tests"][0]["status"] = "SUCCESS"
    local.post(f"{address}/sources/reports", json=report, headers=TOKEN).raise_for_status()
    assert [one.state for one in alerts(stage, "Rows")] == ["resolved"]


def test_an_end_that_lies_ahead_is_a_task(served: tuple[Scene, str]) -> None:
    """So that a restart changes nothing."""
    stage, address = served
    alert = {"labels": {"alertname": "Deployment"}, "ends_at": "2100-01-01T00:00:00Z"}
    local.post(f"{address}/sources/shell", json=alert, headers=TOKEN).raise_for_status()
    with stage.tocsin.store.read() as session:
        tasks = session.exec(select(Task).where(Task.kind == KIND)).all()
    assert [one.due_at.year for one in tasks] == [2100]
    assert [one.state for one in alerts(stage, "Deployment")] == ["firing"]


def test_strangers_are_counted_where_monitors_can_see_them(served: tuple[Scene, str]) -> None:
    """By source and outcome."""
    _, address = served
    for token in ("wrong", SECRET):
        headers = {"Authorization": f"Bearer {token}"}
        local.post(f"{address}/sources/registry", json=payload("mlflow_alias"), headers=headers)
    metrics = local.get(f"{address}/metrics").text
    assert 'tocsin_source_requests_total{outcome="refused",source="registry"} 2.0' in metrics


def test_an_alert_that_cannot_be_told_hushes_no_other(served: tuple[Scene, str]) -> None:
    """However bad it is, and it is told itself as soon as it can be."""
    stage, address = served
    with stage.tocsin.database.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER broken BEFORE UPDATE ON alert_group WHEN NEW.title = 'a broken one'"
            " BEGIN SELECT RAISE(ABORT, 'not this one'); END"
        )
    told = [
        {"labels": {"alertname": f"Fault{number}"}, "summary": summary, "severity": severity}
        for number, (summary, severity) in enumerate([("a broken one", "P0"), ("a whole one", "P3")])
    ]
    local.post(f"{address}/sources/shell", json=told, headers=TOKEN).raise_for_status()
    stage.ana.wait_message("ml-alerts", lambda each: "a whole one" in said(each))
    with stage.tocsin.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER broken")
    card = stage.ana.wait_message("ml-alerts", lambda each: "a broken one" in said(each))
    assert "P0" in said(card)
