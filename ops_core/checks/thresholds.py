"""From thresholds as teams write them to the options of checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from ops_core.checks.building import SHARE_HINT, is_share
from ops_core.checks.threshold import Threshold
from ops_core.checks.watch import CheckSpec
from ops_core.errors import Invalid

Options = Mapping[str, Any]
Kinds = Mapping[str, type[Any]]


def specs_of(thresholds: Iterable[Threshold], kinds: Kinds) -> tuple[CheckSpec, ...]:
    """Checks of these kinds with the options that the thresholds give them, later lines winning.

    A limit that is written down is demanded, whatever the reference does. A default that would be milder
    than what was written for a graver verdict gives way. Raises `Invalid` with the place for what a check
    cannot do.
    """
    found: dict[str, dict[str, Any]] = {}
    for each in thresholds:
        for name in each.checks:
            if name in kinds:
                found.setdefault(name, {}).update(_options(kinds[name], each))
    return tuple(CheckSpec(name, _in_order(kinds[name], options)) for name, options in found.items())


def overlaid(
    specs: Sequence[CheckSpec], limits: Iterable[CheckSpec], usual: Iterable[str]
) -> tuple[CheckSpec, ...]:
    """The checks of a plan with the limits that hold for all; what a check says itself wins.

    Without a check named they are the `usual` ones: no specs would mean them without their limits.
    """
    given = {each.check: each.options for each in limits}
    if not given:
        return tuple(specs)
    named = tuple(specs) or tuple(map(CheckSpec, usual))
    return tuple(replace(each, options={**given.get(each.check, {}), **each.options}) for each in named)


def _options(kind: type[Any], threshold: Threshold) -> dict[str, Any]:
    name: str = kind.name
    there = {each.name for each in fields(kind)}
    if threshold.meaning == "state":
        return {}
    wanted = f"{threshold.verdict.value}_{'change_ratio' if threshold.meaning == 'change' else 'limit'}"
    if wanted == "warning_limit" and "limit_seconds" in there:
        wanted = "limit_seconds"
    if wanted not in there:
        can = (
            ", ".join(sorted(option for option in there if "limit" in option or "change" in option))
            or "no limit"
        )
        raise Invalid(f"{threshold.where}: {name} has no {wanted.replace('_', ' ')}.", hint=f"It has: {can}.")
    if threshold.meaning == "limit" and threshold.value > 1 and is_share(kind):
        raise Invalid(f"{threshold.where}: {threshold.value:g} is no share.", hint=SHARE_HINT)
    demanded = threshold.meaning == "limit" and "even_if_reference_fails" in there
    return {wanted: threshold.value, **({"even_if_reference_fails": True} if demanded else {})}


def _in_order(kind: type[Any], options: Options) -> Options:
    """A graver default that is milder than what was written gives way to it."""
    usual = kind()
    types = {each.name: str(each.type) for each in fields(usual)}
    for shape in ("limit", "change_ratio"):
        warning, critical = f"warning_{shape}", f"critical_{shape}"
        written, graver = options.get(warning), getattr(usual, critical, None)
        if written is None or graver is None or critical in options:
            continue
        if graver > written if shape == "limit" and _falls(usual) else graver < written:
            options = {**options, critical: None if "None" in types[critical] else 2 * written}
    return options


def _falls(usual: Any) -> bool:
    """Whether lower is worse."""
    return usual.name.startswith("fairness.") or getattr(usual, "worse", "higher") == "lower"
