"""Plain values survive their way through JSON."""

import json
from datetime import UTC, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ops_core.store.plain import dump, load

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False)
    | st.text()
    | st.datetimes(timezones=st.just(UTC))
    | st.timedeltas(timedelta(days=-30_000), timedelta(days=30_000))
)
KEYS = st.text() | st.sampled_from(["$at", "$span", "$$at"])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)


@given(VALUES)
def test_what_is_loaded_is_what_was_dumped(value: Any) -> None:
    """Times and spans too, at any depth, whatever a metric is called."""
    assert load(json.loads(json.dumps(dump(value)))) == value


def test_tuples_become_lists() -> None:
    """JSON knows no difference."""
    assert load(dump({"people": ("U1", "U2")})) == {"people": ["U1", "U2"]}
