"""What the demo's past has left behind, as files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pyarrow import compute, dataset, parquet

from bot.demo.models import Split
from bot.demo.places import Places

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="session")
def history(places: Places) -> Any:
    """Predictions of v1, joined with their labels."""
    predictions = dataset.dataset(sorted(places.predictions.glob("*.parquet"))).to_table()
    labels = dataset.dataset(sorted(places.labels.glob("*.parquet"))).to_table()
    old = predictions.filter(compute.starts_with(predictions["request_id"], "history"))
    return old.join(
        labels.rename_columns(["request_id", "labelled_at", "label"]), "request_id"
    ).combine_chunks()


def test_the_day_before_is_full_of_labelled_requests(history: Any) -> None:
    """One every thirty seconds, all with a label, all of v1."""
    assert history.num_rows == 2880
    assert history["label"].null_count == 0
    assert compute.unique(history["model_version"]).to_pylist() == ["1"]


def test_the_day_before_ends_when_it_was_written(history: Any, places: Places) -> None:
    """In the past, but not by much, and a whole day long."""
    first, last = (compute.min_max(history["at"])[side].as_py() for side in ("min", "max"))
    written = places.reference.stat().st_mtime  # at the same time; the past's own files are made to look old
    assert timedelta(0) < datetime.fromtimestamp(written, UTC) - last < timedelta(minutes=5)
    assert last - first == timedelta(hours=24) - timedelta(seconds=30)


def test_labels_come_two_seconds_after_the_answer(history: Any) -> None:
    """The declared delay."""
    delays = compute.unique(compute.subtract(history["labelled_at"], history["at"])).to_pylist()
    assert delays == [timedelta(seconds=2)]


def test_the_good_version_served_well(history: Any) -> None:
    """Its accuracy over the day is that of the reference."""
    right = compute.mean(compute.equal(history["prediction"], history["label"])).as_py()
    assert right > 0.95


def test_the_reference_has_the_columns_of_the_traffic_and_labels(places: Places, parts: Split) -> None:
    """So that the same reader reads both."""
    reference = parquet.read_table(places.reference)
    traffic = parquet.read_schema(next(iter(sorted(places.predictions.glob("*.parquet")))))
    assert reference.schema.remove(reference.schema.get_field_index("label")) == traffic
    assert traffic.names[3:33] == list(parts.names)
    assert reference.num_rows == len(parts.reference)
