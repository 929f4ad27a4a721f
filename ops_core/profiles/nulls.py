"""The share of values that are missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import numpy as np

from ops_core.profiles.days import DAY
from ops_core.profiles.profile import Profile, moment
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


def missing_since(profile: Profile, name: str, limit: float) -> datetime | None:
    """The first of the days up to the last on which a feature's rate was beyond the limit, UTC.

    None when all days of the profile are, for then it may have begun before, or when they do not tell.
    """
    days = profile.days
    if name not in days.missing:
        return None
    beyond = days.missing[name] > limit * days.n
    if not len(beyond) or beyond.all() or not beyond[-1]:
        return None
    first = len(beyond) - int(np.argmin(beyond[::-1]))
    return moment(days.days[first] * DAY)
