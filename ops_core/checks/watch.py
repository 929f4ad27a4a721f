"""What to watch and how: a model's data, the checks to run on it, and the window they look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from ops_core.checks.cadence import Cadence, usual_cadence
from ops_core.checks.finding import JSON
from ops_core.checks.threshold import Threshold
from ops_core.profiles.task import Task


@dataclass(frozen=True)
class Watched:
    """A model under watch and where its data lies.

    `predictions`, `labels` and `reference` are each a file, a directory or a glob of Parquet files.
    `features=None` means every column of the reference that has no other role. `version_column` and
    `score_column` are None when there are none; with `labels=None` the label stands beside the prediction.
    `group_column` holds the groups that are to be treated alike, `segment_column` the segments among which
    an alarm looks for the worst; both stay features.
    With the task "regression" predictions and labels are numbers, and there are no classes.
    `engine` names what reads and counts the rows; None: whatever the places call for.
    `measures` name columns that say something of each answer: see `ops_core.profiles.measures`.
    A label is due `label_delay` after its prediction; later ones count as missing, earlier ones wait. A
    reference older than `reference_max_age` is a problem of the data.
    """

    name: str
    predictions: str
    reference: str
    labels: str | None = None
    alias: str = "champion"
    key_column: str = "request_id"
    at_column: str = "at"
    version_column: str | None = "model_version"
    features: tuple[str, ...] | None = None
    score_column: str | None = "score"
    prediction_column: str = "prediction"
    label_column: str = "label"
    group_column: str | None = None
    segment_column: str | None = None
    positive_label: int | str = 1
    label_delay: timedelta = timedelta(0)
    reference_max_age: timedelta | None = None
    owner: str | None = None
    serving_url: str | None = None
    task: Task = "classification"
    measures: Mapping[str, str] = field(default_factory=dict)
    engine: str | None = None

    @property
    def role_columns(self) -> frozenset[str]:
        """The columns that are not features."""
        roles = (self.key_column, self.at_column, self.version_column, self.score_column)
        return frozenset(role for role in (*roles, self.prediction_column, self.label_column) if role)

    @property
    def split_columns(self) -> Mapping[str, str]:
        """The columns that part the rows, by what they are for."""
        named = {"group": self.group_column, "segment": self.segment_column}
        return {name: column for name, column in named.items() if column}

    @property
    def offers(self) -> frozenset[str]:
        """What checks may need: the columns that part the rows, the task, the measures."""
        return frozenset({*self.split_columns, self.task, *self.measures})

    def to_json(self) -> dict[str, Any]:
        """Plain values; the delay in seconds."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        plain["features"] = None if self.features is None else list(self.features)
        plain["label_delay"] = self.label_delay.total_seconds()
        if self.reference_max_age is not None:
            plain["reference_max_age"] = self.reference_max_age.total_seconds()
        plain["measures"] = dict(self.measures)
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """The record that `to_json` wrote."""
        values = dict(plain)
        values["label_delay"] = timedelta(seconds=values.get("label_delay", 0))
        if values.get("reference_max_age") is not None:
            values["reference_max_age"] = timedelta(seconds=values["reference_max_age"])
        if values.get("features") is not None:
            values["features"] = tuple(values["features"])
        return cls(**values)


@dataclass(frozen=True)
class CheckSpec:
    """A check of the catalogue by name, with the options that differ from its defaults.

    `cadence=None` is the usual one of the check.
    """

    check: str
    options: Mapping[str, JSON] = field(default_factory=dict)
    cadence: Cadence | None = None


@dataclass(frozen=True)
class CheckPlan:
    """One run: these checks on this model's rows of the window that ends `now`.

    No `checks` means the whole catalogue with its defaults. `version=None` judges the version that served
    last. `since` leaves out rows served at or before that time, to judge only what came after a change.
    With a `cadence` only the checks that have it are run. `thresholds` hold for checks without an option of
    their own. With `until` the window ends then, and what is known now is still used.
    """

    watched: Watched
    window: timedelta
    now: datetime
    checks: tuple[CheckSpec, ...] = ()
    version: str | None = None
    since: datetime | None = None
    cadence: Cadence | None = None
    thresholds: tuple[Threshold, ...] = ()
    until: datetime | None = None

    def wants(self, check: str) -> bool:
        """Whether this run is one in which the check has its turn."""
        return self.cadence in (None, cadence_of(self.checks, check))

    @property
    def window_start(self) -> datetime:
        """The later of `window_end - window` and `since`; rows after it count."""
        start = self.window_end - self.window
        return start if self.since is None else max(start, self.since)

    @property
    def window_end(self) -> datetime:
        """Rows up to it count."""
        return self.until or self.now

    @property
    def when_labels_are_due(self) -> CheckPlan:
        """The same run over a window whose labels are all due, when most of this one's would not be.

        That is, when labels come later than half of the window; else this run itself, which leaves its
        newest rows out.
        """
        late = self.watched.label_delay * 2 > self.window
        return replace(self, until=self.labels_due_at) if late else self

    @property
    def labels_due_at(self) -> datetime:
        """Rows served up to this time should have their labels by now."""
        return self.now - self.watched.label_delay

    def to_json(self) -> dict[str, Any]:
        """Plain values for another process; times as ISO 8601 text in UTC, spans in seconds."""
        return {
            "watched": self.watched.to_json(),
            "window": self.window.total_seconds(),
            "now": self.now.astimezone(UTC).isoformat(),
            "checks": [
                {"check": spec.check, "options": dict(spec.options), "cadence": spec.cadence}
                for spec in self.checks
            ],
            "cadence": self.cadence,
            "thresholds": [each.to_json() for each in self.thresholds],
            "version": self.version,
            "since": None if self.since is None else self.since.astimezone(UTC).isoformat(),
            "until": None if self.until is None else self.until.astimezone(UTC).isoformat(),
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """The plan that `to_json` wrote."""
        since, until = (
            None if plain.get(name) is None else datetime.fromisoformat(plain[name])
            for name in ("since", "until")
        )
        specs = plain.get("checks", ())
        return cls(
            watched=Watched.from_json(plain["watched"]),
            window=timedelta(seconds=plain["window"]),
            now=datetime.fromisoformat(plain["now"]),
            checks=tuple(
                CheckSpec(spec["check"], spec.get("options", {}), _cadence(spec.get("cadence")))
                for spec in specs
            ),
            cadence=_cadence(plain.get("cadence")),
            thresholds=tuple(map(Threshold.from_json, plain.get("thresholds", ()))),
            version=plain.get("version"),
            since=since,
            until=until,
        )


def cadence_of(checks: Iterable[CheckSpec], check: str) -> Cadence:
    """The cadence that a list of checks gives to one of them, or its usual one."""
    given = next((spec.cadence for spec in checks if spec.check == check), None)
    return given or usual_cadence(check)


def _cadence(plain: str | None) -> Cadence | None:
    return None if plain is None else Cadence(plain)
