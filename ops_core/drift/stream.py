"""Concept drift: since when, if at all, answers have been wrong more often than on the reference."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, logsumexp

from ops_core.profiles.columns import Floats

# How much worse, and with what weight each: a rise by 70 % is found soonest, a third more late but surely.
RATIOS = ((1.3, 0.03), (1.7, 0.91), (3.2, 0.06))
# How sure each ratio is, as if so many errors had been seen at it: the sharper, the sooner it is found.
SURENESS = 400.0
# By the inequality below at most 3.8 % of streams of 20,000 rows without a change exceed this. About 3 % do:
# 1,500 simulated at a known rate of 5 %, looked at after every row, exceeded a log of 13.16 so often.
ROWS_A_FALSE_ALARM = 20_000 / 0.038
MOST_RATE = 0.95


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
    rate, what came since has one of `RATIOS` times the reference's" against "all have one rate", both with
    Beta priors, so that the reference's own sampling error is in the null. Summed over starts, one for
    every row, its expectation without a change is the number of rows seen (a martingale less time:
    Shiryaev 1963, Roberts 1966), whatever the rate; so by Markov's inequality (Doob's for the maximum) it
    exceeds A within N rows with probability at most N / A, over the reference's and the stream's
    randomness together. No calibration is needed; n must be independent rows.

    T stretches cost O(T). Nothing is kept between calls but the stretches.
    """
    errors, rows = _since(stream.errors), _since(stream.rows)
    all_errors, all_rows = float(stream.errors.sum()), float(stream.rows.sum())
    a, b = usual_errors + 0.5, usual_rows - usual_errors + 0.5
    right = rows - errors
    before_errors, before_right = all_errors - errors, all_rows - all_errors - right
    none = betaln(a + all_errors, b + all_rows - all_errors)
    pre = betaln(a + before_errors, b + before_right) - none
    usual = a / (a + b)
    after = logsumexp(
        [math.log(weight) + _explained(errors, right, usual * ratio) for ratio, weight in RATIOS], axis=0
    )
    factors = np.where(stream.rows > 0, pre + after + np.log(np.maximum(stream.rows, 1.0)), -np.inf)
    if not len(factors) or not all_rows:
        return Turn(-math.inf, 0, usual, usual, 0)
    start = int(np.argmax(pre + after))
    earlier = usual_rows + all_rows - rows[start]
    return Turn(
        float(logsumexp(factors)),
        start,
        float((usual_errors + before_errors[start]) / max(1.0, earlier)),
        float(errors[start] / max(1.0, rows[start])),
        int(rows[start]),
    )


def _since(values: Floats) -> Floats:
    """Sums from each stretch to the last."""
    total: Floats = values[::-1].cumsum()[::-1].astype(np.float64)
    return total


def _explained(errors: Floats, right: Floats, rate: float) -> Floats:
    """Log probability of the rows under a Beta prior whose mean is `rate`."""
    mean = min(rate, MOST_RATE)
    a = SURENESS
    b = a * (1 - mean) / mean
    explained: Floats = betaln(a + errors, b + right) - betaln(a, b)
    return explained
