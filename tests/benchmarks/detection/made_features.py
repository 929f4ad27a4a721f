"""Twenty mixed features drawn as counts: the cells of a sampled reference, and the true shares in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri, pdtr, pdtrik, stdtr, stdtrit

from ops_core.drift.samples import Sample, Usual
from ops_core.profiles.cells import Numeric
from ops_core.profiles.columns import Floats

CARDINALITIES = (5, 12, 30, 80, 200)
USUAL_DAYS = 28
NULLS = 0.02


@dataclass(frozen=True)
class World:
    """How days differ: a weekend pattern, day effects in standard deviations, their autocorrelation."""

    weekend: float = 0.0
    day: float = 0.0
    autocorrelation: float = 0.0


@dataclass(frozen=True)
class Change:
    """What happens to a feature from a day on."""

    feature: int
    from_day: int
    shift: float = 0.0
    scale: float = 1.0
    top: float = 1.0
    nulls: float = NULLS
    unseen: float = 0.0


@dataclass(frozen=True)
class Number:
    """A number as a rising function of a standard normal one, and its distribution function P(X < x).

    Shifts and day effects act on the normal number: zeros of a zero-inflated feature stay zeros.
    """

    made: Callable[[Floats], Floats]
    below: Callable[[Floats], Floats]


def _positive(x: Floats) -> Floats:
    return np.maximum(x, 1e-300)


def _two_peaks(x: Floats) -> Floats:
    both: Floats = 0.5 * ndtr(x + 3) + 0.5 * ndtr((x - 3) / 0.5)
    return both


GRID = np.linspace(-12, 12, 20_001)
NORMAL = Number(lambda z: z, ndtr)
LOGNORMAL = Number(lambda z: np.exp(2 + 0.8 * z), lambda x: ndtr((np.log(_positive(x)) - 2) / 0.8))
STUDENT = Number(lambda z: stdtrit(3, ndtr(z)), lambda x: stdtr(3, x))
POISSON = Number(
    lambda z: np.ceil(np.maximum(pdtrik(ndtr(z), 4), 0.0)),
    lambda x: np.where(x > 0, pdtr(np.maximum(np.ceil(x) - 1, 0), 4), 0.0),
)
SPIKED = Number(
    lambda z: -100 * np.log1p(-np.maximum(ndtr(z) - 0.6, 0.0) / 0.4000001),
    lambda x: np.where(x > 0, 0.6 - 0.4 * np.expm1(-np.maximum(x, 0) / 100), 0.0),
)
BIMODAL = Number(lambda z: np.interp(ndtr(z), _two_peaks(GRID), GRID), _two_peaks)
NUMBERS = (NORMAL,) * 5 + (LOGNORMAL,) * 4 + (STUDENT,) * 3 + (POISSON, SPIKED, BIMODAL)


@dataclass(frozen=True)
class Year:
    """The random source, sizes and circumstances of one simulation."""

    random: np.random.Generator
    models: int
    n_usual: int
    n: int
    days: int
    world: World
    change: Change | None

    def altered(self, feature: int) -> Change:
        """What happens to this feature: the change, or nothing."""
        if self.change is not None and self.change.feature == feature:
            return self.change
        return Change(feature, self.days)

    def effects(self, days: int) -> Floats:
        """Fresh day effects, models × days."""
        return effects(self.random, self.models, days, self.world)


def samples(year: Year) -> list[Sample]:
    """All features of all models."""
    numbers = [_number(year, at, each) for at, each in enumerate(NUMBERS)]
    return numbers + [_category(year, at, each) for at, each in enumerate(CARDINALITIES, start=len(NUMBERS))]


def effects(random: np.random.Generator, models: int, days: int, world: World) -> Floats:
    """What each day adds (models × days), weekend included; day 0 is a Monday."""
    noise = random.normal(0, world.day, (models, days)) if world.day else np.zeros((models, days))
    for t in range(1, days if world.autocorrelation else 0):
        keep = world.autocorrelation
        noise[:, t] = keep * noise[:, t - 1] + np.sqrt(1 - keep**2) * noise[:, t]
    return noise + world.weekend * (np.arange(days) % 7 >= 5)


def _number(year: Year, at: int, number: Number) -> Sample:
    size = (year.models, USUAL_DAYS, year.n_usual // USUAL_DAYS)
    past = number.made(year.random.normal(size=size) + year.effects(USUAL_DAYS)[..., None])
    edges = _edges(past.reshape(year.models, -1))
    usual_days = np.stack([_placed(values, own) for values, own in zip(past, edges, strict=True)])
    change, moved = year.altered(at), year.effects(year.days)
    counts = []
    for first, last, altered in ((0, change.from_day, Change(at, 0)), (change.from_day, year.days, change)):
        drift = (moved[:, first:last] + altered.shift)[..., None]
        if not year.world.weekend and not year.world.day:
            drift = drift[:, :1]
        shares = true_shares(number, edges[:, None, :], drift, altered.scale)
        counts.append(_drawn(year, shares, last - first))
    return _sample(year, at, np.concatenate(counts, axis=1), usual_days, is_ordered=True)


def true_shares(number: Number, edges: Floats, moved: Floats, scale: float) -> Floats:
    """What share of rows falls between the edges (… E) when the normal number is `moved`: … E + 1.

    Rows are never drawn: how many of n fall into the cells is multinomial with these shares.
    """
    inner = ndtr(ndtri(number.below(edges / scale)) - moved)
    ends = np.zeros((*inner.shape[:-1], 1))
    shares: Floats = np.diff(np.concatenate([ends, inner, ends + 1], axis=-1), axis=-1)
    return shares


def _edges(values: Floats) -> Floats:
    """The product's own cells for each model, made equally many by cells that nothing falls into."""
    cells = [Numeric.of(own) for own in values]
    made = [each.inner[list(each.daily)] for each in cells]
    most = max(len(own) for own in made)
    return np.stack([np.pad(own, (0, most - len(own)), constant_values=np.inf) for own in made])


