"""Checks of whether inputs or answers look different from the reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ops_core.checks.check import chance, figures, no_rows, report
from ops_core.checks.evidence import EVIDENCE_P
from ops_core.checks.finding import JSON, Finding, Verdict
from ops_core.profiles.cells import Categorical, Cells, Numeric
from ops_core.profiles.columns import Counts
from ops_core.profiles.drift import Apart, adjusted, compare
from ops_core.profiles.profile import Profile

MOST_FEATURES_TOLD = 10
MOST_CELLS_TOLD = 50


@dataclass(frozen=True)
class Compared:
    """One feature's measures, with the p-value adjusted for how many were tested."""

    name: str
    apart: Apart
    p_value: float
    verdict: Verdict


@dataclass(frozen=True)
class Drift:
    """Counts stay within a PSI of the reference; beyond it and beyond chance, they have drifted.

    The PSI is that of the usual ten equal parts, less what sampling alone adds; the p-values (two-sample χ²)
    are adjusted for how many features are tested.
    """

    name: ClassVar[str]

    warning_limit: float = 0.1
    critical_limit: float = 0.2

    def counts(self, profile: Profile) -> Mapping[str, tuple[Cells, Counts]]:
        """What is compared: cells and counts by name."""
        raise NotImplementedError

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """One finding that ranks what differs by how much; `no_data` without rows or without a reference."""
        if not window.n:
            return [no_rows(self, window)]
        ranked = self.compare(window, reference)
        if not ranked:
            why = "no value is there to compare" if reference.n else "there is no reference to compare with"
            return [report(self, window, Verdict.NO_DATA, f"Drift cannot be told: {why}, n = {window.n:,}")]
        top = max(ranked, key=lambda each: each.verdict.rank)
        drifted = [each.name for each in ranked if each.verdict.is_alarming]
        features = [self._drawn(each, window, reference) for each in ranked[:MOST_FEATURES_TOLD]]
        return [
            report(
                self,
                window,
                top.verdict,
                self._explain(top, drifted, len(ranked)),
                {"feature": top.name, "drifted": list(drifted), "tested": len(ranked), "features": features},
                signal=f"psi of {top.name}",
                value=top.apart.corrected,
                limit=self._limit(top.verdict),
                unit="psi",
                n=top.apart.n,
                p_value=top.p_value,
            )
        ]

    def compare(self, window: Profile, reference: Profile) -> list[Compared]:
        """What both sides have values of, most drifted first."""
        usual = self.counts(reference)
        apart = {
            name: compare(_coarse(cells, counts), _coarse(cells, usual[name][1]))
            for name, (cells, counts) in self.counts(window).items()
            if counts.sum() and usual[name][1].sum()
        }
        p_values = adjusted([each.p_value for each in apart.values()])
        compared = [
            Compared(name, each, p_value, self._verdict(each, p_value))
            for (name, each), p_value in zip(apart.items(), p_values, strict=True)
        ]
        return sorted(compared, key=lambda each: (-each.apart.corrected, each.p_value, each.name))

    def _verdict(self, apart: Apart, p_value: float) -> Verdict:
        if apart.corrected <= self.warning_limit:
            # The usual PSI may still cross the limit: that much comes from sampling alone.
            return Verdict.OK
        if p_value > EVIDENCE_P:
            return Verdict.NO_EVIDENCE
        return Verdict.CRITICAL if apart.corrected > self.critical_limit else Verdict.WARNING

    def _limit(self, verdict: Verdict) -> float:
        return self.critical_limit if verdict is Verdict.CRITICAL else self.warning_limit

    def _explain(self, top: Compared, drifted: list[str], tested: int) -> str:
        value, limit = figures(top.apart.corrected, self._limit(top.verdict))
        measured = f"PSI {value} (limit {limit}), n = {top.apart.n:,}, {chance(top.p_value)}"
        if top.verdict is Verdict.OK:
            return f"No drift in {tested} tested: most in {top.name}, {measured}"
        if top.verdict is Verdict.NO_EVIDENCE:
            return f"{top.name} may have drifted, or it is chance: {measured} ({EVIDENCE_P:g} is needed)"
        others = f"; {len(drifted)} of {tested} drifted: {', '.join(drifted[:5])}" if len(drifted) > 1 else ""
        return f"{top.name} has drifted: {measured}{others}"

    def _drawn(self, compared: Compared, window: Profile, reference: Profile) -> JSON:
        """What a chart needs of one feature: its measures and both distributions over the ten parts."""
        cells, counts = self.counts(window)[compared.name]
        normal = self.counts(reference)[compared.name][1]
        edges: list[JSON] = [cells.edges[at] for at in cells.coarse] if isinstance(cells, Numeric) else []
        values: list[JSON] = list(cells.values[:MOST_CELLS_TOLD]) if isinstance(cells, Categorical) else []
        return {
            "feature": compared.name,
            "psi": round(compared.apart.corrected, 6),
            "psi_raw": round(compared.apart.psi, 6),
            "p_value": compared.p_value,
            "verdict": compared.verdict.value,
            "n": compared.apart.n,
            "edges": edges,
            "values": values,
            "window": _shares(cells, counts),
            "reference": _shares(cells, normal),
        }


@dataclass(frozen=True)
class DataDrift(Drift):
    """The inputs look as they do on the reference."""

    name: ClassVar[str] = "drift.data"

    def counts(self, profile: Profile) -> Mapping[str, tuple[Cells, Counts]]:
        """Counts of every feature."""
        return {
            name: (profile.layout.features[name], tally.counts)
            for name, tally in profile.tallies.items()
            if name not in profile.layout.measures.values()
        }


@dataclass(frozen=True)
class PredictionDrift(Drift):
    """The model's answers look as they do on the reference."""

    name: ClassVar[str] = "drift.prediction"

    def counts(self, profile: Profile) -> Mapping[str, tuple[Cells, Counts]]:
        """Counts of scores and of predicted classes."""
        classes = Categorical(tuple(str(each) for each in profile.layout.classes))
        found: dict[str, tuple[Cells, Counts]] = {"prediction": (classes, profile.prediction_counts[:-1])}
        if profile.layout.score.edges:
            found["score"] = (profile.layout.score, profile.score_counts[:-1])
        return found


def _coarse(cells: Cells, counts: Counts) -> Counts:
    return cells.coarsen(counts) if isinstance(cells, Numeric) else counts


def _shares(cells: Cells, counts: Counts) -> list[JSON]:
    shares = _coarse(cells, counts)[:MOST_CELLS_TOLD] / max(1, counts.sum())
    return [round(share, 5) for share in shares.tolist()]
