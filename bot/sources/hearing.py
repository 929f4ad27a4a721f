"""What all parsers are given: who speaks, when, and how its words become an alert that was heard."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sources import reading
from ops_core.alerts.heard import Heard
from ops_core.errors import Invalid
from ops_core.severity import Severity

GRADES = {
    **{severity.value.lower(): severity for severity in Severity},
    **{severity.label: severity for severity in Severity},
    "emergency": Severity.P0,
    "fatal": Severity.P0,
    "page": Severity.P1,
    "error": Severity.P1,
    "major": Severity.P1,
    "warning": Severity.P2,
    "warn": Severity.P2,
    "minor": Severity.P2,
    "info": Severity.P3,
    "notice": Severity.P3,
    "none": Severity.P3,
}
"""The words that monitors use for how bad it is."""


log = logging.getLogger(__name__)


class TooMany(Invalid):
    """More alerts in one request than are taken at once."""


@dataclass(frozen=True)
class Hearing:
    """One request of one source.

    `labels` are the team's own, and win; `severities` are the team's reading of the source's words, and
    `severity` is what an alert has whose source names none. At most `limit` alerts are taken at once.
    """

    source: str
    now: datetime
    labels: Mapping[str, str] = field(default_factory=dict)
    severity: Severity | None = None
    severities: Mapping[str, Severity] = field(default_factory=dict)
    limit: int = 10_000

    def heard(
        self,
        labels: Mapping[str, str],
        annotations: Mapping[str, str],
        starts_at: datetime | None = None,
        ends_at: datetime | None = None,
        severity: Severity | None = None,
        url: Any = "",
        key: Any = "",
        remark: str = "",
    ) -> Heard:
        """An alert of this source; it starts now unless it says when."""
        ours = {**labels, **self.labels}
        if "alertname" not in ours:
            ours["alertname"] = self.source
        grade = self.grade(ours.get("severity", "")) or severity or self.severity
        return Heard(
            self.source,
            ours,
            annotations,
            starts_at or self.now,
            ends_at,
            grade,
            reading.link(url),
            reading.text(key)[: reading.LABEL_VALUE],
            remark=remark or _cut_short(ours),
        )

    def grade(self, word: str) -> Severity | None:
        """The severity that a word of the source stands for, if it is one."""
        word = word.strip().lower()
        return self.severities.get(word) or GRADES.get(word)

    def each(self, value: Any, where: str, read: Callable[[Any, str], Heard | None]) -> list[Heard]:
        """The alerts of a list; those that cannot be read are left out, and logged.

        Where `read` finds none, such as in a test that was skipped, there is none. Raises `TooMany`, and
        `Invalid` with the place of the first when none of them can be read.
        """
        heard: list[Heard | None] = []
        wrong: list[Invalid] = []
        for number, one in enumerate(self.rows(value, where)):
            try:
                heard.append(read(one, f"{where}[{number}]"))
            except Invalid as error:
                wrong.append(error)
        if wrong and not heard:
            raise wrong[0]
        if wrong:
            said = "; ".join(error.message for error in wrong[:3])
            log.warning("source %s: %d alerts could not be read: %s", self.source, len(wrong), said)
        return [one for one in heard if one is not None]

    def rows(self, value: Any, where: str) -> list[Any]:
        """A list of alerts. Raises `TooMany` when it is longer than is taken at once."""
        found = reading.rows(value, where)
        if len(found) > self.limit:
            raise TooMany(
                f"{where} holds {len(found)} alerts; {self.limit} are taken at once.",
                hint="Send them in several requests, or raise sources.<name>.limit.",
                field=where,
            )
        return found


def _cut_short(labels: Mapping[str, str]) -> str:
    """What is said about an alert with more labels than are kept."""
    left_out = labels.get(reading.LEFT_OUT)
    return f"More labels than {reading.LABELS}: left out are {left_out}." if left_out else ""
