"""A finding: what a check concluded about one window of one model, with its evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self, TypeAlias

JSON: TypeAlias = bool | int | float | str | list["JSON"] | dict[str, "JSON"] | None


class Verdict(StrEnum):
    """A check's judgement, in the order of how much it matters to a person."""

    OK = "ok"
    NO_EVIDENCE = "no_evidence"
    NO_DATA = "no_data"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Position in the order ok < no_evidence < no_data < warning < critical."""
        return list(Verdict).index(self)

    @property
    def is_alarming(self) -> bool:
        """True for warning and critical: a limit is broken and there is evidence for it."""
        return self in (Verdict.WARNING, Verdict.CRITICAL)


FACTS = frozenset({"quality.freshness", "quality.source", "quality.reference_age", "quality.new_data"})
"""What is read off, whatever the number of rows, and says nothing of the model."""
_CAPITALS = ("f1", "auc", "psi", "mae", "rmse", "cpu", "gpu")


def signal_label(finding: Finding) -> str:
    """The signal as people write it: `F1`, `false-positive rate`, `PSI of score`."""
    words = finding.signal.replace("false_positive", "false-positive").replace("_", " ").split(" ")
    return " ".join(word.upper() if word in _CAPITALS else word for word in words)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of highest rank; `no_data` when there is none at all."""
    return max(verdicts, key=lambda verdict: verdict.rank, default=Verdict.NO_DATA)


@dataclass(frozen=True)
class Finding:
    """One judgement of one check.

    `value`, `limit`, `reference` and `interval` share `unit`: "ratio" (0–1; a log loss too), "psi", "rows",
    "seconds", "files", "columns", "days", "tokens", a currency, or "" in the unit of the label. `n` is the
    number of rows that the value rests on. `interval` is the value's 95 % confidence interval; `p_value` is
    one-sided: how likely a sample crosses the limit this far when the truth does not.
    `subject` narrows a check to a part of the model (a segment, a group); None means the whole model.
    `since` is when the value crossed the limit and has stayed beyond it, when that can be told. `detail`
    holds further values that JSON can, by check.
    """

    check: str
    model: str
    verdict: Verdict
    signal: str
    explanation: str
    window_start: datetime
    window_end: datetime
    version: str | None = None
    subject: str | None = None
    value: float | None = None
    limit: float | None = None
    reference: float | None = None
    unit: str = "ratio"
    n: int = 0
    interval: tuple[float, float] | None = None
    p_value: float | None = None
    since: datetime | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """16 hex digits that stay the same while model, check and subject do; the version may change."""
        identity = "\x1f".join((self.model, self.check, self.subject or ""))
        return hashlib.sha256(identity.encode()).hexdigest()[:16]

    def to_json(self) -> dict[str, Any]:
        """Plain values for the database or another process; times become ISO 8601 text in UTC."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        plain["verdict"] = self.verdict.value
        plain["interval"] = None if self.interval is None else list(self.interval)
        plain["detail"] = dict(self.detail)
        for name in ("window_start", "window_end", "since"):
            plain[name] = None if plain[name] is None else plain[name].astimezone(UTC).isoformat()
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """The finding that `to_json` wrote; KeyError or ValueError when it is not one."""
        values = dict(plain)
        values["verdict"] = Verdict(values["verdict"])
        if values.get("interval") is not None:
            low, high = values["interval"]
            values["interval"] = (float(low), float(high))
        for name in ("window_start", "window_end", "since"):
            if values.get(name) is not None:
                values[name] = datetime.fromisoformat(values[name])
        return cls(**{each.name: values[each.name] for each in fields(cls) if each.name in values})
