"""A team's own mapping: valid JSON whatever it is given, and bounded whatever it does."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sources.mapping import Mapping
from ops_core.errors import Invalid

RULE = """{"labels": {"alertname": {{ payload.job }}, "model": {{ payload.tags.model | default("none") }}},
 "status": {{ "resolved" if payload.ok else "firing" }},
 "summary": {{ payload.job ~ " took " ~ payload.seconds ~ " s" }}}"""


def made(rule: str, payload: Any) -> Any:
    """What a rule makes of a payload."""
    return Mapping(rule, "sources.x.mapping").apply(payload)


def test_values_are_written_as_json() -> None:
    """Without quotes or filters in the template."""
    payload = {"job": 'nightly "train"\n', "ok": False, "seconds": 12.5, "tags": {}}
    assert made(RULE, payload) == {
        "labels": {"alertname": 'nightly "train"\n', "model": "none"},
        "status": "firing",
        "summary": 'nightly "train"\n took 12.5 s',
    }


def test_foreign_text_cannot_leave_its_place() -> None:
    """However it is quoted, it stays one value."""
    evil = '", "severity": "P0", "x": "{{ 1 }}'
    assert made(RULE, {"job": evil, "ok": True, "seconds": 1, "tags": {}})["labels"]["alertname"] == evil


def test_a_loop_makes_many() -> None:
    """As JSON wants its commas."""
    rule = '[{% for job in payload %}{"summary": {{ job }}}{% if not loop.last %},{% endif %}{% endfor %}]'
    assert made(rule, ["a", "b"]) == [{"summary": "a"}, {"summary": "b"}]


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ("{{ payload.a }", "line 1"),
        ("\n{{ payload.__class__() }}", "calls a function; filters do the same in line 2"),
        ("{% include 'x' %}", "includes another template"),
        ("{{ 9 ** 9 ** 9 }}", "has a power"),
        ("{% macro a() %}{% endmacro %}", "has a macro"),
        ("{% set a = [payload] %}", "makes a list or object"),
        ("{{ payload | pprint }}", "No filter named 'pprint'"),
        ("x" * 20_000, "longer than"),
    ],
)
def test_a_rule_that_could_do_harm_is_refused_at_start(rule: str, complaint: str) -> None:
    """With the source and the line."""
    with pytest.raises(Invalid, match=f"sources.x.mapping.*{complaint}"):
        Mapping(rule, "sources.x.mapping")


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ('{"a":\n {{ payload.b.c }}}', "failed in line 2.*no attribute 'b'"),
        ('{"a": "{{ payload.a }}"}', "made no JSON: line 1"),
        ("{{ payload.a.__class__.__mro__ }}", "line 1"),
        ("{{ payload.a * 1000000 }}", "for numbers"),
        ("{% set a = payload.a %}" + "{% set a = a ~ a %}" * 60 + "{{ a }}", "more than"),
        ("{% set a = payload.a %}" + "{% set a = a + a %}" * 60 + "{{ a }}", "longer than"),
        ("{{ payload ~ payload }}", "only texts and numbers"),
        ("{% for a in payload.l %}" * 4 + "{% set x = a %}" + "{% endfor %}" * 4, "loops take more"),
        (
            "{% for a in payload.l %}{% for b in payload.l %}{{ payload.l }}{% endfor %}{% endfor %}",
            "more than",
        ),
    ],
)
def test_what_goes_wrong_is_told_with_its_line(rule: str, complaint: str) -> None:
    """And nothing runs away with time or memory."""
    with pytest.raises(Invalid, match=complaint):
        made(rule, {"a": "text", "l": list(range(1_000))})
