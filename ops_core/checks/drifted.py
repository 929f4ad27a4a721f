"""How much one feature has drifted: its measures, its verdict, and the words for both."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Self

import numpy as np

from ops_core.checks.check import chance, figures
from ops_core.checks.finding import JSON, Verdict
from ops_core.checks.wording import percent
from ops_core.drift.kept import Side
from ops_core.drift.measures import MEASURES, both, kolmogorov_smirnov, wasserstein
from ops_core.drift.samples import Sample
from ops_core.drift.watching import Evidence, Seen
from ops_core.errors import Invalid
from ops_core.profiles.cells import Categorical, Numeric
from ops_core.profiles.columns import Counts
from ops_core.profiles.drift import compare

MOST_CELLS_TOLD = 50
# What 0.1 and 0.2 of the PSI are of each measure, for a normal number that is shifted.
LIMITS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "psi": (0.1, 0.2),
        "kl": (0.05, 0.1),
        "js": (0.134, 0.19),
        "ks": (0.126, 0.178),
        "wasserstein": (0.316, 0.447),
        "chi_square": (0.1, 0.2),
        "hellinger": (0.112, 0.158),
    }
)
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "location": "its values lie {effect}σ {direction}",
        "spread": "its values lie {direction} apart (effect {effect})",
        "shape": "its distribution has another shape (effect {effect})",
        "nulls": "{direction} values are missing (effect {effect})",
        "category": "“{category}” is {direction} frequent (effect {effect})",
        "unseen": "categories came that the reference never had (effect {effect})",
    }
)
DIRECTIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "location": ("higher", "lower"),
        "spread": ("farther", "less far"),
        "nulls": ("more", "fewer"),
        "category": ("more", "less"),
    }
)


@dataclass(frozen=True)
class Rule:
    """Limits of a measure, and the least effect for which merged days alarm (infinite: never)."""

    measure: str
    warning_limit: float
    critical_limit: float
    least_effect: float

    @classmethod
    def of(
        cls, measure: str, warning: float | None, critical: float | None, least_effect: float | None
    ) -> Self:
        """With the usual limits of the measure where none is given; Invalid for an unknown measure."""
        if measure not in LIMITS:
            raise Invalid(
                f"There is no measure of drift named {measure!r}.",
                hint="There are: " + ", ".join(LIMITS) + ".",
                field="measure",
            )
        usual = LIMITS[measure]
        return cls(
            measure,
            usual[0] if warning is None else warning,
            (usual[1] if warning is None else max(warning, usual[1])) if critical is None else critical,
            math.inf if least_effect is None else least_effect,
        )


@dataclass(frozen=True)
class Drifted:
    """One feature: what it shows, by which evidence, and what that means.

    `by_days` tells an alarm of merged days from one of the window itself; `value`, `limit` and `n` are of
    the rows that the verdict rests on, `unit` the measure or that of an effect. `psi` is
    the window's, less what sampling adds. `merged` are the rows of the merged days on the daily cells.
    """

    name: str
    verdict: Verdict
    evidence: Evidence
    seen: Seen
    by_days: bool
    value: float
    limit: float
    unit: str
    n: int
    psi: float
    measures: Mapping[str, float]
    side: Side
    usual: Side
    rule: Rule
    merged: Counts | None = None

    @property
    def size(self) -> float:
        """What the ranking goes by: the PSI, or the squared effect of proven nulls, which no PSI sees."""
        proven = self.evidence.kind == "nulls" and self.evidence.passes >= 1
        return max(self.psi, self.evidence.effect**2 if proven else 0.0)


def graded(rule: Rule, seen: Seen, sample: Sample, side: Side, usual: Side) -> Drifted:
    """The feature's verdict: an alarm of the window first, then one of merged days."""
    apart = compare(side.parts, usual.parts)
    measures = measured(side, usual) | {"psi_corrected": apart.corrected}
    value = apart.corrected if rule.measure == "psi" else measures[rule.measure]
    if seen.look.kind == "nulls" and seen.look.passes >= 1 and rule.measure == "psi":
        # Nulls are in no distribution; as a PSI, a change of theirs is their effect squared.
        value = max(value, seen.look.effect**2)
    verdict, limit = _by_look(rule, value, seen.look)
    found = Drifted(
        name=sample.name,
        verdict=verdict,
        evidence=seen.look,
        seen=seen,
        by_days=False,
        value=value,
        limit=limit,
        unit=rule.measure,
        n=side.rows or side.kept.missing,
        psi=apart.corrected,
        measures=measures,
        side=side,
        usual=usual,
        rule=rule,
    )
    return found if verdict.is_alarming or seen.days is None else _by_days(found, seen.days, sample)


