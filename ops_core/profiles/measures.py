"""What a prediction log may say of each answer, for those who need only the names."""

from __future__ import annotations

from typing import TypeAlias

Measure: TypeAlias = str
MEASURES: tuple[Measure, ...] = (
    "relevance",
    "hallucinated",
    "rating",
    "retrieved",
    "refused",
    "tokens",
    "cost",
    "latency",
)
"""Each by the name of the setting `columns.<name>` that says which column holds it."""
