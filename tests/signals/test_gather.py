"""Many gauges are read at once, and none of them holds up the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

from ops_core.errors import Unavailable
from ops_core.signals.gather import gather
from ops_core.signals.signal import Signal
from tests.signals.made import NOW


@dataclass(frozen=True)
class Told:
    """A gauge that says a number, fails, or waits until it is let go."""

    signal: str
    value: float | None = None
    held: Event | None = None
    unit: str = "ratio"
    source: str = "http://monitor"

    def read(self, now: datetime) -> Sequence[Signal]:
        """One signal."""
        if self.held:
            self.held.wait(30)
        if self.value is None:
            raise Unavailable("It is down.", hint="Start it.")
        return [Signal(self.signal, self.unit, self.source, now, self.value)]


def test_signals_of_a_name_stay_together_in_order() -> None:
    """Whichever answers first."""
    found = gather([Told("a", 1.0), Told("b", 2.0), Told("a", 3.0)], NOW)
    assert {name: [each.value for each in each] for name, each in found.items()} == {
        "a": [1.0, 3.0],
        "b": [2.0],
    }


def test_a_failure_is_a_signal_with_its_reason() -> None:
    """And what to try."""
    (signal,) = gather([Told("a")], NOW)["a"]
    assert (signal.value, signal.error, signal.n) == (None, "It is down (Start it)", 0)


def test_one_that_hangs_is_given_up_and_the_rest_is_told() -> None:
    """After the time that all may take."""
    held = Event()
    found = gather([Told("a", 1.0, held), Told("b", 2.0)], NOW, timedelta(seconds=0.2))
    held.set()
    assert found["a"][0].error == "no answer within 0.2 s" and found["b"][0].value == 2.0


def test_nothing_to_read_starts_no_thread() -> None:
    """Most models have no gauges."""
    assert gather([], NOW) == {}
