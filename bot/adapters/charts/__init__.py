"""Charts of findings, as PNG."""

from bot.adapters.charts.finding import finding_chart, parts_chart

__all__ = ["finding_chart", "parts_chart"]
