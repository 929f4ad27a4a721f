"""The share of values that are missing."""

from __future__ import annotations

from collections.abc import Mapping

from ops_core.profiles.profile import Profile
from ops_core.profiles.rates import Rate
from ops_core.profiles.tally import Tally


def missing_rate(tally: Tally) -> Rate:
    """Missing values (null or NaN) of the rows that have the column."""
    return Rate(tally.missing, tally.n + tally.missing)


def missing_rates(profile: Profile) -> Mapping[str, Rate]:
    """The rate of each input, of "prediction", and of "score" where there are scores."""
    measures = set(profile.layout.measures.values())
    rates = {name: missing_rate(tally) for name, tally in profile.tallies.items() if name not in measures}
    rates["prediction"] = Rate(int(profile.prediction_counts[-1]), profile.n)
    if profile.layout.score.edges:
        rates["score"] = Rate(int(profile.score_counts[-1]), profile.n)
    return rates
