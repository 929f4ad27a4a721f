"""The marks of categories: which are common enough to tell whether they go together with anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ops_core.profiles.cells import Categorical, Cells
from ops_core.profiles.columns import Coded, Counted
from ops_core.profiles.pairs import LEAST_SHARE, LONGEST_CATEGORY, MOST_MARKS, MOST_OF_ONE, Scale


def marks(
    columns: Mapping[str, Sequence[Counted]], cells: Mapping[str, Cells], measures: Mapping[str, str]
) -> dict[str, Scale]:
    """By name, such as "plan=free", the marks of the reference's texts: those of each feature in turn.

    `columns` are the reference's rows by feature, `cells` its cells; columns of `measures` are no inputs.
    """
    left_out = set(measures.values())
    texts = [name for name, each in cells.items() if isinstance(each, Categorical) and name not in left_out]
    found = {name: list(_marks(name, columns[name], cells[name])) for name in texts}
    ranked = [(rank, mark) for of_one in found.values() for rank, mark in enumerate(of_one)]
    ranked.sort(key=lambda pair: pair[0])
    named = {f"{mark.feature}={mark.category}": mark for _, mark in ranked[:MOST_MARKS]}
    return {name: mark for name, mark in named.items() if name not in cells}


def _marks(name: str, columns: Sequence[Counted], cells: Cells) -> Iterator[Scale]:
    """The common categories of a feature, the most frequent first; of two that share all rows, one."""
    texts = [each for each in columns if isinstance(each, Coded)]
    if not isinstance(cells, Categorical):
        return
    counts = np.sum([cells.count(each) for each in texts], axis=0) if texts else np.zeros(cells.cells)
    shares = counts / max(1, counts.sum())
    common = [
        (value, float(share))
        for value, share in zip(cells.values[:MOST_OF_ONE], shares, strict=False)
        if LEAST_SHARE <= share <= 1 - LEAST_SHARE and len(value) <= LONGEST_CATEGORY
    ]
    if len(common) == 2 and sum(share for _, share in common) > 1 - LEAST_SHARE:
        common = common[:1]
    for value, share in common:
        yield Scale.of_share(share, name, value)
