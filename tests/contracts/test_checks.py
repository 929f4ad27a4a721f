"""Laws that every check of the catalogue obeys."""

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ops_core.checks.catalogue import KINDS
from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.quality import Freshness
from ops_core.evidence import facts, parts
from ops_core.profiles.batch import Batch
from ops_core.profiles.profile import Profile, Scope
from tests.profiles.made import NOW, SCOPE, layout_for, profile_for, reference_for, rows, with_missing

every_check = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
WINDOWS: dict[str, Callable[[], Batch]] = {
    "as usual": lambda: rows(500, error=0.0),
    "wrong answers": lambda: rows(500, error=0.4),
    "three rows": lambda: rows(3, error=1.0),
    "no labels": lambda: rows(200, label=None),
    "no scores": lambda: rows(200, score=None),
    "no features": lambda: rows(200, features={}),
    "all null": lambda: rows(200, features={"radius": np.full(200, np.nan)}, score=np.full(200, np.nan)),
    "infinite": lambda: rows(200, features={"radius": np.full(200, np.inf)}),
    "constant": lambda: rows(200, features={"radius": np.ones(200)}),
    "strange classes": lambda: rows(200, label=np.full(200, 5.0), prediction=np.full(200, 7.0)),
    "no predictions": lambda: rows(200, prediction=np.full(200, np.nan)),
    "drifted": lambda: rows(500, shift=3.0),
    "gaps": lambda: rows(500, features={"spikes": with_missing(np.zeros(500), 0.3)}),
}
every_window = pytest.mark.parametrize("window", WINDOWS)


def judged(kind: type[Any], batch: Batch, usual: Profile | None = None) -> Finding:
    """The one finding of a check with its defaults."""
    normal = reference_for(kind) if usual is None else usual
    findings: list[Finding] = kind().judge(profile_for(kind, batch), normal)
    return findings[0]


@every_check
def test_a_check_is_a_frozen_record_with_one_sentence(kind: type[Any]) -> None:
    """All parameters are fields with defaults; the docstring says what stays true."""
    assert is_dataclass(kind) and kind.__doc__ and "\n\n" not in kind.__doc__.strip()
    assert all(each.default is not None or "None" in str(each.type) for each in fields(kind))


@every_check
def test_a_check_has_its_row_in_the_readme(kind: type[Any]) -> None:
    """The table of checks names it."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert any(line.startswith("| `") and f"`{kind.name}`" in line for line in readme.splitlines())


@every_check
def test_no_rows_is_no_data(kind: type[Any]) -> None:
    """An empty window is neither good nor bad, and the finding says where was looked."""
    empty = replace(Profile.empty(layout_for(kind), SCOPE), place="predictions nowhere")
    finding = kind().judge(empty, reference_for(kind))[0]
    assert finding.verdict is Verdict.NO_DATA and "nowhere" in finding.explanation and finding.n == 0


@every_check
@every_window
def test_any_window_gives_a_finding_that_explains_itself(kind: type[Any], window: str) -> None:
    """Whatever the data: one line with the number of rows it rests on."""
    finding = judged(kind, WINDOWS[window]())
    assert (
        "n = " in finding.explanation and "\n" not in finding.explanation and "nan" not in finding.explanation
    )
    assert (finding.check, finding.model, finding.window_end) == (kind.name, "tumour", NOW)


@every_check
@every_window
def test_a_finding_survives_json(kind: type[Any], window: str) -> None:
    """What another process or the database gives back is equal; strict JSON, so no NaN either."""
    finding = judged(kind, WINDOWS[window]())
    plain = json.loads(json.dumps(finding.to_json(), allow_nan=False))
    assert Finding.from_json(plain) == finding


@every_check
@every_window
def test_what_a_finding_rests_on_can_be_told(kind: type[Any], window: str) -> None:
    """`/ops explain` and reports show each finding's numbers, and its parts as rows of one width."""
    finding = judged(kind, WINDOWS[window]())
    assert ["n", f"{finding.n:,}"] in facts(finding)
    assert len({len(row) for row in parts(finding)}) <= 1


@every_check
@every_window
def test_the_order_of_rows_does_not_matter(kind: type[Any], window: str) -> None:
    """Shuffled rows are judged the same."""
    batch = WINDOWS[window]()
    order = np.random.default_rng(1).permutation(len(batch))
    shuffled = Batch(
        at=batch.at[order],
        version=batch.version[order],
        prediction=batch.prediction[order],
        features={name: column[order] for name, column in batch.features.items()},
        score=None if batch.score is None else batch.score[order],
        label=None if batch.label is None else batch.label[order],
        splits={name: column[order] for name, column in batch.splits.items()},
    )
    assert judged(kind, shuffled).to_json() == judged(kind, batch).to_json()


@every_check
def test_no_reference_stops_no_check(kind: type[Any]) -> None:
    """Only what needs a reference says so; the rest judges by its fixed limits."""
    usual = Profile.empty(layout_for(kind), Scope("tumour"))
    assert judged(kind, WINDOWS["as usual"](), usual).verdict in (Verdict.OK, Verdict.NO_DATA)


@every_check
def test_the_reference_against_itself_is_fine(kind: type[Any]) -> None:
    """What counts as normal never alarms."""
    recent = rows(4000, seed=99)
    window = profile_for(
        kind, replace(recent, at=recent.at + (NOW.timestamp() * 1e6 - recent.at.max()).astype(int))
    )
    assert kind().judge(window, reference_for(kind))[0].verdict is Verdict.OK


@every_check
def test_three_rows_never_alarm(kind: type[Any]) -> None:
    """However wrong three answers are, they are no evidence; that data stopped coming needs no sample."""
    finding = judged(kind, rows(3, error=1.0, shift=9.0))
    assert not finding.verdict.is_alarming or kind is Freshness


@every_check
def test_the_fingerprint_is_the_models_and_the_checks(kind: type[Any]) -> None:
    """The same alert goes on when numbers and versions change."""
    one, other = judged(kind, rows(300)), judged(kind, rows(500, error=0.4))
    assert one.fingerprint == replace(other, version="2").fingerprint != replace(one, model="x").fingerprint
