"""Makes a check from its name and options, and answers misspellings."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from ops_core.checks.watch import CheckSpec
from ops_core.errors import Invalid

SHARES = ("performance.", "quality.", "fairness.", "service.", "infrastructure.")
"""Families whose numbers without a unit of their own are shares of 1."""
NO_SHARES = ("performance.log_loss", "quality.reference_age", "quality.freshness", "quality.volume")
SHARE_HINT = "Write a share: 85% as 0.85."
LIMITS = ("warning_limit", "critical_limit")


def is_share(kind: type[Any]) -> bool:
    """Whether the limits of a check are shares of 1, so that 85 can only be a slip."""
    name: str = kind.name
    in_shares = getattr(kind, "unit", "ratio") == "ratio" and name.startswith(SHARES)
    return in_shares and name not in NO_SHARES


def build_of(kinds: Mapping[str, type[Any]], spec: CheckSpec) -> Any:
    """The check of `kinds` that the spec names; Invalid with the nearest name, when there is none such."""
    kind = kinds.get(spec.check)
    if kind is None:
        raise Invalid(
            f"There is no check named {spec.check!r}.", hint=_nearest(spec.check, kinds), field="check"
        )
    options = {each.name: each.default for each in fields(kind)}
    for option, value in spec.options.items():
        if option not in options:
            hint = _nearest(option, options)
            raise Invalid(f"The check {spec.check} has no option {option!r}.", hint=hint, field=option)
        if isinstance(options[option], str) and isinstance(value, str):
            continue
        if isinstance(value, str | list | dict) or (isinstance(value, float) and not math.isfinite(value)):
            raise Invalid(f"The option {option} of {spec.check} must be a number.", field=option)
        if option in LIMITS and is_share(kind) and isinstance(value, int | float) and value > 1:
            raise Invalid(f"{option} of {spec.check}: {value:g} is no share.", hint=SHARE_HINT, field=option)
    return kind(**spec.options)


def _nearest(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return f"Did you mean {close[0]}?"
    return "There are: " + ", ".join(names) + "." if names else "It has none."
