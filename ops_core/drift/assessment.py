"""All features together: what days do is learnt from all of them, then each statistic gets its p-value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, erfc, fdtrc, stdtr

from ops_core.drift.days import Variance, shrunk_together, squares, variance
from ops_core.drift.samples import Sample, Test
from ops_core.drift.shape import Shape, chi_square, in_parts, shape_of
from ops_core.drift.stacks import Stack, stacked
from ops_core.drift.statistics import Measured, measured
from ops_core.drift.weekly import Pattern, Signal, believed, signal, weekday_means
from ops_core.drift.windows import share_of_weekdays, trailing
from ops_core.profiles.columns import Floats


@dataclass(frozen=True)
class Merging:
    """How days merge into windows (… D W): `crowding` is Σ n² / (Σ n)², what a day effect keeps of its τ².

    `usual` (…) is the same of the reference; `shares` (… D W 7) are those of weekdays.
    """

    crowding: Floats
    usual: Floats
    shares: Floats


UNKNOWN_DAYS = 28
"""Days that a reference without times is taken to span."""
LEAST_DOUBT = 0.2
"""The standard error of a window's variance, as a share of it."""


KINDS = ("location", "spread", "nulls", "category", "unseen")


@dataclass(frozen=True)
class Known:
    """A number with what its days do: τ², its weekdays (means, rows, days) and how far they speak."""

    stack: Stack
    number: Measured
    tau: Variance
    weekly: tuple[Floats, Floats, Floats]
    signal: Signal


@dataclass(frozen=True)
class KnownShape:
    """The same of a shape."""

    stack: Stack
    shape: Shape
    tau: Variance
    signal: Signal


def assess(samples: Sequence[Sample]) -> list[list[Test]]:
    """The tests of every feature. All samples have the same days and leading axes."""
    lead = samples[0].counts.ndim - 2 if samples else 0
    stacks = stacked(samples)
    numbers = [(stack, number) for stack in stacks for number in measured(stack.sample)]
    kinds = {kind: _known([each for each in numbers if each[1].kind == kind], lead) for kind in KINDS}
    shapes = _known_shapes([(each, shape_of(each.sample)) for each in stacked(in_parts(samples))], lead)
    signals = {kind: [each.signal for each in known] for kind, known in kinds.items()}
    trust = believed({**signals, "shape": [each.signal for each in shapes]}, lead)
    found: list[list[Test]] = [[] for _ in samples]
    for kind, known in kinds.items():
        for each, own in zip(known, trust[kind], strict=True):
            _spread(found, each.stack, _scalar_test(each, own))
    for shape, own in zip(shapes, trust["shape"], strict=True):
        if shape.shape.usual.shape[-1] > 1:
            _spread(found, shape.stack, _shape_test(shape, own))
    return found


def _spread(found: Sequence[list[Test]], stack: Stack, test: Test) -> None:
    for member, own in stack.apart(test):
        found[member].append(own)


def _merging(sample: Sample, rows: Floats, usual_days: Floats) -> Merging:
    total = trailing(rows)
    crowding = trailing(rows**2) / np.maximum(total, 1.0) ** 2
    days = usual_days.sum(axis=-1)
    usual = np.where(days > 0, (usual_days**2).sum(axis=-1) / np.maximum(days, 1.0) ** 2, 1 / UNKNOWN_DAYS)
    return Merging(crowding, usual, share_of_weekdays(rows, sample.weekdays))


def _known(chosen: Sequence[tuple[Stack, Measured]], lead: int) -> list[Known]:
    """Numbers of one kind, with what their days do."""
    days = [stack.sample.usual.weekdays[: number.daily.m.shape[-1]] for stack, number in chosen]
    own = [variance(squares(number.daily, each)) for (_, number), each in zip(chosen, days, strict=True)]
    found = []
    for (stack, number), each, tau in zip(chosen, days, shrunk_together(own, lead), strict=True):
        weekly = weekday_means(number.daily.y, number.daily.m, each)
        found.append(Known(stack, number, tau, weekly, signal(*weekly, tau.tau[..., -1])))
    return found


def _scalar_test(known: Known, trust: Floats) -> Test:
    sample, each, tau = known.stack.sample, known.number, known.tau
    pattern = Pattern(*known.weekly, trust)
    merging = _merging(sample, each.daily.n, each.daily.m)
    moved, unsure = _matched(merging, pattern, tau)
    tested = np.isfinite(each.chance)
    chance = np.where(tested, each.chance, 1.0)
    effect = np.where(tested, each.z * np.sqrt(chance), 0.0) - moved
    keeps = (merging.crowding + merging.usual[..., None, None])[..., None, :, :]
    total = chance + tau.tau[..., None] * keeps + unsure
    z = effect / np.sqrt(total)
    doubt = keeps * tau.error[..., None] / total
    # What is unsure about a variance that is taken as zero matters only where it is large.
    doubt = np.where((tau.tau[..., None] > 0) | (doubt > LEAST_DOUBT), doubt, 0.0)
    freedom = np.where(doubt > 0, np.maximum(2 / np.maximum(doubt, 1e-4) ** 2, 1.0), 1e9)
    plain = erfc(np.abs(each.z) / np.sqrt(2))
    aware = 2 * stdtr(freedom, -np.abs(z))
    p_value = np.where(tested, np.maximum(plain, aware), 1.0)
    return Test(each.kind, p_value, np.where(tested, effect, 0.0), each.weights, each.cells)


