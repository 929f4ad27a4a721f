"""Charts are PNG files of the promised size, whatever the finding holds."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bot.adapters.charts import explaining_chart, finding_chart
from bot.adapters.charts.drift import drawn_in, drift_chart
from bot.adapters.charts.metric import metric_chart
from ops_core.checks.drift import DataDrift
from ops_core.checks.drifted import LIMITS
from ops_core.checks.fairness import DemographicParity
from ops_core.checks.performance import F1, Accuracy
from ops_core.checks.quality import NullRate, Volume
from ops_core.checks.segments import SegmentDrop
from ops_core.profiles.profile import microseconds
from tests.profiles.made import DAY, NOW, SCOPE, profile, reference, rows

POINT = {"at": NOW.isoformat(), "value": 0.65, "low": 0.6, "high": 0.7, "n": 400, "version": "2"}
LATER = {**POINT, "at": "2026-11-20T13:00:00+00:00", "version": None}
PART = {"segment": "B", "value": 0.4, "n": 310, "low": 0.3, "high": 0.5, "p_value": 0.001}
UNTOLD = {"segment": "C", "value": None, "n": 0, "low": 0.0, "high": 1.0, "p_value": 1.0}
SEGMENTED: dict[str, Any] = {
    "check": "performance.f1",
    "model": "tumour",
    "explanation": "F1 0.65 against 0.97",
    "unit": "ratio",
    "value": 0.65,
    "limit": 0.7,
    "detail": {"segments": [PART, UNTOLD]},
}
SPEC: dict[str, Any] = {"title": "tumour · F1", "subtitle": "F1 0.65 against 0.97", "points": [POINT]}


def size(png: bytes) -> tuple[int, int]:
    """Width and height as a PNG header tells them."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"limit": 0.87, "reference": 0.97, "version": "2", "since": NOW.isoformat()},
        {"limit": 0.87, "reference": 0.871},
        {"versions": [{"at": NOW.isoformat(), "version": "2"}]},
        {"points": [POINT, LATER]},
        {"title": r"$\frac{$ & <b> $" * 30, "subtitle": r"$\nonsense$" * 300},
        {"versions": [{"at": "2026-11-20T12:30:00+00:00", "version": r"$\v$"}], "points": [POINT, LATER]},
    ],
)
def test_a_metric_is_drawn(more: dict[str, Any]) -> None:
    """With everything, with next to nothing, with odd texts."""
    assert size(metric_chart({**SPEC, **more})) == (1440, 640)


def test_drift_is_drawn_from_its_finding() -> None:
    """The finding holds all that the chart needs, as JSON."""
    finding = DataDrift().judge(profile(rows(500, shift=1.0)), reference())[0].to_json()
    png = finding_chart(finding)
    assert png is not None and size(png) == (1440, 640)


@pytest.mark.parametrize("measure", LIMITS)
def test_drift_is_drawn_in_every_measure(measure: str) -> None:
    """The bars are of the measure that the finding is judged by."""
    finding = DataDrift(measure=measure).judge(profile(rows(500, shift=1.0)), reference())[0].to_json()
    png = finding_chart(finding)
    assert finding["unit"] == measure and png is not None and size(png) == (1440, 640)
    drawn = drawn_in(measure, finding["limit"], finding["detail"]["features"])
    assert drawn["features"][0]["size"] == pytest.approx(finding["value"], abs=1e-5)


def test_drift_of_merged_days_is_drawn_with_those_days() -> None:
    """Two tenths of a deviation, day after day."""
    days = 14
    at = np.linspace(microseconds(NOW - days * DAY) + 1, microseconds(NOW), 14_000).astype(int)
    scope = replace(SCOPE, start=NOW - days * DAY)
    finding = DataDrift().judge(profile(rows(14_000, shift=0.4, at=at), scope), reference())[0].to_json()
    assert finding["unit"] == "σ" and finding["detail"]["merged_days"] > 0, finding["explanation"]
    (told,) = (each for each in finding["detail"]["features"] if each["feature"] == "radius")
    assert told["days"] == finding["detail"]["merged_days"]
    assert len(told["window"]) == len(told["reference"]) == len(told["edges"]) + 1 > 11
    png = finding_chart(finding)
    assert png is not None and size(png) == (1440, 640)


def test_a_category_is_drawn_by_name() -> None:
    """Categories, an unseen one among them."""
    told = {"feature": r"$\site$", "size": 0.3, "verdict": "critical", "edges": [], "values": ["a", "b"]}
    feature = {**told, "window": [0.2, 0.5, 0.3], "reference": [0.5, 0.5, 0.0]}
    assert size(drift_chart({"title": "t", "limit": 0.2, "unit": "psi", "features": [feature]})) == (
        1440,
        640,
    )


def test_a_finding_without_a_picture_has_none() -> None:
    """A count of rows needs no chart."""
    assert finding_chart(Volume().judge(profile(rows(50)), reference())[0].to_json()) is None


def test_groups_are_drawn_from_their_finding() -> None:
    """With the lowest rate that the limit allows."""
    finding = DemographicParity().judge(profile(rows(900)), reference())[0].to_json()
    png = finding_chart(finding)
    assert png is not None and size(png) == (1440, 640)


def test_missing_values_are_drawn_by_feature() -> None:
    """Every feature of the finding's detail is a bar."""
    finding = NullRate().judge(profile(rows(500)), reference())[0].to_json()
    png = finding_chart(finding)
    assert png is not None and size(png) == (1440, 640)


def test_segments_are_drawn_alone_and_as_a_map() -> None:
    """One metric as bars; several as a map."""
    one = SEGMENTED | {"check": "performance.recall"}
    alone, together = finding_chart(SEGMENTED), explaining_chart([SEGMENTED, one], SEGMENTED)
    assert alone is not None and together is not None
    assert size(alone) == size(together) == (1440, 640)
    assert alone != together and explaining_chart([SEGMENTED], SEGMENTED) == alone


def test_segments_against_themselves_are_no_metric_of_the_map() -> None:
    """They have bars of their own, and neither join nor hinder the map of metrics."""
    window = profile(rows(900, error=0.4))
    told = [check.judge(window, reference())[0].to_json() for check in (F1(), Accuracy(), SegmentDrop())]
    own, drawn = finding_chart(told[2]), explaining_chart(told, told[2])
    assert own is not None and own == drawn
    assert explaining_chart(told, told[0]) == explaining_chart(told[:2], told[0]) != drawn


def test_more_segments_than_fit_are_counted_not_crowded() -> None:
    """A hundred segments with odd names still make one card."""
    part = SEGMENTED["detail"]["segments"][0]
    many = [part | {"segment": rf"$\s{number}$" * 9} for number in range(100)]
    png = finding_chart(SEGMENTED | {"detail": {"segments": many}})
    assert png is not None and size(png) == (1440, 640)
