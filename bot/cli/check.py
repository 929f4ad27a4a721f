"""`tocsin check`: judge the models' data now, in this process, and say so by the exit code."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import typer

from bot.adapters.engines import source_of
from bot.check_specs import check_specs
from bot.cli import config
from bot.cli.outside import signal_findings
from bot.settings import Settings, anchored, span
from bot.watched import watched
from ops_core.checks.catalogue import BY_NAME, KINDS, build_all, needs_of
from ops_core.checks.fairness import as_metric
from ops_core.checks.finding import Finding, Verdict, worst
from ops_core.checks.overall import overall, together
from ops_core.checks.run import run_checks
from ops_core.checks.signal_catalogue import SIGNAL_CHECKS
from ops_core.checks.watch import CheckPlan, CheckSpec, Watched
from ops_core.clock import SystemClock
from ops_core.errors import Invalid
from ops_core.store.found import shelf_at

EXIT = {Verdict.OK: 0, Verdict.WARNING: 1, Verdict.CRITICAL: 2}
UNJUDGED = 3
DRIFT = ("drift.data", "drift.prediction")
USUAL = ("reference", "baseline")
LONGEST = timedelta(days=3650)


@dataclass(frozen=True)
class Wish:
    """What was typed."""

    last: str | None = None
    metrics: str | None = None
    thresholds: str | None = None
    topics: Sequence[tuple[str, ...]] = ()
    drift_threshold: float | None = None
    compare_to: str | None = None
    all_features: bool = False


def check(
    path: Path | None, model: str | None, wish: Wish, *, as_json: bool, report: Path | None = None
) -> int:
    """The exit code: 0 ok, 1 warning, 2 critical, 3 nothing could be judged; reports go into `report`."""
    settings, folder = config.read(path)
    now = SystemClock().now()
    found = [_looked(name, settings, folder, wish, now) for name in _chosen(settings, model)]
    typer.echo(_as_json(found) if as_json else "\n\n".join(map(_told, found)))
    if report is not None:
        _report(report, found)
    return _exit([overall(each.findings) for each in found])


@dataclass(frozen=True)
class Looked:
    """What was found of one model or system; only a model has a plan, and so a window."""

    name: str
    now: datetime
    findings: Sequence[Finding]
    plan: CheckPlan | None = None

    @property
    def start(self) -> datetime:
        """From when."""
        return self.plan.window_start if self.plan else self.now


def _looked(name: str, settings: Settings, folder: Path, wish: Wish, now: datetime) -> Looked:
    asked = _asked(wish)
    outside = signal_findings(settings, folder, name, now, asked)
    if name not in settings.models:
        return Looked(name, now, outside)
    plan = _plan(name, settings, folder, wish, now)
    if asked and set(asked) <= set(SIGNAL_CHECKS):
        return Looked(name, now, outside, plan)
    shelf = shelf_at(anchored(settings.database, folder))
    return Looked(name, now, [*run_checks(plan, source_of(plan.watched), shelf), *outside], plan)


def _report(folder: Path, found: Sequence[Looked]) -> None:
    from bot.cli.report import write_report  # heavy: matplotlib and Jinja2, 0.6 s, for a report only

    for each in found:
        if each.plan is not None:
            for path in write_report(folder, each.plan, each.findings):
                typer.echo(f"wrote {path}", err=True)


def _chosen(settings: Settings, named: str | None) -> Sequence[str]:
    known = [*settings.models, *settings.systems]
    if not known:
        raise Invalid("No model is under watch.", hint="The settings name them under “models”.")
    if named is None:
        return known
    if named not in known:
        near = get_close_matches(named, known, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
        raise Invalid(f"No model named {named!r} is under watch.", hint=hint)
    return [named]


def _plan(name: str, settings: Settings, folder: Path, wish: Wish, now: datetime) -> CheckPlan:
    model = settings.models[name]
    one = watched(name, model, folder)
    if wish.compare_to is not None and wish.compare_to not in USUAL:
        if not Path(wish.compare_to).exists():
            raise Invalid(
                f"There is nothing to compare to at {wish.compare_to}.", hint="Name a Parquet file."
            )
        one = replace(one, reference=str(Path(wish.compare_to).absolute()))
    if wish.all_features:
        one = replace(one, features=None)
    configured = {spec.check: spec for spec in check_specs(settings, name, folder)}
    checks = _checks(configured, wish, one)
    build_all(checks, one.offers)  # refuse what does not exist before anything is read
    return CheckPlan(one, model.window if wish.last is None else _span(wish.last), now, checks)


def _checks(configured: Mapping[str, CheckSpec], wish: Wish, model: Watched) -> tuple[CheckSpec, ...]:
    """The checks that were asked for, with the settings' options; else those of the settings."""
    asked = _asked(wish, model.offers)
    if not asked and _asked(wish):
        raise Invalid(
            f"{model.name} has nothing that could be looked at for that.",
            hint="Fairness, for example, needs columns.group: README, “Checks”.",
        )
    if not asked:
        return tuple(configured.values())
    usual = {name: configured.get(name, CheckSpec(name)).options for name in asked}
    return tuple(CheckSpec(name, {**usual[name], **options}) for name, options in asked.items())