def _matched(merging: Merging, pattern: Pattern, tau: Variance) -> tuple[Floats, Floats]:
    """What the weekly pattern adds to each window (… C D W) and the variance of saying so."""
    if not pattern.rows.any():
        return np.zeros(1), np.zeros(1)
    usual = pattern.rows / np.maximum(pattern.rows.sum(axis=-1, keepdims=True), 1.0)
    beyond = merging.shares - usual[..., None, None, :]
    beyond = np.where(merging.shares.sum(axis=-1, keepdims=True) > 0, beyond, 0.0)
    beyond = np.where(pattern.rows[..., None, None, :] > 0, beyond, 0.0)
    moved = np.einsum("...dwk,...ck->...cdw", beyond, pattern.means) * pattern.trust[..., None, None]
    by_rows = (beyond**2 / np.maximum(pattern.rows, 1.0)[..., None, None, :]).sum(axis=-1)
    by_days = (beyond**2 / np.maximum(pattern.days, 1.0)).sum(axis=-1)
    unsure = by_rows[..., None, :, :] + tau.tau[..., None] * by_days[..., None, :, :]
    return moved, unsure * pattern.trust[..., None, None]


def _known_shapes(chosen: Sequence[tuple[Stack, Shape]], lead: int) -> list[KnownShape]:
    own = [variance(shape.squares) for _, shape in chosen]
    taus = shrunk_together(own, lead)
    return [
        KnownShape(stack, shape, tau, _shape_signal(shape, tau))
        for (stack, shape), tau in zip(chosen, taus, strict=True)
    ]


def _shape_signal(shape: Shape, tau: Variance) -> Signal:
    counts, rows, days = shape.patterns
    shares = (shape.usual / np.maximum(shape.usual.sum(axis=-1, keepdims=True), 1.0))[..., None, :]
    means = counts / np.maximum(rows, 1.0)[..., None] - shares
    weight = np.where(shares > 0, 1 / np.maximum(shares, 1e-12), 0.0)
    chance = 1 / np.maximum(rows, 1.0) + tau.tau[..., 0, -1, None] / np.maximum(days, 1.0)
    found = np.where(rows > 0, (means**2 * weight).sum(axis=-1) / chance, 0.0).sum(axis=-1)
    degrees = np.maximum((rows > 0).sum(axis=-1) - 1, 0) * np.maximum((shape.usual > 0).sum(axis=-1) - 1, 1)
    return Signal(found[..., None], degrees[..., None] + 0.0 * found[..., None])


def _shape_test(known: KnownShape, trust: Floats) -> Test:
    """χ² without, and F with what days do; a day effect may lie in one direction and is taken to."""
    sample, shape, tau = known.stack.sample, known.shape, known.tau
    worth = shape.usual.sum(axis=-1)
    merging = _merging(sample, sample.known, sample.usual.daily.sum(axis=-1))
    plain, degrees = chi_square(shape.window, shape.usual[..., None, None, :], worth[..., None, None])
    usual, less = _matched_shape(shape, merging, trust)
    aware, aware_degrees = chi_square(shape.window, usual, less)
    chance = np.where(
        np.isfinite(shape.chance), 1 / np.maximum(shape.window.sum(axis=-1), 1) + 1 / np.maximum(less, 1), 1.0
    )
    keeps = merging.crowding + merging.usual[..., None, None]
    # One standard error more than estimated: an average over parts is surer than its largest direction.
    between = (tau.tau + tau.least_error)[..., 0, :, None]
    grown = 1 + aware_degrees * between * keeps / chance
    freedom = np.where(tau.freedom > 0, np.maximum(tau.freedom, 1.0), 1e9)[..., 0, :, None]
    some = (degrees > 0) & (aware_degrees > 0) & np.isfinite(shape.chance)
    df, aware_df = np.maximum(degrees, 1.0), np.maximum(aware_degrees, 1.0)
    p_aware = fdtrc(aware_df, freedom, np.maximum(aware / grown / aware_df, 0.0))
    # A variance of days that is nothing leaves nothing unsure either.
    p_aware = np.where(grown > 1, p_aware, chdtrc(aware_df, aware))
    p_value = np.where(some, np.maximum(chdtrc(df, plain), p_aware), 1.0)
    effect = np.where(some, np.sqrt(np.maximum(aware - aware_df, 0.0) * chance), 0.0)
    return Test("shape", p_value[..., None, :, :], effect[..., None, :, :], np.ones(1))


def _matched_shape(shape: Shape, merging: Merging, trust: Floats) -> tuple[Floats, Floats]:
    """The reference's shares for the weekdays of windows (… D W K) and the rows they are worth (… D W)."""
    counts, rows, _ = shape.patterns
    worth = shape.usual.sum(axis=-1)
    shares = (shape.usual / np.maximum(worth, 1.0)[..., None])[..., None, None, :]
    if not rows.any():
        return shares, np.broadcast_to(worth[..., None, None], shape.chance.shape)
    usual = rows / np.maximum(rows.sum(axis=-1, keepdims=True), 1.0)
    beyond = np.where(
        merging.shares.sum(axis=-1, keepdims=True) > 0, merging.shares - usual[..., None, None, :], 0.0
    )
    beyond = np.where(rows[..., None, None, :] > 0, beyond, 0.0) * trust[..., None, None]
    by_weekday = counts / np.maximum(rows, 1.0)[..., None]
    matched = np.maximum(shares + np.einsum("...dwk,...kj->...dwj", beyond, by_weekday), 0.0)
    chance = 1 / np.maximum(worth, 1.0)[..., None, None] + (
        beyond**2 / np.maximum(rows, 1.0)[..., None, None, :]
    ).sum(axis=-1)
    return matched, 1 / chance
