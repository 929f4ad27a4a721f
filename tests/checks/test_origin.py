"""Data or model?"""

import pytest

from ops_core.checks.finding import Finding, Verdict
from ops_core.checks.origin import Origin, data_or_model, origin_of
from tests.profiles.made import DAY, NOW

BAD, OK, NO_DATA = Verdict.CRITICAL, Verdict.OK, Verdict.NO_DATA


def finding(check: str, verdict: Verdict) -> Finding:
    """A finding that matters only by its check and verdict."""
    return Finding(check, "tumour", verdict, "", "", NOW - DAY, NOW)


@pytest.mark.parametrize(
    ("performance", "inputs", "origin"),
    [
        (BAD, OK, Origin.MODEL),
        (BAD, BAD, Origin.BOTH),
        (OK, BAD, Origin.DATA),
        (OK, OK, Origin.NONE),
        (BAD, NO_DATA, Origin.UNCLEAR),
    ],
)
def test_inputs_and_performance_decide(performance: Verdict, inputs: Verdict, origin: Origin) -> None:
    """Unchanged inputs with worse answers mean the model."""
    assert origin_of([finding("performance.f1", performance), finding("drift.data", inputs)]) is origin


def test_the_answer_is_a_sentence() -> None:
    """It opens with the word that matters."""
    assert data_or_model([finding("performance.f1", BAD), finding("drift.data", OK)]).startswith("Model: ")
