"""Matchers are read, held against labels, and refused when they are none."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_core.alerts import matcher
from ops_core.alerts.matchable import matchable
from ops_core.alerts.matcher import Matcher, match_every, parse
from ops_core.alerts.rules import Rules
from ops_core.errors import Invalid
from ops_core.severity import Severity

LABELS = {"model": "churn", "alertname": "drift.data", "note": 'a "b" \\ c'}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("model=churn", True),
        ('model="churn"', True),
        ("model=chur", False),
        ("model!=fraud", True),
        ('alertname=~"drift\\\\..*"', True),
        ("alertname=~drift", False),
        ("alertname!~drift", True),
        ("team=", None),
        ("team!=x", True),
        ("team=~x|", True),
        (r'note="a \"b\" \\ c"', True),
    ],
)
def test_a_matcher_holds_or_not(text: str, holds: bool | None) -> None:
    """A pattern takes the whole value; a label that is missing is empty."""
    if holds is None:
        with pytest.raises(Invalid, match="is no matcher"):
            matcher.parse(text)
    else:
        assert matcher.parse(text).matches(LABELS) is holds


def test_what_follows_the_matchers_is_left() -> None:
    """The span and the reason of a silence."""
    found, rest = matcher.read('model=churn, alertname=~"drift.*" 4h because x')
    assert [one.name for one in found] == ["model", "alertname"] and rest == "4h because x"


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        "(a+)+",
        "a**",
        "x" * 501,
        "(.*a){20}",
        "((a+)b?)+",
        "x{9,1}",
        r"\b",
        "(?i)x",
        "[a--b]",
        "[z-a]",
        "a]",
        "(" * 21,
        "(aaaaa){999}",
    ],
)
def test_a_pattern_that_is_none_or_takes_for_ever_is_refused(pattern: str) -> None:
    """At once, with its label."""
    with pytest.raises(Invalid, match="pattern for model"):
        Matcher("model", "=~", pattern)


@pytest.mark.parametrize("pattern", ["(a|a)*b", "(?:a?b?c?a?)*d", ".*.*.*.*.*.*.*b", "a?" * 100 + "a" * 100])
def test_no_pattern_takes_for_ever(pattern: str) -> None:
    """Whatever backtracks elsewhere is over at once, for the longest label too."""
    assert not Matcher("model", "=~", pattern).matches({"model": "a" * 999 + "!"})


PIECES = st.sampled_from(
    ["a", "b", ".", "a*", "[ab]+", "[^a]?", r"\.", r"\w{1,2}", "(a|b)*", "(?:ab|)", "|", "b{2}", "^", "$"]
)


@given(st.lists(PIECES, max_size=6).map("".join), st.text("ab.\n", max_size=8))
def test_a_pattern_means_what_it_means_to_python(text: str, value: str) -> None:
    """Whatever is not refused."""
    with suppress(Invalid):
        taken = Matcher("a", "=~", text).matches({"a": value})
        assert taken == (re.fullmatch(text, value) is not None)


@pytest.mark.parametrize(
    ("texts", "everything"),
    [
        (["model=churn"], False),
        (["model=~.+"], True),
        (["alertname=~.*"], True),
        (["model!=churn"], True),
        (["model!=churn", "alertname=x"], False),
        ([], True),
    ],
)
def test_matchers_that_leave_nothing_out_are_known(texts: list[str], everything: bool) -> None:
    """One narrow matcher is enough to be no such thing."""
    assert matcher.match_everything([matcher.parse(text) for text in texts]) is everything


@given(st.dictionaries(st.sampled_from(["a", "b.c", "d_e"]), st.text(max_size=30), min_size=1))
def test_matchers_survive_being_written(labels: dict[str, str]) -> None:
    """As JSON and as words."""
    wanted = matcher.exactly(labels)
    assert list(matcher.load(matcher.dump(wanted))) == wanted
    assert matcher.read(" ".join(map(str, wanted))) == (wanted, "")


@pytest.mark.parametrize(
    ("text", "meets"),
    [
        ("severity=P0", True),
        ("severity=critical", True),
        ("severity=~P0|P1", True),
        ("severity=~crit.*", True),
        ("severity=P1", False),
        ("severity=warning", False),
        ("severity!=P0", False),
        ("severity!=critical", False),
        ("severity!~crit.*", False),
        ("severity!=P1", True),
        ("team=risk", True),
        ("source=prometheus", True),
    ],
)
def test_severity_is_met_by_our_code_and_by_the_word_of_its_source(text: str, meets: bool) -> None:
    """And what is known of the model may be matched like its labels."""
    rules = Rules(known={"churn": {"team": "risk"}})
    labels = matchable(rules, "prometheus", {"severity": "critical", "model": "churn"}, Severity.P0)
    assert matcher.parse(text).matches(labels) is meets


def test_every_model_is_told_from_some() -> None:
    """By one label alone; with a further condition it is narrower."""
    models = ["churn", "fraud"]
    assert match_every([parse("model=~churn|fraud")], "model", models)
    assert not match_every([parse("model=churn")], "model", models)
    assert not match_every([parse("model=~churn|fraud"), parse("alertname=x")], "model", models)
    assert not match_every([parse("model=churn")], "model", ["churn"])


@pytest.mark.parametrize(
    ("text", "is_open"), [("severity=~P[0-3]", True), ("severity!=none", True), ("severity=P3", False)]
)
def test_every_severity_is_everything(text: str, is_open: bool) -> None:
    """However it is written."""
    assert parse(text).is_open is is_open
