"""Each source's recorded payloads become the alerts that a person would expect."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.sources.hearing import Hearing, TooMany
from ops_core.errors import Invalid
from ops_core.severity import Severity
from tests.sources.hearsay import HEARING, NOW, heard, only, payload


def test_alertmanager_s_group_fires() -> None:
    """Labels are the identity, the severity is read from its label, our own labels are added."""
    first, second = heard("alertmanager", payload("alertmanager_firing"))
    assert first.labels == {
        "alertname": "HighLatency",
        "service": "churn-0",
        "severity": "warning",
        "team": "ours",
    }
    assert (first.severity, first.ends_at, first.key) == (Severity.P2, None, "c06a698f46afce69")
    assert first.starts_at == datetime(2026, 11, 25, 17, 6, 0, 619345, UTC)
    assert first.fingerprint != second.fingerprint


def test_alertmanager_s_group_resolves() -> None:
    """The same alert, the same start, and an end."""
    fired = heard("alertmanager", payload("alertmanager_firing"))
    over = heard("alertmanager", payload("alertmanager_resolved"))
    assert [(one.fingerprint, one.starts_at) for one in fired] == [
        (one.fingerprint, one.starts_at) for one in over
    ]
    assert all(one.ends_at and one.ends_at > one.starts_at for one in over)


def test_another_version_of_the_webhook_is_refused() -> None:
    """Rather than misread."""
    with pytest.raises(Invalid, match="version 4 is understood"):
        heard("alertmanager", payload("alertmanager_firing") | {"version": "5"})


def test_grafana_fires_with_its_values() -> None:
    """The panel is where it can be looked at; values and the link to a silence are kept."""
    first, second = heard("grafana", payload("grafana_firing"))
    assert first.url.endswith("viewPanel=5") and second.url.endswith("d1rdpdv7k/edit")
    assert first.starts_at == datetime(2026, 3, 2, 7, 51, 3, 157076, UTC)
    assert '"C": 1' in first.annotations["values"] and "silence/new" in first.annotations["silenceURL"]


def test_grafana_resolves() -> None:
    """The end is theirs."""
    assert all(one.ends_at for one in heard("grafana", payload("grafana_resolved")))


def test_datadog_fires_and_recovers_as_the_same_alert() -> None:
    """The words in brackets are no part of the name; the scope and the tags that matter are labels."""
    fired, over = only("datadog", payload("datadog_triggered")), only("datadog", payload("datadog_recovered"))
    assert fired.fingerprint == over.fingerprint
    assert fired.ends_at is None and over.ends_at == datetime(2026, 3, 2, 8, 47, 42, tzinfo=UTC)
    assert fired.labels == {
        "alertname": "Scoring is slow",
        "availability-zone": "us-east-1a",
        "role": "scoring",
        "model": "churn",
        "team": "ours",
        "monitor": "1234",
    }
    assert fired.severity is Severity.P1  # Datadog's P2 is the second highest


def test_datadog_s_default_payload_is_read_by_its_title() -> None:
    """It has nothing else that tells whether it fires."""
    found = only("datadog", payload("datadog_default"))
    assert (found.labels["alertname"], found.severity, found.ends_at) == (
        "Scoring is slow",
        Severity.P2,
        None,
    )


def test_datadog_s_default_payload_tells_hosts_apart() -> None:
    """By the scope in its title; one that recovers does not end the other."""
    title = "[P1] [{} on {{host:{}}}] Disk is full"
    one, other = (
        only("datadog", {"title": title.format("Triggered", host), "date": "1772440262000"}) for host in "ab"
    )
    over = only("datadog", {"title": title.format("Recovered", "a"), "date": "1772440262000"})
    assert one.fingerprint == over.fingerprint != other.fingerprint
    assert (one.labels["host"], one.severity, over.ends_at is None) == ("a", Severity.P0, False)


def test_datadog_s_words_are_free_of_its_marks() -> None:
    """The card itself says whether it fires, also once it is over."""
    found = only("datadog", payload("datadog_triggered"))
    assert found.annotations["summary"] == "Scoring is slow"
    assert found.annotations["description"] == "p99 too high"


def test_a_datadog_event_that_is_no_monitor_is_refused() -> None:
    """With what to do."""
    with pytest.raises(Invalid, match="alert_transition is missing"):
        heard("datadog", {"title": "A new host", "alert_transition": "$ALERT_TRANSITION"})


def test_pagerduty_s_incident_triggers_and_resolves() -> None:
    """Its number is the identity, since its title can be edited."""
    fired, over = (
        only("pagerduty", payload("pagerduty_triggered")),
        only("pagerduty", payload("pagerduty_resolved")),
    )
    assert fired.fingerprint == over.fingerprint and fired.starts_at == over.starts_at
    assert (fired.severity, fired.annotations["summary"]) == (Severity.P0, "A little bump in the road")
    assert fired.ends_at is None and over.ends_at == datetime(2026, 3, 2, 8, 45, 22, 169000, UTC)


def test_pagerduty_s_notes_are_no_alerts() -> None:
    """They are taken, and nothing follows."""
    assert heard("pagerduty", payload("pagerduty_annotated")) == []


def test_cloudwatch_fires_and_is_well() -> None:
    """The dimensions say which thing it is about."""
    fired, over = only("sns", payload("sns_alarm")), only("sns", payload("sns_ok"))
    assert fired.fingerprint == over.fingerprint
    assert fired.labels["EndpointName"] == "churn" and fired.labels["metric"] == "ModelLatency"
    assert over.ends_at == datetime(2026, 3, 2, 8, 41, 35, 123000, UTC) and fired.ends_at is None


def test_cloudwatch_without_data_and_confirmations_say_nothing() -> None:
    """Neither well nor not."""
    doubtful = payload("sns_alarm")
    doubtful["Message"] = doubtful["Message"].replace('"ALARM"', '"INSUFFICIENT_DATA"')
    assert heard("sns", doubtful) == heard("sns", payload("sns_confirmation")) == []


def test_another_message_of_sns_is_refused() -> None:
    """Nobody knows what it means."""
    with pytest.raises(Invalid, match="no CloudWatch alarm"):
        heard("sns", payload("sns_alarm") | {"Message": "hello"})


def test_mlflow_s_moved_alias_is_told_once() -> None:
    """It fires and is over in one breath."""
    fired, over = heard("mlflow", payload("mlflow_alias"))
    assert fired.labels["model"] == "churn" and fired.labels["version"] == "7"
    assert fired.fingerprint == over.fingerprint and (fired.ends_at, over.ends_at) == (None, over.starts_at)
    assert "champion was set to version 7" in fired.annotations["summary"]


def test_mlflow_s_budget_fires_until_its_window_ends() -> None:
    """A new month is a new budget."""
    found = only("mlflow", payload("mlflow_budget"))
    assert found.severity is Severity.P2 and found.ends_at == datetime(2026, 4, 1, tzinfo=UTC)


def test_mlflow_s_new_version_is_no_alert() -> None:
    """It is everyday work."""
    assert heard("mlflow", payload("mlflow_version")) == []


def test_evidently_s_tests_fire_or_are_well() -> None:
    """By column; a passed test ends what it had raised."""
    found = heard("evidently", payload("evidently"))
    assert [one.ends_at is None for one in found] == [True, True, True, True, False, True]
    assert found[0].labels["column"] == "age" and found[0].severity is Severity.P1
    assert "Drift score is 0.00" in found[0].annotations["summary"]
    assert len({one.fingerprint for one in found}) == 6


def test_evidently_s_older_test_suites_are_read_too() -> None:
    """A skipped test says nothing; tests of the same name differ by their column."""
    found = heard("evidently", payload("evidently_suite"))
    assert [(one.labels.get("column"), one.severity) for one in found] == [
        ("age", Severity.P1),
        ("income", Severity.P2),
        (None, Severity.P2),
        (None, Severity.P2),
    ]
    assert found[0].starts_at == datetime(2026, 3, 2, 8, 15, 0, 123456, UTC)


def test_whylogs_constraints_fire_or_hold() -> None:
    """With what was measured."""
    found = heard("whylogs", payload("whylogs"))
    assert [one.ends_at is None for one in found] == [True, True, False]
    assert '"max": 200.0' in found[0].annotations["measured"]


def test_whylogs_rows_may_be_tuples() -> None:
    """As `json.dumps` writes its report."""
    rows = [[row["name"], row["passed"], row["failed"], None] for row in payload("whylogs")]
    named, bare = heard("whylogs", payload("whylogs")), heard("whylogs", rows)
    assert [one.fingerprint for one in named] == [one.fingerprint for one in bare]


def test_nannyml_fires_since_the_first_alert_in_a_row() -> None:
    """By its newest chunk."""
    found = only("nannyml", payload("nannyml"))
    assert found.labels["signal"] == "age_jensen_shannon"
    assert found.starts_at == datetime(2026, 3, 12, 10, tzinfo=UTC) and found.ends_at is None


def test_nannyml_is_well_when_its_newest_chunk_is() -> None:
    """Whatever was before."""
    assert only("nannyml", payload("nannyml")[:1]).ends_at == NOW


def test_an_odd_row_of_a_report_costs_nobody_the_others() -> None:
    """One that has a name is told with a remark, one that says nothing is left out."""
    tests = [{"name": "Rows", "status": "BROKEN"}, "odd", {"name": "Nulls", "status": "SKIPPED"}]
    rows, drift = heard(
        "evidently", {"tests": [*tests, payload("evidently")["tests"][0]], "timestamp": "soon"}
    )
    assert "tests[0].status must be one of" in rows.remark and rows.ends_at is None
    assert "timestamp is no time" in drift.remark and drift.starts_at == NOW
    constraints = heard("whylogs", [{"failed": 1}, {"name": "age", "failed": "3"}, *payload("whylogs")])
    assert "[1].failed must be a number; it is text" in constraints[0].remark and len(constraints) == 4
    results = [7, *({**each, "chunk_start_date": "soon"} for each in payload("nannyml"))]
    assert "row 1 must be an object" in only("nannyml", results).remark


def test_a_report_of_odd_rows_alone_is_refused() -> None:
    """With the place of the first."""
    for kind, rows in (("evidently", {"tests": ["odd"]}), ("whylogs", ["odd"]), ("nannyml", ["odd"])):
        with pytest.raises(Invalid, match="must be an object; it is text"):
            heard(kind, rows)


def test_our_own_form_takes_one_or_many() -> None:
    """An object, a list, or an object with the list."""
    one = {"labels": {"alertname": "disk full"}, "severity": "high", "summary": "92 %", "colour": "red"}
    single = only("json", one)
    assert (single.severity, single.annotations) == (Severity.P1, {"summary": "92 %", "colour": "red"})
    assert [single] * 2 == heard("json", [one, one]) == heard("json", {"alerts": [one, one]})


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ({}, "neither labels nor a summary"),
        ({"summary": "x", "status": "odd"}, "firing or resolved"),
        ({"summary": "x", "severity": "odd"}, "no severity"),
        ({"summary": "x", "starts_at": "soon"}, "no time"),
        ({"alerts": {}}, "alerts must be a list; it is an object"),
        ([{"labels": "x"}], r"alerts\[0\].labels must be an object; it is text"),
    ],
)
def test_mistakes_in_our_own_form_are_told_with_their_place(document: object, complaint: str) -> None:
    """So that whoever wrote it can mend it."""
    with pytest.raises(Invalid, match=complaint):
        heard("json", document)


def test_the_team_s_words_and_severity_win() -> None:
    """What critical means is theirs to say; what names none gets theirs."""
    hearing = Hearing("them", NOW, severity=Severity.P3, severities={"critical": Severity.P1})
    alert = {"labels": {"alertname": "a", "severity": "Critical"}}
    fired = heard("alertmanager", {"alerts": [alert, {"labels": {"alertname": "b"}}]}, hearing)
    assert [one.severity for one in fired] == [Severity.P1, Severity.P3]


def test_more_alerts_than_are_taken_at_once_are_refused() -> None:
    """Before anything is made of them."""
    hearing = Hearing("them", NOW, limit=1)
    with pytest.raises(TooMany, match="holds 2 alerts; 1 are taken"):
        heard("alertmanager", payload("alertmanager_firing"), hearing)


def test_an_alert_without_a_name_or_start_gets_both() -> None:
    """It is called after its source and starts now."""
    found = only("alertmanager", {"alerts": [{"status": "firing", "labels": None}]})
    assert (found.labels["alertname"], found.starts_at) == ("them", NOW)
    assert HEARING.now - found.starts_at == timedelta(0)


@pytest.mark.parametrize(
    ("kind", "act"), [("incident.acknowledged", "acknowledge"), ("incident.resolved", "resolve")]
)
def test_our_own_page_at_pagerduty_is_an_answer(kind: str, act: str) -> None:
    """Not one more alert: what somebody did about it there, and who."""
    document = payload("pagerduty_resolved")
    document["event"]["event_type"] = kind
    document["event"]["data"]["incident_key"] = "tocsin-4-ana"
    found = only("pagerduty", document)
    assert (found.labels["tocsin_page"], found.labels["act"]) == ("tocsin-4-ana", act)
    assert found.annotations["by"] == "Tenex Engineer"


def test_our_own_page_beginning_at_pagerduty_is_nothing_new() -> None:
    """Else each page would page again."""
    document = payload("pagerduty_triggered")
    document["event"]["data"]["incident_key"] = "tocsin-4-ana"
    assert heard("pagerduty", document) == []
