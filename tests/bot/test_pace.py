"""The pace: bursts and then one a second, a reserve for pages, and Slack's own word."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pace import POSTS_AT_ONCE, Pace

POST = "chat.postMessage"


@dataclass
class Watch:
    """A clock that a test sets."""

    at: float = 100.0

    def __call__(self) -> float:
        """The moment."""
        return self.at


@pytest.fixture
def watch() -> Watch:
    """A clock that stands still."""
    return Watch()


def test_a_burst_and_then_one_a_second(watch: Watch) -> None:
    """All but the reserve may come at once."""
    pace = Pace(now=watch)
    waits = [pace.take(POST, "C1") for _ in range(POSTS_AT_ONCE)]
    assert waits == [0, 0, 0, pytest.approx(1)]
    watch.at += 1
    assert pace.take(POST, "C1") == 0


def test_each_channel_has_its_own(watch: Watch) -> None:
    """One that is busy does not slow the others."""
    pace = Pace(now=watch)
    while not pace.take(POST, "C1"):
        pass
    assert pace.take(POST, "C2") == 0


def test_a_page_takes_what_the_others_leave(watch: Watch) -> None:
    """And then goes into debt, which the others pay back."""
    pace = Pace(now=watch)
    while not pace.take(POST, "C1"):
        pass
    assert [pace.take(POST, "C1", urgent=True) for _ in range(3)] == [0, 0, 0]
    assert pace.take(POST, "C1") == pytest.approx(4)


def test_slack_s_own_word_holds_for_pages_too(watch: Watch) -> None:
    """For that channel, and no longer than it said."""
    pace = Pace(now=watch)
    pace.hold(POST, "C1", 7)
    assert pace.take(POST, "C1", urgent=True) == pytest.approx(7)
    assert pace.take(POST, "C2") == 0
    watch.at += 7
    assert pace.take(POST, "C1", urgent=True) == 0


def test_methods_have_budgets_of_their_own(watch: Watch) -> None:
    """Tier 2 allows 20 a minute, tier 3 50, whatever the channel."""
    pace = Pace(now=watch)
    calls = dict.fromkeys(("pins.add", "chat.update"), 0)
    for name in calls:
        while not pace.take(name, f"C{calls[name]}"):
            calls[name] += 1
    assert calls == {"pins.add": 4, "chat.update": 11}


@given(st.lists(st.floats(0, 3), min_size=1, max_size=200))
def test_never_more_than_allowed(pauses: list[float]) -> None:
    """In no span more posts than its seconds and one burst."""
    watch, taken = Watch(), list[float]()
    pace = Pace(now=watch)
    for pause in pauses:
        watch.at += pause
        if not pace.take(POST, "C1"):
            taken.append(watch.at)
    for first, start in enumerate(taken):
        assert all(count <= POSTS_AT_ONCE + at - start for count, at in enumerate(taken[first:], start=1))


def test_a_factor_widens_everything(watch: Watch) -> None:
    """For a workspace that allows more."""
    pace = Pace(10, watch)
    assert [pace.take(POST, "C1") for _ in range(39)] == [0] * 39
    assert pace.take(POST, "C1") == pytest.approx(0.1)
