"""Laws that every check of signals obeys."""

import json
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from ops_core.checks.ages import Age
from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.signal_catalogue import SIGNAL_KINDS, build_read
from ops_core.checks.states import State
from ops_core.checks.watch import CheckSpec
from ops_core.errors import Invalid
from tests.signals.made import LOOK, few, from_fine_to_bad, judged, signal

every_check = pytest.mark.parametrize("kind", SIGNAL_KINDS, ids=lambda kind: kind.name)
PLAIN = (State, Age)
"""What is well or not, and how old something is: a plain state that needs no sample."""


@every_check
def test_a_check_is_a_frozen_record_with_one_sentence(kind: type[Any]) -> None:
    """All parameters are fields with defaults; the docstring says what stays true."""
    assert is_dataclass(kind) and kind.__doc__ and kind.__doc__.strip()
    assert all(each.default is not None or "None" in str(each.type) for each in fields(kind))


@every_check
def test_a_check_has_its_row_in_the_readme(kind: type[Any]) -> None:
    """The table of checks names it."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert any(line.startswith("| `") and f"`{kind.name}`" in line for line in readme.splitlines())


@every_check
def test_nothing_that_reads_is_no_data(kind: type[Any]) -> None:
    """A check that is named without anything to read says so."""
    finding = judged(kind)
    assert finding.verdict is Verdict.NO_DATA and "nothing is configured" in finding.explanation


@every_check
def test_what_cannot_be_read_is_no_data_with_the_reason(kind: type[Any]) -> None:
    """A monitor that does not answer is neither good nor bad."""
    finding = judged(kind, signal(kind, None, error="no answer within 5 s"))
    assert finding.verdict is Verdict.NO_DATA and finding.n == 0
    assert "no answer within 5 s (http://monitor)" in finding.explanation


@every_check
def test_any_signal_gives_findings_that_explain_themselves(kind: type[Any]) -> None:
    """One line, with what it rests on, of whoever is looked at."""
    for each in from_fine_to_bad(kind):
        for finding in kind().judge([each], LOOK):
            assert "n = " in finding.explanation and "\n" not in finding.explanation
            assert not {"nan", "inf", "None"} & set(finding.explanation.split())
            assert (finding.check, finding.model, finding.version) == (kind.name, "churn", "7")


@every_check
def test_a_finding_survives_json(kind: type[Any]) -> None:
    """Strict JSON, and equal when it comes back."""
    for each in [*from_fine_to_bad(kind), signal(kind, 0.5), signal(kind, None, absent=True)]:
        for finding in kind().judge([each], LOOK):
            plain = json.loads(json.dumps(finding.to_json(), allow_nan=False))
            assert Finding.from_json(plain) == finding


@every_check
def test_worse_is_never_judged_better(kind: type[Any]) -> None:
    """From fine to an alarm, without a step back."""
    ranks = [judged(kind, each).verdict.rank for each in from_fine_to_bad(kind)]
    assert ranks[0] == Verdict.OK.rank and ranks == sorted(ranks)
    assert ranks[-1] >= Verdict.WARNING.rank


@every_check
def test_three_points_never_alarm(kind: type[Any]) -> None:
    """However bad three points are, they are no evidence; a plain state needs no sample."""
    assert judged(kind, few(kind)).verdict.is_alarming == issubclass(kind, PLAIN)


@every_check
def test_what_is_half_known_is_not_well_and_hides_no_alarm(kind: type[Any]) -> None:
    """One of two could not be read."""
    fine, *_, bad = from_fine_to_bad(kind)
    failed = signal(kind, None, error="refused", subject="other")
    assert judged(kind, fine, failed).verdict is Verdict.NO_DATA
    assert judged(kind, bad, failed).verdict.is_alarming
    assert "refused" in judged(kind, bad, failed).explanation


@every_check
def test_the_order_of_signals_does_not_matter(kind: type[Any]) -> None:
    """Whichever answers first."""
    signals = [replace(each, subject=f"part {at}") for at, each in enumerate(from_fine_to_bad(kind))]
    one, other = kind().judge(signals, LOOK), kind().judge(signals[::-1], LOOK)
    assert [(each.verdict, each.value) for each in one[:1]] == [
        (each.verdict, each.value) for each in other[:1]
    ]


@every_check
def test_the_fingerprint_is_the_models_and_the_checks(kind: type[Any]) -> None:
    """The same alert goes on when numbers and versions change."""
    fine, *_, bad = from_fine_to_bad(kind)
    one, other = judged(kind, fine), judged(kind, bad)
    assert one.fingerprint == replace(other, version="8").fingerprint != replace(one, model="x").fingerprint


@every_check
@pytest.mark.parametrize("options", [{"limits": 1}, {"warning_limit": "high"}, {"limit_seconds": "1h"}])
def test_wrong_options_are_refused(kind: type[Any], options: dict[str, Any]) -> None:
    """With the option's name."""
    with pytest.raises(Invalid, match=next(iter(options))):
        build_read([CheckSpec(kind.name, options)], [kind.reads])
