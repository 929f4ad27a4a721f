"""The check of whether labels and scores are what they can be at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ops_core.checks.check import no_rows, report
from ops_core.checks.finding import JSON, Finding, Verdict
from ops_core.checks.wording import percent
from ops_core.profiles.profile import Profile
from ops_core.profiles.rates import Rate

MOST_CLASSES_TOLD = 5


@dataclass(frozen=True)
class Strays:
    """How many of some values cannot be, in the window and on the reference, and the words for both."""

    what: str
    told: str
    rate: Rate
    usual: Rate

    def breaks(self, limit: float) -> bool:
        """A reference that has such values itself shows that they are no fault."""
        return self.rate.share > limit and not self.usual.hits


@dataclass(frozen=True)
class Validity:
    """Labels are of the reference's classes, and scores lie between 0 and 1 where the reference's do."""

    name: ClassVar[str] = "quality.validity"
    needs: ClassVar[tuple[str, ...]] = ("classification",)
    warning_limit: float = 0.0

    def judge(self, window: Profile, reference: Profile) -> list[Finding]:
        """`warning` for a share above the limit; it is counted, not estimated, so it needs no evidence."""
        if not window.n:
            return [no_rows(self, window)]
        found = [_labels(window, reference), _scores(window, reference)]
        broken = [each for each in found if each.breaks(self.warning_limit)]
        worst = max(broken or found, key=lambda each: each.rate.share)
        invalid: list[JSON] = [
            {"what": each.what, "invalid": each.rate.hits, "n": each.rate.n} for each in found
        ]
        return [
            report(
                self,
                window,
                Verdict.WARNING if broken else Verdict.OK,
                _explain(broken, found),
                {"invalid": invalid},
                signal=f"invalid {worst.what}",
                value=worst.rate.share,
                limit=self.warning_limit,
                n=worst.rate.n,
            )
        ]


def _labels(window: Profile, reference: Profile) -> Strays:
    classes = window.layout.classes
    named = ", ".join(map(str, classes[:MOST_CLASSES_TOLD]))
    more = ", …" if len(classes) > MOST_CLASSES_TOLD else ""
    told = f"are of no class that the reference knows ({named}{more}) and left out of performance"
    rates = (
        Rate(each.n_unknown_labels, each.n_unknown_labels + each.n_labelled) for each in (window, reference)
    )
    return Strays("labels", told, *rates)


def _scores(window: Profile, reference: Profile) -> Strays:
    rates = (Rate(*each.scores_outside) for each in (window, reference))
    return Strays("scores", "lie outside 0–1", *rates)


def _explain(broken: list[Strays], found: list[Strays]) -> str:
    if broken:
        return "; ".join(
            f"{each.rate.hits:,} of {each.rate.n:,} {each.what} {each.told} "
            f"({percent(each.rate.share)}), n = {each.rate.n:,}"
            for each in broken
        )
    same = [f"{each.rate.hits:,} {each.what} {each.told}, as some of the reference do" for each in found]
    usual = "; ".join(text for text, each in zip(same, found, strict=True) if each.rate.hits)
    labels, scores = (each.rate.n for each in found)
    well = f"n = {labels:,} labels and {scores:,} scores"
    return f"{usual}; {well}" if usual else f"All labels and scores are valid, {well}"
