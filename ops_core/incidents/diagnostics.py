"""The diagnostics that a playbook may run: each looks at the world and reports evidence, changing nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ops_core.checks.finding import Finding, Verdict, worst
from ops_core.checks.watch import Watched
from ops_core.errors import OpsError
from ops_core.incidents import incident, playbook
from ops_core.incidents.steps import Steps
from ops_core.remediation import ledger
from ops_core.remediation.ledger import OUTSIDE
from ops_core.rhythm.task import Task
from ops_core.store.transaction import Store
from ops_core.world import World

RECENT = timedelta(days=7)
"""How far back a change counts as recent (seed 004, "Investigation Checklist")."""


@dataclass(frozen=True)
class Report:
    """What a diagnostic found: one line for the checklist, and the rest for its message."""

    headline: str
    verdict: Verdict | None = None
    lines: list[str] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)

    def values(self, title: str) -> dict[str, Any]:
        """Plain values of the message."""
        return {
            "title": title,
            "verdict": self.verdict.value if self.verdict else None,
            "headline": self.headline,
            "lines": self.lines,
            "rows": self.rows,
            "files": [],
        }


class Diagnostics:
    """Runs the diagnostic steps of an incident."""

    def __init__(self, store: Store, world: World, steps: Steps) -> None:
        self.store = store
        self.world = world
        self.steps = steps
        self._by_name: dict[str, Callable[[Watched, datetime], Report]] = {
            "live_metrics": self._live_metrics,
            "drift_by_feature": self._drift_by_feature,
            "data_quality": self._data_quality,
            "versions_and_moves": self._versions_and_moves,
            "serving_health": self._serving_health,
        }

    def run(self, due: Task) -> None:
        """Run the step that a task names and report; a failure is reported too, never lost."""
        step_id = int(due.subject.partition(":")[2])
        with self.store.read() as session:
            step = playbook.get_step(session, step_id)
            model = incident.get(session, step.incident_id).model
        try:
            watched = self.world.model(model)
            report, ok = self._by_name[step.run](watched, self.store.clock.now()), True
        except OpsError as error:
            report, ok = Report(error.message, lines=[error.hint] if error.hint else []), False
        self.steps.finish(step_id, ok=ok, evidence=report.headline, report=report.values(step.title))

    def _live_metrics(self, watched: Watched, _now: datetime) -> Report:
        findings = self._judged(watched, "performance.")
        rows = [["metric", "now", "normal", "limit", "verdict"], *map(_row, findings)]
        return Report(
            _headline(findings, "no metric is beyond its limit"), _worst(findings), _sentences(findings), rows
        )

    def _drift_by_feature(self, watched: Watched, _now: datetime) -> Report:
        findings = self._judged(watched, "drift.")
        inputs = [one for one in findings if one.check == "drift.data"]
        answers = [one.explanation for one in findings if one.check != "drift.data"]
        ranked = [pair for one in inputs for pair in _ranked(one)][:8]
        rows: list[list[Any]] = [["feature", "PSI"], *([name, round(value, 3)] for name, value in ranked)]
        said = inputs[0].explanation if inputs else "no check of the inputs is configured"
        return Report(said, _worst(inputs), answers, rows if ranked else [])

    def _data_quality(self, watched: Watched, _now: datetime) -> Report:
        findings = self._judged(watched, "quality.")
        return Report(_headline(findings, "the data is as expected"), _worst(findings), _sentences(findings))

    def _versions_and_moves(self, watched: Watched, now: datetime) -> Report:
        live = self.world.registry.live(watched.name, watched.alias)
        versions = self.world.registry.versions(watched.name)
        with self.store.read() as session:
            moves = ledger.moves(session, watched.name, since=now - RECENT)
        lines = [
            f"{move.at:%a %d %b %H:%M} UTC: {move.alias} {move.from_version} → {move.to_version}, "
            f"{'by ' + OUTSIDE if move.by == OUTSIDE else move.why}"
            for move in moves
            if move.from_version
        ]
        rows = [["version", "registered", *_metric_names(versions)]] + [
            [
                one.version,
                f"{one.created_at:%d %b %H:%M}",
                *(one.metrics.get(name) for name in _metric_names(versions)),
            ]
            for one in versions[:6]
        ]
        counted = f"{len(lines)} alias move{'' if len(lines) == 1 else 's'}"
        return Report(f"version {live.version} serves; {counted} in the last 7 days", None, lines, rows)

    def _serving_health(self, watched: Watched, _now: datetime) -> Report:
        if not watched.serving_url:
            return Report("no serving address is configured", Verdict.NO_DATA)
        state = self.world.serving.probe(watched.serving_url)
        if not state.healthy:
            return Report(f"not healthy: {state.error}", Verdict.CRITICAL, [f"asked {state.url}"])
        live = self.world.registry.live(watched.name, watched.alias).version
        took = f"{state.latency.total_seconds() * 1000:.0f} ms"
        agrees = state.version == live
        said = f"healthy, serves version {state.version}, answered in {took}"
        lines = [] if agrees else [f"The registry names version {live}: the serving side has not followed."]
        return Report(said, Verdict.OK if agrees else Verdict.WARNING, lines)

    def _judged(self, watched: Watched, prefix: str) -> list[Finding]:
        version = self.world.registry.live(watched.name, watched.alias).version
        with self.store.read() as session:
            since = ledger.again_since(session, watched.name, watched.alias, version)
        findings = self.world.judge.judge(watched, version=version, since=since)
        return [one for one in findings if one.check.startswith(prefix)]


RUNNABLE = frozenset(
    {"live_metrics", "drift_by_feature", "data_quality", "versions_and_moves", "serving_health"}
)
"""The names that a playbook's diagnostic step may use."""


def _worst(findings: list[Finding]) -> Verdict:
    return worst(one.verdict for one in findings)


def _headline(findings: list[Finding], calm: str) -> str:
    alarming = sorted((one for one in findings if one.verdict.is_alarming), key=lambda one: -one.verdict.rank)
    unsure = [one for one in findings if one.verdict is not Verdict.OK]
    said = calm
    if alarming:
        said = alarming[0].explanation
    elif unsure and len(unsure) == len(findings):
        said = unsure[0].explanation
    version = next((one.version for one in findings if one.version), None)
    return f"version {version}: {said}" if version else said


def _sentences(findings: list[Finding]) -> list[str]:
    return [one.explanation for one in findings if one.verdict is not Verdict.OK][1:6]


def _row(finding: Finding) -> list[Any]:
    numbers = (finding.value, finding.reference, finding.limit)
    shown = [None if number is None else round(number, 3) for number in numbers]
    name = finding.signal.replace("false_positive_rate", "FPR")
    return [name, *shown, finding.verdict.value.replace("_", " ")]


def _ranked(finding: Finding) -> list[tuple[str, float]]:
    """A drift finding's features, the strongest first."""
    ranked = finding.detail.get("features")
    if not isinstance(ranked, list):
        return []
    pairs = [(str(one.get("feature")), float(one.get("psi") or 0)) for one in ranked if isinstance(one, dict)]
    return sorted(pairs, key=lambda pair: -pair[1])


def _metric_names(versions: list[Any]) -> list[str]:
    known = {name for one in versions for name in one.metrics}
    return [name for name in ("f1", "accuracy", "auc", "precision", "recall") if name in known][:2]
