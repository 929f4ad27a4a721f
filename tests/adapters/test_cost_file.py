"""Costs from files, and what the budget rules make of them."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.cost_file import CostFile
from ops_core.checks.cost import Budget
from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.signal_check import Look
from ops_core.errors import Invalid, OpsError, Unavailable
from ops_core.signals.costs import Budgets
from ops_core.signals.signal import Signal

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TABLE = """Cost Category,Budget,Actual
LLM API,"$15,000","$18,200"
Infrastructure,"$5,000","$4,200"
Vector DB,$500,$480
Monitoring,"$1,000","$1,100"
Storage,$500,$420
"""
"""The cost dashboard of seed 001."""


def read(folder: Path, text: str, name: str = "costs.csv", budget: float = 0.0) -> list[Signal]:
    """The signals of a file."""
    (folder / name).write_text(text)
    return list(CostFile(folder / name, Budgets({"LLM API": budget} if budget else {})).read(NOW))


def judged(signals: list[Signal]) -> dict[str | None, Finding]:
    """The budget's findings by category."""
    return {each.subject: each for each in Budget().judge(signals, Look("platform", NOW))}


def test_the_seeds_dashboard_is_judged_as_it_says(tmp_path: Path) -> None:
    """+21 % acts at once, +11 % in total is looked into, +10 % and less is fine."""
    found = judged(read(tmp_path, TABLE))
    assert (found[None].verdict, found["LLM API"].verdict) == (Verdict.WARNING, Verdict.CRITICAL)
    assert {found[name].verdict for name in ("Infrastructure", "Monitoring", "Storage", "Vector DB")} == {
        Verdict.OK
    }
    assert found[None].explanation == (
        "Cost of total: 24,400 USD against a budget of 22,000 USD (+11 %, limit +10 %), n = 1 day"
    )


def test_a_month_that_runs_is_taken_on_to_its_end(tmp_path: Path) -> None:
    """18 of 30 days cost more than their share."""
    rows = "".join(f"2026-11-{day:02},LLM API,60\n" for day in range(1, 19))
    finding = judged(read(tmp_path, f"day,category,amount\n{rows}", budget=1500.0))["LLM API"]
    assert finding.verdict is Verdict.WARNING
    assert "1,080 USD in 60 % of the period, on the way to 1,800 USD" in finding.explanation
    assert finding.n == 18


def test_the_first_days_are_no_evidence_unless_all_is_spent(tmp_path: Path) -> None:
    """Three days at twice the pace may be a bill that comes early."""
    rows = "2026-11-23,x,90\n2026-11-24,x,90\n"
    text = "day,category,amount\n" + rows.replace("23", "01").replace("24", "02")
    early = CostFile(tmp_path / "costs.csv", Budgets({"x": 1350.0}))
    early.path.write_text(text)
    (signal,) = early.read(datetime(2026, 11, 3, 9, tzinfo=UTC))
    assert judged([signal])["x"].verdict is Verdict.NO_EVIDENCE
    (broke,) = CostFile(early.path, Budgets({"x": 100.0})).read(datetime(2026, 11, 3, 9, tzinfo=UTC))
    assert judged([broke])["x"].verdict is Verdict.CRITICAL


def test_yaml_and_settings_say_the_same(tmp_path: Path) -> None:
    """A mapping of category to amount; the budget of the settings wins."""
    (signal,) = read(tmp_path, "LLM API: 18200\n", "costs.yml", 15000.0)
    assert (signal.value, signal.planned, signal.unit) == (18200.0, 15000.0, "USD")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("costs.csv", "category,amount\nLLM API,much\n", "line 2, amount: 'much' is no amount"),
        ("costs.csv", "category,amount\n,3\n", "line 2: there is no category"),
        ("costs.csv", "category,day\nx,2026-11-01\n", "line 2: there is no amount"),
        ("costs.csv", "day,category,amount\nNovember,x,1\n", "'November' is no day"),
        ("costs.yml", "- 3\n", "row 1 has no category and amount"),
        ("costs.yml", "a: [\n", "is not YAML in line"),
        ("costs.yml", "3\n", "holds a int"),
    ],
)
def test_a_wrong_file_is_told_with_the_place(tmp_path: Path, name: str, text: str, said: str) -> None:
    """And never judged by half."""
    with pytest.raises(Invalid, match=said):
        read(tmp_path, text, name)


def test_old_missing_and_empty_costs_are_told(tmp_path: Path) -> None:
    """An export that stopped must not look like saving."""
    with pytest.raises(Unavailable, match="newest costs are of 2026-11-10"):
        read(tmp_path, "day,category,amount\n2026-11-10,x,1\n")
    with pytest.raises(Unavailable, match="no costs"):
        read(tmp_path, "day,category,amount\n")
    with pytest.raises(Unavailable, match="cannot be read"):
        CostFile(tmp_path / "nowhere.csv", Budgets()).read(NOW)


@given(text=st.text(max_size=200), suffix=st.sampled_from([".csv", ".yml"]))
def test_any_text_is_costs_or_a_clear_refusal(
    tmp_path_factory: pytest.TempPathFactory, text: str, suffix: str
) -> None:
    """Never another error."""
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    found: list[Signal] = []
    with suppress(OpsError):
        found += CostFile(path, Budgets()).read(NOW)
    assert all(each.value is not None and each.subject for each in found)
