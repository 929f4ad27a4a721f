"""Since when, and the points of the chart."""

from datetime import datetime, timedelta

import numpy as np

from ops_core.checks.series import LEAST_ROWS, points, since, version_changes
from ops_core.profiles.batch import Batch
from ops_core.profiles.fill import fill
from ops_core.profiles.performance import METRICS
from ops_core.profiles.profile import Profile, microseconds
from tests.profiles.made import LAYOUT, NOW, SCOPE, rows

ACCURACY = METRICS["accuracy"]


def during(start: float, end: float, n: int = 600, **how: object) -> Batch:
    """Rows between two hours before NOW."""
    first, last = (microseconds(NOW - timedelta(hours=hours)) for hours in (start, end))
    return rows(n, at=np.linspace(first + 1, last, n).astype(np.int64), **how)  # type: ignore[arg-type] # passed on


def filled(*batches: Batch) -> dict[str | None, Profile]:
    """Profiles by version."""
    return fill(LAYOUT, batches, SCOPE)


def near(found: datetime | None, hours: float, minutes: float = 10) -> bool:
    """Whether a time is close to so many hours before NOW."""
    return found is not None and abs(found - (NOW - timedelta(hours=hours))) < timedelta(minutes=minutes)


def test_since_is_when_it_went_wrong() -> None:
    """Good until three hours ago, bad ever since."""
    window = filled(during(20, 3), during(3, 0, error=0.5))["1"]
    assert near(since(window, ACCURACY, 0.85), 3)


def test_since_skips_a_fault_that_was_over() -> None:
    """An earlier bad hour with good hours after it is another story."""
    window = filled(during(20, 15, error=0.5), during(15, 4), during(4, 0, error=0.5))["1"]
    assert near(since(window, ACCURACY, 0.85), 4)


def test_one_lucky_minute_does_not_hide_a_bad_hour() -> None:
    """A short good stretch inside the bad run does not restart it."""
    window = filled(
        during(9, 3), during(3, 1, error=0.5), during(1, 0.99, n=4, error=0), during(0.99, 0, error=0.5)
    )
    assert near(since(window["1"], ACCURACY, 0.85), 3)


def test_a_fault_that_is_over_has_no_since() -> None:
    """The most recent rows are good."""
    window = filled(during(20, 5, error=0.5), during(5, 0))["1"]
    assert since(window, ACCURACY, 0.85) is None


def test_points_tell_versions_apart_in_order_of_time() -> None:
    """The chart shows the good version before, and the bad one after."""
    told = points(filled(during(20, 2, version="1"), during(2, 0, version="2", error=0.4)).values(), ACCURACY)
    assert [point["at"] for point in told] == sorted(point["at"] for point in told)
    assert {point["version"] for point in told if point["value"] < 0.75} == {"2"}


def test_points_rest_on_enough_rows() -> None:
    """Sparse stretches are joined, and no row is lost."""
    told = points(filled(during(20, 0, n=100)).values(), ACCURACY, bins=50)
    assert all(point["n"] >= LEAST_ROWS for point in told) and sum(point["n"] for point in told) == 100


def test_no_rows_have_no_points() -> None:
    """Nothing to draw."""
    assert points([Profile.empty(LAYOUT, SCOPE)], ACCURACY) == []


def test_version_changes_are_timed_by_the_first_row() -> None:
    """1, then 2, then back to 1."""
    served = filled(during(9, 6, version="1"), during(6, 3, version="2"), during(3, 0, version="1"))
    changes = version_changes(served.values())
    assert [change["version"] for change in changes] == ["1", "2", "1"]
    assert near(datetime.fromisoformat(changes[1]["at"]), 6, minutes=1)
