"""Charts of findings, as PNG."""

from bot.adapters.charts.finding import explaining_chart, finding_chart

__all__ = ["explaining_chart", "finding_chart"]
