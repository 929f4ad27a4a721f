"""Costs from a CSV or YAML file: rows of category and amount, of a day, a month, or as they stand."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar

import yaml

from ops_core.errors import Invalid, Unavailable
from ops_core.signals.costs import COST, Budgets, Spent, cost_signals
from ops_core.signals.signal import Signal

LARGEST_BYTES = 20_000_000
NAMES: Mapping[str, tuple[str, ...]] = {
    "category": ("category", "cost category", "service", "name"),
    "amount": ("amount", "actual", "cost", "spent"),
    "budget": ("budget", "planned"),
    "day": ("day", "date"),
    "month": ("month",),
}
"""What the columns may be called, in any case."""
_MONEY = re.compile(r"^\s*[^\d.+-]{0,3}\s*([+-]?[\d,]*\.?\d+)\s*[^\d.]{0,3}\s*$")


@dataclass(frozen=True)
class CostFile:
    """Reads a file anew each time; budgets in it give way to those of the settings."""

    signal: ClassVar[str] = COST

    path: Path
    budgets: Budgets

    @property
    def unit(self) -> str:
        """The currency."""
        return self.budgets.currency

    @property
    def source(self) -> str:
        """The file."""
        return str(self.path)

    def read(self, now: datetime) -> Sequence[Signal]:
        """A signal for each category. Raises `Unavailable` or `Invalid` with the line at fault."""
        rows = list(self._rows(self._text()))
        spent = [self._spent(row, where) for row, where in rows]
        planned = {
            each.category: self._amount(row["budget"], f"{where}, budget")
            for each, (row, where) in zip(spent, rows, strict=True)
            if row.get("budget") not in (None, "")
        }
        budgets = replace(self.budgets, by_category={**planned, **self.budgets.by_category})
        return cost_signals(spent, budgets, now, self.source)

    def _text(self) -> str:
        try:
            if self.path.stat().st_size > LARGEST_BYTES:
                raise Invalid(f"{self.path} is larger than {LARGEST_BYTES // 1_000_000} MB.")
            return self.path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise Unavailable(f"{self.path} cannot be read: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise Invalid(f"{self.path} is not UTF-8 text.") from None

    def _rows(self, text: str) -> Iterable[tuple[Mapping[str, Any], str]]:
        if self.path.suffix.lower() in (".yml", ".yaml"):
            return self._of_yaml(text)
        return self._of_csv(text)

    def _of_csv(self, text: str) -> Iterable[tuple[Mapping[str, Any], str]]:
        reader = csv.DictReader(io.StringIO(text), skipinitialspace=True)
        try:
            for row in reader:
                if any(row.values()):
                    yield _named(row), f"{self.path}, line {reader.line_num}"
        except csv.Error as error:
            raise Invalid(f"{self.path}, line {reader.line_num} is not CSV: {error}.") from None

    def _of_yaml(self, text: str) -> Iterable[tuple[Mapping[str, Any], str]]:
        try:
            content = yaml.safe_load(text) or []
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f" in line {mark.line + 1}" if mark else ""
            raise Invalid(f"{self.path} is not YAML{where}.") from None
        if isinstance(content, dict):
            content = [{"category": name, "amount": amount} for name, amount in content.items()]
        if not isinstance(content, list):
            raise Invalid(f"{self.path} holds a {type(content).__name__}, not costs by category.")
        for number, row in enumerate(content, 1):
            where = f"{self.path}, row {number}"
            if not isinstance(row, dict):
                raise Invalid(f"{where} has no category and amount.")
            yield _named(row), where

    def _spent(self, row: Mapping[str, Any], where: str) -> Spent:
        category = str(row.get("category") or "").strip()
        if not category:
            raise Invalid(
                f"{where}: there is no category.", hint="Columns: category, amount, and day or month."
            )
        if row.get("amount") in (None, ""):
            raise Invalid(
                f"{where}: there is no amount.", hint="Columns: category, amount, and day or month."
            )
        amount = self._amount(row["amount"], f"{where}, amount")
        return Spent(
            category, amount, _date(row.get("day"), where), _date(row.get("month"), where, month=True)
        )

    def _amount(self, value: Any, where: str) -> float:
        """A number, also with a currency sign and thousands: "$18,200"."""
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return float(value)
        match = _MONEY.match(str(value))
        if match is None:
            raise Invalid(f"{where}: {str(value)[:40]!r} is no amount.")
        return float(match[1].replace(",", ""))


def _named(row: Mapping[Any, Any]) -> dict[str, Any]:
    """The row under our own names."""
    lower = {str(name).strip().lower(): value for name, value in row.items() if name is not None}
    return {ours: lower[name] for ours, names in NAMES.items() for name in reversed(names) if name in lower}


def _date(value: Any, where: str, *, month: bool = False) -> date | None:
    if value in (None, ""):
        return None
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.replace(day=1) if month else value
    text = str(value).strip()
    try:
        found = date.fromisoformat(f"{text}-01" if month and len(text) == 7 else text[:10])
    except ValueError:
        form = "2026-11" if month else "2026-11-25"
        raise Invalid(
            f"{where}: {text[:40]!r} is no {'month' if month else 'day'}.", hint=f"Write {form}."
        ) from None
    return found.replace(day=1) if month else found
