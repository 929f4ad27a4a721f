"""How numbers, spans and times are printed."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.rendering import values


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (45, "45 s"), (65, "1 min 05 s"), (600, "10 min"), (3900, "1 h 05 min"), (3600, "1 h"),
     (97200, "1 d 3 h"), (-300, "-5 min"), (0.2, "0 s")],
)  # fmt: skip
def test_duration(seconds: float, text: str) -> None:
    """A span is said in its two largest parts."""
    assert values.duration(timedelta(seconds=seconds)) == text


def test_unknown_duration() -> None:
    """A span that nobody recorded is said to be so."""
    assert values.duration(None) == "not recorded"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.65432, "0.654"), (12345, "12.3 k"), (412, "412"), (1_234_567, "1.23 M"), (0.0000123, "1.23e-05"),
     (None, "–"), (0, "0"), (-0.5, "-0.5"), (9999.6, "10000")],
)  # fmt: skip
def test_number(value: float | None, text: str) -> None:
    """A number has three significant digits."""
    assert values.number(value) == text


def test_ratio_signed_measured() -> None:
    """Ratios are percent, changes carry their sign, units stand after a number."""
    assert values.ratio(0.952) == "95.2 %"
    assert [values.signed(change) for change in (0.012, -0.3, 0)] == ["+0.012", "−0.3", "±0"]
    assert [values.measured(0.65, "ratio"), values.measured(120, "ms")] == ["0.65", "120 ms"]


@pytest.mark.parametrize(("count", "text"), [(0, "no alerts"), (1, "1 alert"), (3, "3 alerts")])
def test_plural(count: int, text: str) -> None:
    """Counts agree with their noun."""
    assert values.plural(count, "alert") == text


def test_utc_converts() -> None:
    """A time of another zone is said in UTC."""
    moment = datetime(2026, 11, 20, 3, 10, tzinfo=timezone(timedelta(hours=1)))
    assert values.utc(moment) == "2026-11-20 02:10 UTC"


def test_a_time_without_zone_is_refused() -> None:
    """A naive time is a mistake, not a guess."""
    with pytest.raises(ValueError, match="no time zone"):
        values.utc("2026-11-20T02:10:00")


def test_columns_align() -> None:
    """Numbers stand right, words left, whatever their length."""
    assert values.columns([["feature", "PSI"], ["a", 4.1234], ["bcd", None]]) == (
        "feature   PSI\na        4.12\nbcd         –"
    )


def test_printed() -> None:
    """Values of all kinds have a form of their own."""
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    given = [None, True, 0.6543, moment, timedelta(minutes=3), "a\r\nb\x00\u202ec", 12345]
    assert [values.printed(value) for value in given] == [
        "–", "yes", "0.654", "2026-11-20T00:00:00+00:00", "3 min", "a\u2028b\ufffdc", "12345",
    ]  # fmt: skip
