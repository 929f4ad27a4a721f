"""Faults that a test asks for: the next calls of a method fail in the way it names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

FaultKind = Literal["429", "500", "ok_false", "hang", "close", "late_500", "late_close"]


@dataclass
class Fault:
    """One fault and how often it still strikes. `late_` ones strike after the call had its effect."""

    method: str
    kind: FaultKind
    times: int = 1
    retry_after: float = 1.0
    error: str = "internal_error"
    seconds: float = 30.0

    @property
    def is_late(self) -> bool:
        """Whether the call takes effect before it seems to fail."""
        return self.kind.startswith("late_")


class Faults:
    """The faults still to come, first told first."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def tell(self, wish: Mapping[str, Any]) -> Fault:
        """Add a fault from a control request; raises ValueError for a kind there is not."""
        kind = str(wish.get("kind", "500"))
        if kind not in get_args(FaultKind):
            raise ValueError(f"unknown kind of fault {kind!r}; one of {', '.join(get_args(FaultKind))}")
        numbers = {name: float(wish[name]) for name in ("retry_after", "seconds") if name in wish}
        fault = Fault(str(wish.get("method", "*")), kind, int(wish.get("times", 1)), **numbers)  # type: ignore[arg-type]  # checked against the literal above
        fault.error = str(wish.get("error", fault.error))
        self.waiting.append(fault)
        return fault

    def take(self, method: str) -> Fault | None:
        """The fault that strikes this call, counted down."""
        fault = next((f for f in self.waiting if f.method in ("*", method)), None)
        if fault is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.waiting.remove(fault)
        return fault

    def clear(self) -> None:
        """No more faults."""
        self.waiting.clear()
