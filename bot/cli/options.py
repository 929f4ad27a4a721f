"""The options of `tocsin check`, those of the scripts in teams' runbooks among them (seed 003)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Last = Annotated[str | None, typer.Option(metavar="SPAN", help="How far back: 90m, 24h, 7d.")]
LastDay = Annotated[bool, typer.Option("--last-24h", help="The same as --last 24h.")]
LastWeek = Annotated[bool, typer.Option("--last-7d", help="The same as --last 7d.")]
Metrics = Annotated[str | None, typer.Option(help="Only these, as accuracy,auc,f1.")]
Limits = Annotated[str | None, typer.Option(help="A limit for each of them, as 0.80,0.85,0.75.")]
Performance = Annotated[
    bool, typer.Option("--full-metrics", "--check-performance", help="All that labels tell of the model.")
]
Distributions = Annotated[
    bool, typer.Option("--distribution-check", "--check-distributions", help="Drift of inputs and answers.")
]
DriftThreshold = Annotated[
    float | None, typer.Option(min=0, help="PSI that is a warning; twice that is critical.")
]
Missing = Annotated[bool, typer.Option("--check-missing", help="Missing values, columns and types.")]
Balance = Annotated[bool, typer.Option("--check-balance", help="The share of positive labels.")]
Correlations = Annotated[bool, typer.Option("--check-correlations", help="How features go together.")]
Bias = Annotated[bool, typer.Option("--check-bias", help="Fairness between groups.")]
Normal = Annotated[str | None, typer.Option(metavar="reference|FILE", help="What counts as normal.")]
AllFeatures = Annotated[bool, typer.Option("--all-features", help="Also those that the settings leave out.")]
Report = Annotated[
    bool,
    typer.Option("--generate-report", "--include-plots", help="Also write Markdown, and a page with charts."),
]
Folder = Annotated[Path, typer.Option(metavar="FOLDER", help="Where the report goes.", show_default="here")]

TOPICS = (
    ("performance.",),
    ("drift.data", "drift.prediction"),
    ("quality.null_rate", "quality.schema"),
    ("quality.class_balance",),
    ("quality.correlations", "drift.multivariate"),
    ("fairness.",),
)
"""What the flags from `Performance` to `Bias` ask for: checks, or with a dot at the end all of a family."""


def topics(*flags: bool) -> tuple[tuple[str, ...], ...]:
    """What is asked for by those flags that are set, given in that order."""
    return tuple(topic for topic, wanted in zip(TOPICS, flags, strict=True) if wanted)
