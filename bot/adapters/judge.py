"""Runs checks on files in the worker process."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.worker import Worker
from ops_core.checks.cadence import Cadence
from ops_core.checks.finding import Finding
from ops_core.checks.progress import Progress, Tell, untold
from ops_core.checks.threshold import Threshold
from ops_core.checks.watch import CheckPlan, CheckSpec, Watched, cadence_of
from ops_core.clock import Clock

LONGEST_SECONDS = 240


@dataclass(frozen=True)
class Plan:
    """What the settings say about a model's checks."""

    window: timedelta
    checks: tuple[CheckSpec, ...]
    thresholds: tuple[Threshold, ...] = ()


class FileJudge:
    """Judges the files of a model under watch; the numbers are made elsewhere."""

    def __init__(
        self, worker: Worker, clock: Clock, plans: Mapping[str, Plan], database: str | None = None
    ) -> None:
        self.worker = worker
        self.clock = clock
        self.plans = plans
        self.database = database

    def judge(
        self,
        watched: Watched,
        *,
        checks: Sequence[str] = (),
        version: str | None = None,
        since: datetime | None = None,
        cadence: Cadence | None = None,
        window: timedelta | None = None,
        tell: Tell = untold,
    ) -> list[Finding]:
        """Findings of the named checks, with the options that the settings give them."""
        ours = self.plans[watched.name]
        named = [spec for spec in ours.checks if spec.check in checks]
        missing = [CheckSpec(name) for name in checks if all(spec.check != name for spec in named)]
        plan = CheckPlan(
            watched=watched,
            window=window or ours.window,
            now=self.clock.now(),
            checks=(*named, *missing) if checks else ours.checks,
            version=version,
            since=since,
            cadence=cadence,
            thresholds=ours.thresholds,
        )
        return [Finding.from_json(one) for one in self._run(plan, tell)]

    def _run(self, plan: CheckPlan, tell: Tell) -> list[dict[str, Any]]:
        """The run in the worker, which notes in a file how far it has come when somebody waits for it."""
        if tell is untold:
            return self.worker.call(_run, plan.to_json(), self.database, None, seconds=LONGEST_SECONDS)
        with TemporaryDirectory(prefix="tocsin-") as folder:
            note = Path(folder) / "progress.json"

            def look() -> None:
                if note.exists():
                    tell(Progress(**json.loads(note.read_text(encoding="utf-8"))))

            told = (plan.to_json(), self.database, str(note))
            return self.worker.call(_run, *told, seconds=LONGEST_SECONDS, watch=look)

    def cadence(self, watched: Watched, check: str) -> Cadence:
        """How often the settings have it judged."""
        return cadence_of(self.plans[watched.name].checks, check)

    def usual_errors(self, watched: Watched) -> tuple[int, int] | None:
        """Wrong and labelled answers of the reference; None where it cannot tell."""
        plan = CheckPlan(watched, self.plans[watched.name].window, self.clock.now())
        return self.worker.call(_usual_errors, plan.to_json(), self.database, seconds=LONGEST_SECONDS)

    def draw(self, _watched: Watched, finding: Finding) -> bytes | None:
        """The chart of a finding, as PNG."""
        return self.worker.call(_draw, finding.to_json(), seconds=LONGEST_SECONDS)

    def explain(self, beside: Sequence[Finding], finding: Finding) -> tuple[str, bytes | None]:
        """What the finding's check asks, and a chart as PNG: where the model fails, if its findings tell."""
        told = [each.to_json() for each in beside]
        return self.worker.call(_explain, told, finding.to_json(), seconds=LONGEST_SECONDS)


def _run(plan: dict[str, Any], database: str | None, note: str | None) -> list[dict[str, Any]]:
    from bot.adapters.engines import run_checks_where_rows_lie  # heavy: numpy stays out of the bot's process

    return run_checks_where_rows_lie(plan, database, note)


def _usual_errors(plan: dict[str, Any], database: str | None) -> tuple[int, int] | None:
    from bot.adapters.engines import usual_errors_where_rows_lie  # heavy: as above

    return usual_errors_where_rows_lie(plan, database)


def _draw(finding: dict[str, Any]) -> bytes | None:
    from bot.adapters.charts import finding_chart  # heavy: as above

    return finding_chart(finding)


def _explain(beside: list[dict[str, Any]], finding: dict[str, Any]) -> tuple[str, bytes | None]:
    from bot.adapters.charts import explaining_chart  # heavy: as above
    from ops_core.checks.catalogue import asks  # heavy: as above

    return asks(finding["check"]), explaining_chart(beside, finding)