def _placed(values: Floats, edges: Floats) -> Floats:
    """Counts days × cells."""
    cells = np.searchsorted(edges, values, side="right") + np.arange(len(values))[:, None] * (len(edges) + 1)
    return (
        np.bincount(cells.ravel(), minlength=len(values) * (len(edges) + 1))
        .reshape(len(values), -1)
        .astype(float)
    )


def _category(year: Year, at: int, cardinality: int) -> Sample:
    weights = 1 / np.arange(1, cardinality + 1) ** 1.1
    weights = weights / weights.sum()
    scores = year.random.normal(size=(year.models, 1, cardinality))
    scores = scores - (scores * weights).sum(axis=-1, keepdims=True)
    scores = scores / np.sqrt((scores**2 * weights).sum(axis=-1, keepdims=True))
    usual = _drawn(
        year, _tilted(weights, scores, year.effects(USUAL_DAYS)), USUAL_DAYS, year.n_usual // USUAL_DAYS
    )
    change = year.altered(at)
    shares = _tilted(weights, scores, year.effects(year.days))
    shares[:, change.from_day :, 0] *= change.top
    shares /= shares.sum(axis=-1, keepdims=True)
    shares[:, change.from_day :] *= 1 - change.unseen
    new = np.zeros((year.models, year.days, 1))
    new[:, change.from_day :] = change.unseen
    counts = _drawn(year, np.concatenate([shares, new], axis=-1), year.days)
    whole = usual.sum(axis=1)
    order = np.argsort(-whole, axis=-1, kind="stable")[:, None, :]
    usual = np.take_along_axis(usual, order, axis=-1)
    counts = np.concatenate([np.take_along_axis(counts[..., :-1], order, axis=-1), counts[..., -1:]], axis=-1)
    known = np.take_along_axis(whole[:, None, :], order, axis=-1) > 0
    counts[..., -1] += np.where(known, 0, counts[..., :-1]).sum(axis=-1)
    counts[..., :-1] *= known
    usual = np.concatenate([usual, np.zeros_like(usual[..., :1])], axis=-1)
    return _sample(year, at, counts, usual, is_ordered=False)


def _tilted(weights: Floats, scores: Floats, moved: Floats) -> Floats:
    shares = weights * np.exp(scores * moved[..., None])
    tilted: Floats = shares / shares.sum(axis=-1, keepdims=True)
    return tilted


def _drawn(year: Year, shares: Floats, days: int, n: int | None = None) -> Floats:
    shares = np.broadcast_to(shares, (year.models, days, shares.shape[-1]))
    return year.random.multinomial(year.n if n is None else n, np.clip(shares, 0, 1)).astype(float)


def _sample(year: Year, at: int, counts: Floats, usual_days: Floats, *, is_ordered: bool) -> Sample:
    change = year.altered(at)
    share = np.full(year.days, NULLS)
    share[change.from_day :] = change.nulls
    missing = year.random.binomial(year.n, _nulls(share, year.effects(year.days))).astype(float)
    usual_missing = year.random.binomial(
        year.n_usual // USUAL_DAYS, _nulls(np.full(USUAL_DAYS, NULLS), year.effects(USUAL_DAYS))
    ).astype(float)
    whole = usual_days.sum(axis=1)
    usual = Usual(
        counts=whole,
        missing=usual_missing.sum(axis=1),
        daily=usual_days,
        daily_missing=usual_missing,
        weekdays=np.arange(USUAL_DAYS) % 7,
        singletons=(whole == 1).sum(axis=-1).astype(float),
    )
    return Sample(counts, missing, np.arange(year.days) % 7, usual, is_ordered, f"f{at}")


def _nulls(share: Floats, moved: Floats) -> Floats:
    """Shares of nulls by day: an effect of 1 is a standard deviation of being null."""
    shares: Floats = np.sin(np.arcsin(np.sqrt(share)) + moved / 2) ** 2
    return shares