def _by_days(found: Drifted, evidence: Evidence, sample: Sample) -> Drifted:
    """The alarm of the merged days: an effect beyond the least one, or grave by their PSI.

    As a PSI an effect counts as its square, which is the same scale.
    """
    merged = sample.counts[-1 - evidence.days : -1].sum(axis=0).astype(np.int64)
    size = max(compare(merged, found.usual.kept.counts).corrected, evidence.effect**2)
    grave = found.rule.measure == "psi" and size > found.rule.critical_limit
    return replace(
        found,
        verdict=Verdict.CRITICAL if grave else Verdict.WARNING,
        evidence=evidence,
        by_days=True,
        value=size if grave else abs(evidence.effect),
        limit=found.rule.critical_limit if grave else found.rule.least_effect,
        unit="psi" if grave else unit_of(evidence),
        n=int(sample.rows[-1 - evidence.days : -1].sum()),
        merged=merged,
    )


def unit_of(evidence: Evidence) -> str:
    """In what an effect is told: shifts in standard deviations of the reference."""
    return "σ" if evidence.kind == "location" else "effect"


def _by_look(rule: Rule, value: float, look: Evidence) -> tuple[Verdict, float]:
    if value <= rule.warning_limit:
        # The usual PSI may still cross the limit: that much comes from sampling alone.
        return Verdict.OK, rule.warning_limit
    if look.passes < 1:
        return Verdict.NO_EVIDENCE, rule.warning_limit
    if value > rule.critical_limit:
        return Verdict.CRITICAL, rule.critical_limit
    return Verdict.WARNING, rule.warning_limit


def measured(side: Side, usual: Side) -> dict[str, float]:
    """Every measure of the window against the reference; of the fine cells where a measure gains by it."""
    w, r = both(side.parts, usual.parts)
    found = {name: measure(w, r) for name, measure in MEASURES.items()}
    fine = both(side.counts, usual.counts, smoothing=0.0)
    found["ks"], found["ks_bound"] = (
        kolmogorov_smirnov(*fine) if isinstance(side.cells, Numeric) else (found["ks"], 0.0)
    )
    found["wasserstein"] = _wasserstein(side, usual)
    return found


def _wasserstein(side: Side, usual: Side) -> float:
    """In standard deviations of the reference, as far as its cells tell them; 0 for categories."""
    if not isinstance(side.cells, Numeric) or len(side.cells.edges) < 2 or not side.rows:
        return 0.0
    edges = side.cells.inner
    weights = usual.counts / max(1, usual.rows)
    with np.errstate(over="ignore", invalid="ignore"):  # of values near the greatest float it is not known
        middles = np.concatenate([edges[:1], (edges[1:] + edges[:-1]) / 2, edges[-1:]])
        deviation = math.sqrt(max(0.0, float((weights * middles**2).sum() - (weights * middles).sum() ** 2)))
    moved = wasserstein(side.counts / side.rows, weights, edges)
    return moved / deviation if deviation > 0 and math.isfinite(deviation) else 0.0


