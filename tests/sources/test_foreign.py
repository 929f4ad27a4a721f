"""Nothing that a stranger can write breaks a parser, or what keeps its words."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources import reading
from bot.sources.building import KINDS
from bot.sources.hearing import Hearing
from ops_core.alerts.heard import Heard
from ops_core.errors import Invalid
from tests.sources.hearsay import NOW, PAYLOADS, heard, payload

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        [
            "firing",
            "resolved",
            "ALARM",
            "OK",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59-12:00",
            "1e999",
            "$X",
            "null",
        ]
    )
)
ANY = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)
RECORDED = sorted(file.stem for file in PAYLOADS.glob("*.json"))


def kept(found: list[Heard]) -> bool:
    """Whether all of it can be written into any database, and is as it says."""
    for one in found:
        json.dumps([dict(one.labels), dict(one.annotations)], allow_nan=False).encode()
        assert one.starts_at.utcoffset() is not None and one.fingerprint
        assert all(
            isinstance(text, str)
            for pair in (dict(one.labels) | dict(one.annotations)).items()
            for text in pair
        )
        assert all(len(text) <= reading.LABEL_VALUE for text in one.labels.values())
    return True


@pytest.mark.parametrize("kind", KINDS)
@given(document=ANY)
@settings(max_examples=40, deadline=None)
def test_any_json_is_heard_or_refused(kind: str, document: Any) -> None:
    """A list or a clear error, never a crash."""
    with suppress(Invalid):
        assert kept(heard(kind, document))


@pytest.mark.parametrize("name", RECORDED)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_real_payload_with_anything_in_any_place_is_heard_or_refused(
    name: str, data: st.DataObject
) -> None:
    """One value of a recorded payload is replaced."""
    document = payload(name)
    data.draw(st.sampled_from(list(places(document))))[0](data.draw(ANY))
    with suppress(Invalid):
        assert kept(heard(name.partition("_")[0], document))


def places(value: Any) -> Any:
    """Every place of a document, as a function that puts another value there."""
    inner = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    for at, each in inner:
        yield (lambda new, at=at: value.__setitem__(at, new),)
        yield from places(each)


@given(body=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=200, deadline=None)
def test_any_body_is_json_or_refused(body: bytes) -> None:
    """Bytes of any kind."""
    with suppress(Invalid):
        found = reading.document(body)
        assert json.loads(json.dumps(found, ensure_ascii=False).encode()) == found


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b'{"alerts": [\n  {"labels": }\n]}', "line 2, column 14"),
        (b"", "line 1, column 1"),
        (b"\xff{}", "byte 1"),
        (b"[" * 100_000, "nested too deeply"),
        (b"1" * 5_000, "too long"),
    ],
)
def test_a_broken_body_is_told_with_its_place(body: bytes, where: str) -> None:
    """Line and column, as an editor counts."""
    with pytest.raises(Invalid, match=where):
        reading.document(body)


def test_half_characters_zeros_and_nan_do_not_reach_the_database() -> None:
    """JSON can say them, PostgreSQL refuses them."""
    found = reading.document(b'{"a\\u0000": "\\ud800x \\ud83d\\ude00", "n": NaN, "i": -Infinity}')
    assert found == {"a\ufffd": "\ufffdx \U0001f600", "n": None, "i": None}


def test_long_labels_stay_apart() -> None:
    """They are cut, and two that begin alike remain two alerts."""
    alerts = [{"labels": {"alertname": "a", "path": "x" * 10_000 + end}} for end in "ab"]
    first, second = heard("alertmanager", {"alerts": alerts})
    assert len(first.labels["path"]) == reading.LABEL_VALUE and first.fingerprint != second.fingerprint


def test_long_words_say_what_was_left_out() -> None:
    """Nothing is cut silently."""
    (found,) = heard("alertmanager", {"alerts": [{"annotations": {"summary": "y" * 10_000}}]})
    assert found.annotations["summary"].endswith("more characters)")


def test_labels_beyond_the_most_are_left_out_and_stay_apart() -> None:
    """A mark stands for them, and the remark says so; the name is kept."""
    alerts = [
        {"labels": {f"l{n:03}": "x" for n in range(69)} | {"z": end, "alertname": "Many"}} for end in "ab"
    ]
    first, second = heard("alertmanager", {"alerts": alerts}, Hearing("them", NOW))
    assert len(first.labels) == reading.LABELS and first.labels["alertname"] == "Many"
    assert first.fingerprint != second.fingerprint and "left out are 8, such as l062" in first.remark


@pytest.mark.parametrize("kind", ["alertmanager", "grafana", "json"])
def test_one_odd_alert_does_not_hold_up_the_others(kind: str) -> None:
    """What cannot be read is left out; a request of which nothing can be read is refused with where."""
    good = {"labels": {"alertname": "a"}}
    assert [one.labels["alertname"] for one in heard(kind, {"alerts": [5, good, {"labels": "x"}]})] == ["a"]
    with pytest.raises(Invalid, match=r"alerts\[0\] must be an object"):
        heard(kind, {"alerts": [5, {"labels": "x"}]})


def test_an_unreadable_time_is_kept_with_a_remark() -> None:
    """It counts from now."""
    alert = {"labels": {"alertname": "a"}, "startsAt": "soon", "endsAt": "late", "status": "resolved"}
    (found,) = heard("alertmanager", {"alerts": [alert]})
    assert (found.starts_at, found.ends_at) == (NOW, NOW) and "alerts[0].startsAt is no time" in found.remark


def test_a_link_is_one_that_people_may_follow() -> None:
    """No script, no other scheme."""
    (found,) = heard("alertmanager", {"alerts": [{"generatorURL": "javascript:alert(1)"}]})
    assert found.url == ""


def test_unknown_fields_are_kept_as_words() -> None:
    """Not trusted, and not lost."""
    (found,) = heard("alertmanager", {"alerts": [{"labels": {}, "owner": {"name": "<!channel>"}}]})
    assert found.annotations == {"owner": '{"name": "<!channel>"}'}
