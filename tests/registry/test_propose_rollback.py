"""Which version a rollback proposes, and what it says for itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_core.errors import NotFound
from ops_core.registry import ModelVersion, Served, propose_rollback
from ops_core.registry.rollback import Verdict

START = datetime(2026, 11, 1, 8, tzinfo=UTC)


def made(version: str, metrics: Mapping[str, float] | None = None, *, ready: bool = True) -> ModelVersion:
    """A version of the model m."""
    return ModelVersion("m", version, START, metrics=metrics or {}, ready=ready)


def ledger(*periods: tuple[str, Verdict]) -> list[Served]:
    """A day for each period, one after the other; the last one lasts."""
    days = [START + timedelta(days=number) for number in range(len(periods) + 1)]
    ends = [*days[1:-1], None]
    return [
        Served(version, days[number], ends[number], verdict)
        for number, (version, verdict) in enumerate(periods)
    ]


def proposed(live: str, versions: list[ModelVersion], served: list[Served]) -> str:
    """The number of the proposed version."""
    found = next(each for each in versions if each.version == live)
    return propose_rollback(found, versions, served).to_version.version


THREE = [made("3"), made("2"), made("1")]


def test_the_version_before_is_proposed_when_it_served_well() -> None:
    """The plain case: v1 was good, v2 is bad."""
    assert proposed("2", THREE[1:], ledger(("1", "good"), ("2", "bad"))) == "1"


def test_a_version_that_served_badly_is_passed_over() -> None:
    """v2 had a critical finding too, so v1 it is."""
    assert proposed("3", THREE, ledger(("1", "good"), ("2", "bad"), ("3", "bad"))) == "1"


def test_a_higher_number_is_proposed_when_it_served_well_last() -> None:
    """The ledger counts, not the numbers: v3 served well before somebody went back to v1."""
    assert proposed("1", THREE, ledger(("3", "good"), ("1", "bad"))) == "3"


def test_a_good_version_goes_before_a_later_one_that_nobody_judged() -> None:
    """Known good beats probably good."""
    assert proposed("3", THREE, ledger(("1", "good"), ("2", "unknown"), ("3", "bad"))) == "1"


def test_one_bad_period_outweighs_good_ones() -> None:
    """v2 was good once and bad later, so it is not trusted."""
    served = ledger(("1", "unknown"), ("2", "good"), ("2", "bad"), ("3", "bad"))
    assert proposed("3", THREE, served) == "1"


def test_an_unjudged_version_is_proposed_when_none_is_known_to_be_good() -> None:
    """Having served without anybody looking is better than never having served."""
    assert proposed("3", THREE, ledger(("1", "unknown"), ("3", "bad"))) == "1"


def test_registry_order_decides_without_a_ledger() -> None:
    """The nearest earlier number, as nothing else is known."""
    assert proposed("3", THREE, []) == "2"


def test_offline_metrics_pass_over_a_weak_version_that_never_served() -> None:
    """v2 was an experiment that nobody would want to serve."""
    versions = [made("3", {"f1": 0.96}), made("2", {"f1": 0.61}), made("1", {"f1": 0.95})]
    assert proposed("3", versions, []) == "1"


def test_a_version_that_is_not_ready_is_not_proposed() -> None:
    """Its files are still being registered."""
    assert proposed("3", [made("3"), made("2", ready=False), made("1")], []) == "1"


def test_a_version_that_was_deleted_is_not_proposed() -> None:
    """The ledger remembers v2, the registry no longer has it."""
    versions = [made("3"), made("1")]
    assert proposed("3", versions, ledger(("1", "good"), ("2", "good"), ("3", "bad"))) == "1"


def test_the_reasons_are_sentences_with_dates_and_metrics() -> None:
    """What the approver reads."""
    versions = [made("3", {"f1": 0.963}), made("2"), made("1", {"f1": 0.9551})]
    proposal = propose_rollback(versions[0], versions, ledger(("1", "good"), ("2", "bad"), ("3", "bad")))
    assert proposal.why == (
        "v1 is the last version that served without a critical finding, "
        "from 1 Nov 2026, 08:00 UTC to 2 Nov 2026, 08:00 UTC.",
        "Passed over, because of critical findings while serving: v2.",
        "Offline f1 was 0.955 for v1 and 0.963 for v3.",
    )


def test_missing_metrics_are_said_to_be_missing() -> None:
    """No data is an answer."""
    proposal = propose_rollback(THREE[0], THREE, [])
    assert proposal.why[-1] == "There are no offline metrics to compare v2 and v3 by."


@pytest.mark.parametrize(
    ("versions", "served", "message"),
    [
        ([made("1")], [], "v1 is the only version of m that is ready to serve."),
        (
            [made("1"), made("2"), made("3")],
            ledger(("2", "bad"), ("3", "bad"), ("1", "bad")),
            "Every other version of m met critical findings in service: v2, v3.",
        ),
        ([made("1"), made("2")], [], "No version of m before v1 has served or measured well enough."),
    ],
)
def test_when_nothing_is_left_it_says_why(
    versions: list[ModelVersion], served: list[Served], message: str
) -> None:
    """Each kind of dead end has its own sentence, and a hint."""
    with pytest.raises(NotFound, match=message) as caught:
        propose_rollback(versions[0], versions, served)
    assert caught.value.hint


verdicts: st.SearchStrategy[Verdict] = st.sampled_from(["good", "bad", "unknown"])


@given(st.lists(st.tuples(st.sampled_from("1234"), verdicts)), st.sampled_from("123"))
def test_a_proposal_is_never_live_bad_or_unknown(periods: list[tuple[str, Verdict]], live: str) -> None:
    """Whatever the ledger says (v4 was deleted), the proposal exists, is another, and never served badly."""
    served = ledger(*periods)
    bad = {period.version for period in served if period.verdict == "bad"}
    try:
        version = proposed(live, THREE, served)
    except NotFound:
        return
    assert version in {"1", "2", "3"} - bad - {live}
