"""Milestones and the metrics that come from them."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from ops_core.incidents.timeline import Milestone, milestones, reach, response_metrics
from tests.ops_core.stand_ins import HOUR, NOW
from tests.ops_core.world import House

MOMENTS = st.datetimes(timezones=st.just(NOW.tzinfo))


def test_the_first_time_stands(house: House) -> None:
    """A milestone is not reached twice."""
    one = house.declare()
    with house.database.write() as session:
        assert reach(session, one.number, Milestone.CONTAINED, NOW)
        assert not reach(session, one.number, Milestone.CONTAINED, NOW + HOUR)
    assert house.read(milestones, one.number)[Milestone.CONTAINED] == NOW


@given(st.dictionaries(st.sampled_from(Milestone), MOMENTS))
def test_a_metric_is_known_or_none_and_never_negative(reached: dict[Milestone, object]) -> None:
    """Whatever was recorded, in whatever order."""
    metrics = response_metrics(reached)  # type: ignore[arg-type]  # hypothesis knows the values as objects
    assert all(value is None or value >= timedelta() for value in metrics.values())
    assert (metrics["resolution"] is None) == (not {Milestone.DETECTED, Milestone.RESOLVED} <= set(reached))
