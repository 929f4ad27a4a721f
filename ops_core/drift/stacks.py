"""Features of one kind side by side: NumPy needs as long for one of them as for twenty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ops_core.drift.samples import Sample, Test


@dataclass(frozen=True)
class Stack:
    """Some of the samples as one, with an axis of features before all others if there are several."""

    members: tuple[int, ...]
    sample: Sample

    def apart(self, test: Test) -> Iterator[tuple[int, Test]]:
        """The test of each member."""
        if len(self.members) == 1:
            yield self.members[0], test
            return
        for at, member in enumerate(self.members):
            yield member, replace(test, p_value=test.p_value[at], effect=test.effect[at])


def stacked(samples: Sequence[Sample]) -> list[Stack]:
    """Numbers with the same cells and days of the reference together; all others, and worlds of a simulation
    (samples with leading axes), by themselves."""
    groups: dict[object, list[int]] = {}
    for at, sample in enumerate(samples):
        alike = sample.is_ordered and sample.counts.ndim == 2
        usual = sample.usual
        key = (sample.counts.shape, usual.daily.shape, usual.weekdays.tobytes()) if alike else at
        groups.setdefault(key, []).append(at)
    return [Stack(tuple(each), _one([samples[at] for at in each])) for each in groups.values()]


def _one(samples: Sequence[Sample]) -> Sample:
    first = samples[0]
    if len(samples) == 1:
        return first
    usual = [sample.usual for sample in samples]
    return replace(
        first,
        counts=np.stack([sample.counts for sample in samples]),
        missing=np.stack([sample.missing for sample in samples]),
        usual=replace(
            first.usual,
            counts=np.stack([each.counts for each in usual]),
            missing=np.stack([each.missing for each in usual]),
            daily=np.stack([each.daily for each in usual]),
            daily_missing=np.stack([each.daily_missing for each in usual]),
            singletons=np.stack([each.singletons for each in usual]),
        ),
    )