def _asked(wish: Wish, offers: Collection[str] | None = None) -> dict[str, dict[str, Any]]:
    """The checks that were typed, each with the options that follow from it.

    Of a topic only those that a model with these `offers` can have.
    """
    topics: dict[str, dict[str, Any]] = {
        kind.name: {}
        for topic in wish.topics
        for kind in KINDS
        if any(kind.name.startswith(asked) for asked in topic)
        if offers is None or set(needs_of(kind)) <= set(offers)
    }
    if wish.drift_threshold is not None:
        topics |= dict.fromkeys(DRIFT, _beyond(wish.drift_threshold))
    named = _metrics(wish).items()
    return topics | {name: {} if limit is None else _floor(name, limit) for name, limit in named}


def _beyond(limit: float) -> dict[str, float]:
    """A PSI that was typed is the only limit: merged days alarm from it as well (its root, an effect)."""
    return {"warning_limit": limit, "critical_limit": 2 * limit, "least_effect": math.sqrt(max(0.0, limit))}


def _metrics(wish: Wish) -> dict[str, float | None]:
    """Checks by their full names, each with its threshold, if there are thresholds."""
    names = [_full(each.strip()) for each in (wish.metrics or "").split(",") if each.strip()]
    if wish.thresholds is None:
        return dict.fromkeys(names)
    try:
        limits = [float(each) for each in wish.thresholds.split(",")]
    except ValueError:
        raise Invalid(f"{wish.thresholds!r} are no thresholds.", hint="Write them as 0.80,0.85.") from None
    if len(limits) != len(names):
        raise Invalid(
            f"There are {len(names)} metrics and {len(limits)} thresholds.",
            hint="Give one threshold for each metric, in the same order.",
        )
    return dict(zip(names, limits, strict=True))


def _full(name: str) -> str:
    return name if "." in name else f"performance.{name}"


def _floor(name: str, limit: float) -> dict[str, Any]:
    """A threshold that was typed is the limit, whatever the reference does; a graver one beyond it stays."""
    kind = BY_NAME.get(name)
    graver = None if kind is None else getattr(kind(), "critical_limit", None)
    lower = kind is not None and getattr(kind(), "worse", "lower") == "lower"
    beyond = graver is not None and (graver < limit if lower else graver > limit)
    return {
        "warning_limit": limit,
        "critical_limit": graver if beyond else None,
        "warning_change_ratio": None,
        "critical_change_ratio": None,
        "even_if_reference_fails": True,
    }


def _span(text: str) -> timedelta:
    try:
        found = span(text)
    except (ValueError, OverflowError) as error:
        raise Invalid(f"--last {text}: {error}.") from None
    if isinstance(found, timedelta) and found > LONGEST:
        raise Invalid(f"--last {text} is too long.", hint=f"At most {LONGEST.days}d can be looked at.")
    if not isinstance(found, timedelta) or not found:
        raise Invalid("--last must be longer than nothing.")
    return found


def _exit(headlines: Sequence[Verdict]) -> int:
    """An alarm of any model, else that one of them could not be judged at all, else that all is well."""
    return EXIT.get(worst(headlines), UNJUDGED)


def _told(looked: Looked) -> str:
    verdict = overall(looked.findings)
    since = f" (from {looked.start:%Y-%m-%d %H:%M} UTC)" if looked.plan else ""
    head = f"{looked.name}: {verdict.value}{since}"
    width = max((len(each.verdict.value) for each in looked.findings), default=0)
    lines = together(sorted(looked.findings, key=lambda each: -each.verdict.rank))
    return "\n".join([head, *(f"  {some[0].verdict.value:<{width}}  {_line(some)}" for some in lines)])


def _line(some: Sequence[Finding]) -> str:
    """A finding; of several that say the same, how many and which."""
    said = some[0].explanation
    if len(some) == 1:
        return f"{some[0].check:<26}  {said}"
    return f"{f'{len(some)} checks':<26}  {said} ({', '.join(each.check for each in some)})"


def _as_json(found: Sequence[Looked]) -> str:
    models = [
        {
            "model": looked.name,
            "verdict": overall(looked.findings).value,
            "window_start": looked.start.isoformat(),
            "window_end": looked.now.isoformat(),
            "findings": [each.to_json() for each in looked.findings],
            "fairness": [as_metric(each) for each in looked.findings if each.check.startswith("fairness.")],
        }
        for looked in found
    ]
    return json.dumps({"models": models}, indent=2, ensure_ascii=False)
