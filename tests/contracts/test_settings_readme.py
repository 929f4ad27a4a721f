"""The README's table of settings and the settings are the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bot.settings import ENVIRONMENT, CheckSettings, Settings
from ops_core.people import Role

README = Path(__file__).parents[2] / "README.md"
VARIABLES = {".".join(place): name for name, place in ENVIRONMENT.items()}
NOT_IN_FILE = {"TOCSIN_CONFIG", "TOCSIN_LOG_LEVEL"}
"""Variables that are no setting of the file."""


def rows(part: type[BaseModel] = Settings, place: str = "") -> Iterator[str]:
    """A row of the table for each setting: place, default, what it is for, variable."""
    for name, field in part.model_fields.items():
        here = f"{place}{name}"
        if inner := _inner(field):
            repeated = ".<name>." if field.default_factory is dict else "."
            yield from rows(inner, f"{here}{repeated}")
        else:
            variable = f"`{VARIABLES[here]}`" if here in VARIABLES else ""
            yield f"| `{here}` | {_default(field)} | {field.description} | {variable} |"


def _inner(field: FieldInfo) -> type[BaseModel] | None:
    kinds = [field.annotation, *get_args(field.annotation)]
    return next(
        (k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel) and k is not CheckSettings),
        None,
    )


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value in (None, [], {}, "", Path()) or isinstance(value, SecretStr):
        return ""
    return f"`{_spelled(value)}`"


def _spelled(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_spelled, value))}]"
    if isinstance(value, timedelta):
        seconds = value.total_seconds()
        sizes = (("h", 3600), ("m", 60), ("s", 1))
        return next(
            f"{seconds / size:g}{unit}"
            for unit, size in sizes
            if (seconds % size == 0 and seconds >= size) or unit == "s"
        )
    return value.name.lower() if isinstance(value, Role) else str(value)


def section() -> str:
    """The README's section “Settings”."""
    found = re.search(
        r"^#+ Settings$(.*?)(?=^#+ |\Z)", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return found[1] if found else ""


@pytest.mark.parametrize("row", list(rows()))
def test_every_setting_has_its_row(row: str) -> None:
    """With its default and its words from the code; `python -m` with this module prints them."""
    assert row in section().splitlines()


def test_no_row_is_of_the_past() -> None:
    """A setting that is gone is gone from the README."""
    told = set(re.findall(r"^\| `([a-z_.<>]+)` \|", section(), re.MULTILINE))
    assert told <= {row.split("`")[1] for row in rows()}


def test_every_variable_is_told_and_exists() -> None:
    """Those that are read and those that are described are the same."""
    told = set(re.findall(r"`((?:SLACK|TOCSIN)_[A-Z_]+)`", section()))
    assert told == set(ENVIRONMENT) | NOT_IN_FILE


if __name__ == "__main__":
    print("| setting | default | what it is for | variable |", "|---|---|---|---|", *rows(), sep="\n")  # noqa: T201 - its output
