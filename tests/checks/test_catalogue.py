"""Checks are found by name, and misspellings are answered."""

import pytest

from ops_core.checks.catalogue import KINDS, build, build_all, needs_of
from ops_core.checks.performance import F1
from ops_core.checks.watch import CheckSpec
from ops_core.errors import Invalid


def test_options_replace_defaults() -> None:
    """The rest keeps its default."""
    assert build(CheckSpec("performance.f1", {"warning_limit": 0.9})) == F1(warning_limit=0.9)


def test_no_specs_mean_the_whole_catalogue() -> None:
    """Each kind once, where a model has all that they need; without groups, nothing of fairness."""
    everything = {need for kind in KINDS for need in needs_of(kind)}
    assert [type(check) for check in build_all((), everything)] == list(KINDS)
    names = {check.name for check in build_all((), {"classification"})}
    assert "performance.f1" in names and not names & {"fairness.equal_opportunity", "performance.mae"}


@pytest.mark.parametrize(
    ("spec", "hint"),
    [
        (CheckSpec("performance.f_1"), "Did you mean performance.f1?"),
        (CheckSpec("nonsense"), "There are: backup.age"),
        (CheckSpec("performance.f1", {"warning_limits": 1}), "Did you mean warning_limit?"),
    ],
)
def test_what_does_not_exist_is_refused_with_a_hint(spec: CheckSpec, hint: str) -> None:
    """The nearest name, or all of them."""
    with pytest.raises(Invalid) as refused:
        build(spec)
    assert hint in refused.value.hint


def test_an_option_must_be_a_number() -> None:
    """Text from a configuration file is refused before it is compared with a rate."""
    with pytest.raises(Invalid, match="must be a number"):
        build(CheckSpec("performance.f1", {"warning_limit": "high"}))
