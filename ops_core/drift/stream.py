"""Concept drift: since when, if at all, answers have been wrong more often than on the reference."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, logsumexp

from ops_core.drift.running import MOST_RATE, RATIOS, ROWS_A_FALSE_ALARM
from ops_core.profiles.columns import Floats


@dataclass(frozen=True)
class Errors:
    """Errors and rows, by stretch of time (T), oldest first."""

    errors: Floats
    rows: Floats


@dataclass(frozen=True)
class Turn:
    """The evidence for a change: its log, the most likely start (a stretch), and both rates.

    `log_evidence` is log Σ over possible starts, each row of them once, of how much better a change then
    explains the stream than no change. `before` and `after` are error rates, `n_after` the rows since.
    """

    log_evidence: float
    start: int
    before: float
    after: float
    n_after: int

    def rings(self, rows_a_false_alarm: float = ROWS_A_FALSE_ALARM) -> bool:
        """Whether the evidence passes; False at most once in so many rows on average without a change."""
        return self.log_evidence >= math.log(rows_a_false_alarm)


def turn(stream: Errors, usual_errors: int, usual_rows: int) -> Turn:
    """Looks for a change to more errors that lasts until now: a Shiryaev–Roberts sum of Bayes factors.

    Each possible start s gets the Bayes factor of "the reference and what came before s have one error
    rate, what came since has one of `RATIOS` times the reference's" against "all have one rate", whose prior
    is Jeffreys's, so that the reference's own sampling error is in the null. Summed over starts, one for
    every row, its expectation without a change is the number of rows seen (a martingale less time:
    Shiryaev 1963, Roberts 1966), whatever the rate; so by Markov's inequality (Doob's for the maximum) it
    exceeds A within N rows with probability at most N / A, over the reference's and the stream's
    randomness together. No calibration is needed; rows must be independent.

    T stretches cost O(T). Nothing is kept between calls but the stretches.
    """
    usual = (usual_errors + 0.5) / (usual_rows + 1)
    n = float(stream.rows.sum())
    if not n:
        return Turn(-math.inf, 0, usual, usual, 0)
    grown = _grown(stream, usual_errors, usual_rows)
    since = grown[:, -1:] - _before(grown)
    weights = np.log([weight for _, weight in RATIOS])[:, np.newaxis]
    start = int(np.argmax(np.where(stream.rows > 0, logsumexp(since + weights, axis=0), -np.inf)))
    errors, rows = float(stream.errors[start:].sum()), float(stream.rows[start:].sum())
    return Turn(
        float(evidence(stream, usual_errors, usual_rows)[-1]),
        start,
        (usual_errors + float(stream.errors[:start].sum())) / max(1.0, usual_rows + n - rows),
        errors / rows,
        int(rows),
    )


def evidence(stream: Errors, usual_errors: int, usual_rows: int) -> Floats:
    """What `turn` would have told as `log_evidence` after each stretch (T); −∞ before there are rows."""
    grown = _grown(stream, usual_errors, usual_rows)
    with np.errstate(divide="ignore"):
        begun = np.logaddexp.accumulate(np.log(stream.rows) - _before(grown), axis=1)
    weights = np.log([weight for _, weight in RATIOS])[:, np.newaxis]
    summed: Floats = logsumexp(grown + begun + weights, axis=0)
    return summed


def _grown(stream: Errors, usual_errors: int, usual_rows: int) -> Floats:
    """By ratio, log Bayes factors of a change before the first stretch after each one (ratios × T).

    Those of later starts are differences of these: what one stretch adds does not depend on the start, for
    what is expected of it without a change is told by all that came before it.
    """
    errors, rows = stream.errors.cumsum(), stream.rows.cumsum()
    a, b = usual_errors + 0.5, usual_rows - usual_errors + 0.5
    rates = np.minimum([ratio * a / (a + b) for ratio, _ in RATIOS], MOST_RATE)[:, np.newaxis]
    alike = betaln(a + errors, b + rows - errors) - betaln(a, b)
    grown: Floats = errors * np.log(rates) + (rows - errors) * np.log1p(-rates) - alike
    return grown


def _before(grown: Floats) -> Floats:
    """The same before each stretch."""
    return np.concatenate([np.zeros_like(grown[:, :1]), grown[:, :-1]], axis=1)
