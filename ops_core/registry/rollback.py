"""Picks the version to return to, and says why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ops_core.errors import NotFound
from ops_core.registry.versions import ModelVersion

Verdict = Literal["good", "bad", "unknown"]

TELLING_METRICS = ("f1", "auc", "accuracy", "recall", "precision")
"""Offline metrics that are better when higher, the most telling first."""

TOLERATED_LOSS_RATIO = 0.05
"""How much of the live version's offline figure a never-served version may lack and still be proposed."""


@dataclass(frozen=True)
class Served:
    """A period in which an alias named a version, from the ledger of alias moves.

    `to_at` is None while it lasts. The verdict is `bad` when a critical finding fell into the period,
    `good` when it was checked without one, `unknown` when nobody looked.
    """

    version: str
    from_at: datetime
    to_at: datetime | None
    verdict: Verdict


@dataclass(frozen=True)
class Proposal:
    """From which version to which, and why, in sentences that an approver reads."""

    from_version: ModelVersion
    to_version: ModelVersion
    why: tuple[str, ...]


def propose_rollback(
    live: ModelVersion, versions: Sequence[ModelVersion], served: Sequence[Served]
) -> Proposal:
    """The last good version before `live`.

    Preferred is the version that served most recently without ever meeting a critical finding; next
    one that served unjudged; last one that never served: the nearest earlier number whose offline
    metrics hold up against the live version's. A version that served badly is never proposed.
    Raises `NotFound` when nothing is left.
    """
    bad = {period.version for period in served if period.verdict == "bad"}
    choices = {each.version: each for each in versions if each.ready and each.version != live.version}
    allowed = {version: each for version, each in choices.items() if version not in bad}
    past = sorted((each for each in served if each.version in allowed), key=lambda each: each.from_at)
    for verdict in ("good", "unknown"):
        judged = [each for each in past if each.verdict == verdict]
        if judged:
            chosen = allowed[judged[-1].version]
            return Proposal(live, chosen, _why_served(live, chosen, judged[-1], bad))
    unserved = _nearest_unserved(live, allowed.values())
    if unserved is None:
        raise _nothing_left(live, choices, bad)
    return Proposal(live, unserved, _why_unserved(live, unserved, bad))


def _nearest_unserved(live: ModelVersion, allowed: Iterable[ModelVersion]) -> ModelVersion | None:
    earlier = sorted((each for each in allowed if each.number < live.number), key=lambda each: -each.number)
    return next((each for each in earlier if _holds_up(each.metrics, live.metrics)), None)


def _holds_up(candidate: Mapping[str, float], live: Mapping[str, float]) -> bool:
    metric = _shared_metric(candidate, live)
    return metric is None or candidate[metric] >= live[metric] * (1 - TOLERATED_LOSS_RATIO)


def _shared_metric(one: Mapping[str, float], other: Mapping[str, float]) -> str | None:
    return next((name for name in TELLING_METRICS if name in one and name in other), None)


def _why_served(live: ModelVersion, chosen: ModelVersion, period: Served, bad: set[str]) -> tuple[str, ...]:
    span = f"from {_moment(period.from_at)}" + (f" to {_moment(period.to_at)}" if period.to_at else "")
    judged = {
        "good": f"v{chosen.version} is the last version that served without a critical finding, {span}.",
        "unknown": f"v{chosen.version} is the last other version that served, {span}; "
        "no check judged it in that time.",
    }
    return judged[period.verdict], *_passed_over(bad - {live.version}), *_offline(live, chosen)


def _why_unserved(live: ModelVersion, chosen: ModelVersion, bad: set[str]) -> tuple[str, ...]:
    first = (
        f"No other version is known to have served well, so this is the nearest earlier one in the "
        f"registry: v{chosen.version}, registered {_moment(chosen.created_at)}."
    )
    return first, *_passed_over(bad - {live.version}), *_offline(live, chosen)


def _passed_over(bad: set[str]) -> tuple[str, ...]:
    if not bad:
        return ()
    return (f"Passed over, because of critical findings while serving: {_listed(bad)}.",)


def _offline(live: ModelVersion, chosen: ModelVersion) -> tuple[str, ...]:
    metric = _shared_metric(chosen.metrics, live.metrics)
    if metric is None:
        return (f"There are no offline metrics to compare v{chosen.version} and v{live.version} by.",)
    return (
        f"Offline {metric} was {chosen.metrics[metric]:.3f} for v{chosen.version} "
        f"and {live.metrics[metric]:.3f} for v{live.version}.",
    )


def _nothing_left(live: ModelVersion, choices: Mapping[str, ModelVersion], bad: set[str]) -> NotFound:
    failed = bad & choices.keys()
    weaker = sorted((each for each in choices.values() if each.version not in bad), key=lambda e: e.number)
    if not choices:
        message = f"v{live.version} is the only version of {live.model} that is ready to serve."
        hint = "Register a mended version and promote it, or stop sending traffic to the model."
    elif not weaker:
        message = f"Every other version of {live.model} met critical findings in service: {_listed(failed)}."
        hint = "Choose the least bad one by its number, or register a mended version and promote it."
    else:
        message = f"No version of {live.model} before v{live.version} has served or measured well enough."
        hint = f"Look at {_listed(each.version for each in weaker)} and choose one by its number."
    return NotFound(message, hint=hint)


def _listed(versions: Iterable[str]) -> str:
    ordered = sorted(versions, key=lambda version: (len(version), version))
    return ", ".join(f"v{version}" for version in ordered)


def _moment(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC"
