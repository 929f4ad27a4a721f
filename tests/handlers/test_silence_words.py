"""Reading a silence: which alerts, until when, and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers import silence_words
from ops_core.errors import Invalid

FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "until", "reason"),
    [
        ("A-1 4h", FRIDAY + 4 * HOUR, ""),
        ("A-1 4h because a backfill runs", FRIDAY + 4 * HOUR, "a backfill runs"),
        ("A-1 4h a backfill runs", FRIDAY + 4 * HOUR, "a backfill runs"),
        ("7 for 2w moving “house”", FRIDAY + 14 * 24 * HOUR, "moving “house”"),
        ("model=“churn” 90min", FRIDAY + 1.5 * HOUR, ""),
        ("A-1 monday", MONDAY, ""),
        ("A-1 until monday monitoring is new", MONDAY, "monitoring is new"),
        ("model=churn until fri 18:00 because x=y", FRIDAY + 5 * HOUR, "x=y"),
        ("A-1 until tomorrow", datetime(2026, 11, 21, 8, tzinfo=UTC), ""),
        ("A-1 until 2026-11-22 10:30 move", datetime(2026, 11, 22, 9, 30, tzinfo=UTC), "move"),
    ],
)
def test_a_silence_is_read_as_people_say_it(text: str, until: datetime, reason: str) -> None:
    """Days and times of day are those of the person; it is one in the afternoon in Berlin."""
    asked = silence_words.read(text, FRIDAY, BERLIN)
    assert (asked.until, asked.reason) == (until, reason)


@pytest.mark.parametrize("text", ["A-1", "A-1 soon", "model=x", "A-1 until monitoring", "A-1 now"])
def test_without_an_end_it_is_refused(text: str) -> None:
    """With what may be written."""
    with pytest.raises(Invalid) as caught:
        silence_words.read(text, FRIDAY, BERLIN)
    assert "until" in caught.value.hint
