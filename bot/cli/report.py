"""The report of a check: Markdown to keep beside the code, and a page with charts to send on."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from bot.adapters.charts import explaining_chart
from bot.rendering import TEMPLATES, Rendering
from ops_core.checks.catalogue import asks
from ops_core.checks.finding import Finding
from ops_core.checks.overall import overall
from ops_core.checks.watch import CheckPlan
from ops_core.errors import Invalid
from ops_core.explanations import explained


def write_report(folder: Path, plan: CheckPlan, findings: Sequence[Finding]) -> list[Path]:
    """Write `<model>-<time>.md` and `.html` into a folder, which is made; returns both paths.

    Raises `Invalid` when the folder cannot be written to.
    """
    rendering = Rendering([TEMPLATES], lambda _person: None)
    ordered = sorted(findings, key=lambda each: -each.verdict.rank)
    values = _values(plan, ordered)
    name = f"{_safe(plan.watched.name)}-{plan.now:%Y%m%d-%H%M}"
    pages = {
        folder / f"{name}.md": rendering.document("checks", **values, charts={}),
        folder / f"{name}.html": rendering.html("checks", **values, charts=_charts(ordered)),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in pages.items():
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Invalid(
            f"The report cannot be written to {folder}: {error.strerror}.", hint="Choose another --report-to."
        ) from error
    return list(pages)


def _values(plan: CheckPlan, findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "model": plan.watched.name,
        "verdict": overall(findings).value,
        "made_at": plan.now,
        "window_start": plan.window_start,
        "window_end": plan.now,
        "findings": [explained(each, plan.now, asks(each.check)) for each in findings],
    }


def _charts(findings: Sequence[Finding]) -> dict[str, Markup]:
    """The picture of each check as an address that holds it, so that the page is one file."""
    told = [each.to_json() for each in findings]
    drawn = {each["check"]: explaining_chart(told, each) for each in told}
    return {
        check: Markup("data:image/png;base64,") + base64.b64encode(png).decode()
        for check, png in drawn.items()
        if png is not None
    }


def _safe(name: str) -> str:
    return (
        "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name).lstrip(".")
        or "model"
    )
