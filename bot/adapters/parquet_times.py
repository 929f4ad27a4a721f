"""When the rows of a Parquet file's row group were, by what the file says of itself."""

from __future__ import annotations

import json
from typing import Any

TICKS_A_SECOND = {"milliseconds": 1_000, "microseconds": 1_000_000, "nanoseconds": 1_000_000_000}


def time_span(metadata: Any, column: int, group: int) -> tuple[int, int] | None:
    """The first and the last time, microseconds since 1970, UTC where there is no zone; None if nobody says.

    Read as it is stored: made into times, it would import pandas where that is installed (0.2 s).
    """
    kind = json.loads(metadata.schema.column(column).logical_type.to_json())
    statistics = metadata.row_group(group).column(column).statistics
    if kind.get("Type") != "Timestamp" or statistics is None or not statistics.has_min_max:
        return None
    ticks = TICKS_A_SECOND[kind["timeUnit"]]
    return statistics.min_raw * 1_000_000 // ticks, statistics.max_raw * 1_000_000 // ticks
