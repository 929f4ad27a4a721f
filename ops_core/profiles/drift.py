"""How far two sets of counts on the same cells lie apart, and whether chance alone could do it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ops_core.profiles.columns import Counts, Floats

LEAST_EXPECTED = 10.0


@dataclass(frozen=True)
class Apart:
    """PSI as usually computed, PSI without what sampling adds, and the p-value of no difference at all."""

    psi: float
    corrected: float
    p_value: float
    n: int


def compare(window: Counts, reference: Counts, smoothing: float = 0.5) -> Apart:
    """Both measures of two sets of counts; no difference and p = 1 when either is empty."""
    n, normal = int(window.sum()), int(reference.sum())
    if not n or not normal:
        return Apart(0.0, 0.0, 1.0, n)
    raw = psi(window, reference, smoothing)
    cells = int(((window + reference) > 0).sum())
    corrected = max(0.0, raw - psi_by_chance(cells, n, normal))
    return Apart(raw, corrected, chi_square_p(window, reference), n)


def psi(window: Counts, reference: Counts, smoothing: float = 0.5) -> float:
    """Population stability index, Σ (w − r) ln(w / r) over cells that either uses.

    `smoothing` is added to every count, so that an empty cell does not make it infinite.
    """
    return float(psi_parts(window, reference, smoothing).sum())


def psi_parts(window: Counts, reference: Counts, smoothing: float = 0.5) -> Floats:
    """What each cell adds to the PSI; 0 for cells empty in both."""
    used = (window + reference) > 0
    w, r = (window[used] + smoothing), (reference[used] + smoothing)
    w, r = w / w.sum(), r / r.sum()
    parts = np.zeros(len(window))
    parts[used] = (w - r) * np.log(w / r)
    return parts


def psi_by_chance(cells: int, n: int, normal: int) -> float:
    """Expected PSI of two samples of one distribution: (cells − 1)(1/n + 1/normal) (Yurdakul 2018)."""
    return (cells - 1) * (1 / n + 1 / normal)


def chi_square_p(window: Counts, reference: Counts, least: float = LEAST_EXPECTED) -> float:
    """p-value of the two-sample χ² test, which counts the reference's own sampling error too.

    Neighbouring cells are merged until the smaller sample expects `least` in each. 1 when one cell is left.
    """
    from scipy.special import chdtrc  # heavy: 0.2 s

    w, r = merge_sparse(window, reference, least)
    if len(w) < 2:
        return 1.0
    ratio = np.sqrt(r.sum() / w.sum())
    statistic = float((((w * ratio - r / ratio) ** 2) / (w + r)).sum())
    return float(chdtrc(len(w) - 1, statistic))


def merge_sparse(window: Counts, reference: Counts, least: float) -> tuple[Counts, Counts]:
    """The same counts in fewer cells, each of which expects at least `least` in the smaller sample."""
    smaller = min(window.sum(), reference.sum()) / max(1, window.sum() + reference.sum())
    expected = (window + reference) * smaller
    starts, held = [0], 0.0
    for cell, amount in enumerate(expected.tolist()):
        if cell > starts[-1] and held >= least:
            starts.append(cell)
            held = 0.0
        held += amount
    if held < least and len(starts) > 1:
        starts.pop()
    return np.add.reduceat(window, starts), np.add.reduceat(reference, starts)


def adjusted(p_values: list[float]) -> list[float]:
    """p-values adjusted for being several (Holm 1979): valid however the tests depend on each other."""
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    result, highest = [1.0] * len(p_values), 0.0
    for rank, position in enumerate(order):
        highest = max(highest, min(1.0, p_values[position] * (len(p_values) - rank)))
        result[position] = highest
    return result