def explained(top: Drifted, drifted: Sequence[str], tested: int, reference_rows: int) -> str:
    """The finding in one sentence for a person."""
    value, limit = figures(top.value, top.limit)
    size = f"{_label(top.rule.measure)} {value} (limit {limit}), n = {top.n:,}"
    others = f"; {len(drifted)} of {tested} drifted: {', '.join(drifted[:5])}" if len(drifted) > 1 else ""
    if top.verdict is Verdict.OK:
        seen = f"; against {reference_rows:,} rows of reference, shifts show from {_small(top.seen.floor)}σ"
        return f"No drift in {tested} tested: most in {top.name}, {size}{_so_small(top.evidence)}{seen}"
    if top.verdict is Verdict.NO_EVIDENCE:
        needed = f"p = {top.evidence.adjusted:.1g}, and p ≤ {top.evidence.needed:.1g} would rule chance out"
        return f"{top.name} may have drifted, or it is chance: {size}, {needed}"
    p_value = chance(top.evidence.adjusted)
    if not top.by_days:
        what = f"{_statistic(top)}, " if top.evidence.kind in ("nulls", "unseen") else ""
        return f"{top.name} has drifted: {what}{size}, {p_value}{others}"
    days = top.evidence.days
    over = f"over {days} closed days" if days > 1 else "on one closed day"
    bound = (
        f"PSI {value}, limit {limit}" if top.verdict is Verdict.CRITICAL else f"alarms from {_effect(top)}"
    )
    return f"{top.name} has drifted: {over} {_statistic(top)}, {bound}, n = {top.n:,}, {p_value}{others}"


def _label(measure: str) -> str:
    return "PSI" if measure == "psi" else measure.replace("_", " ")


def _effect(top: Drifted) -> str:
    return f"{_small(top.limit)}{'σ' if top.unit == 'σ' else ''}"


def _small(effect: float) -> str:
    """An effect, of which no one asks the third decimal."""
    return f"{effect:.2f}" if effect >= 0.01 else "less than 0.01"


def _so_small(evidence: Evidence) -> str:
    """A p-value for which nobody needs to be woken, in words where it looks like an alarm."""
    if evidence.passes >= 1:
        return ", real but too small to alarm"
    return f", {chance(evidence.adjusted)}" if evidence.adjusted >= 0.001 else ""


def _statistic(top: Drifted) -> str:
    evidence = top.evidence
    if evidence.kind == "nulls" and not top.by_days:
        more = DIRECTIONS["nulls"][evidence.effect < 0]
        now, usual = percent(top.side.missing_ratio), percent(top.usual.missing_ratio)
        return f"{more} values are missing ({now} against {usual} on the reference)"
    higher, lower = DIRECTIONS.get(evidence.kind, ("", ""))
    category = ""
    if isinstance(top.side.cells, Categorical) and evidence.cell is not None:
        category = (*top.side.cells.values, "another")[evidence.cell]
    return KINDS[evidence.kind].format(
        effect=_small(abs(evidence.effect)),
        direction=higher if evidence.effect > 0 else lower,
        category=category,
    )


def drawn(drifted: Drifted, ranked: Sequence[Drifted]) -> JSON:
    """What a chart needs of one feature: its measures and both distributions over the ten parts."""
    cells, days = drifted.side.cells, drifted.merged
    parts = () if not isinstance(cells, Numeric) else cells.coarse if days is None else cells.daily
    edges: list[JSON] = [cells.edges[at] for at in parts] if isinstance(cells, Numeric) else []
    values: list[JSON] = list(cells.values[:MOST_CELLS_TOLD]) if isinstance(cells, Categorical) else []
    whole = sum(each.psi for each in ranked)
    smoothed = {name: round(value, 6) for name, value in drifted.measures.items() if math.isfinite(value)}
    return {
        "feature": drifted.name,
        "psi": round(drifted.psi, 6),
        "psi_raw": round(drifted.measures["psi"], 6),
        "contribution_ratio": round(drifted.psi / whole, 4) if whole else 0.0,
        "measures": dict(smoothed),
        "statistic": drifted.evidence.kind,
        "effect": round(drifted.evidence.effect, 4),
        "p_value": drifted.evidence.adjusted,
        "verdict": drifted.verdict.value,
        "n": drifted.n,
        "edges": edges,
        "values": values,
        "days": 0 if days is None else drifted.evidence.days,
        "window": _shares(drifted.side.parts if days is None else days),
        "reference": _shares(drifted.usual.parts if days is None else drifted.usual.kept.counts),
    }


def _shares(counts: Counts) -> list[JSON]:
    shares = counts[:MOST_CELLS_TOLD] / max(1, int(counts.sum()))
    return [round(share, 5) for share in shares.tolist()]
