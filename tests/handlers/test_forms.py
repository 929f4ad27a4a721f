"""Forms: what cannot be is said beside the field, and hostile text stays text."""

from __future__ import annotations

import pytest

from bot.workspace.person import PersonClient
from tests.wire import Json, Scene, parsed, ref

HOSTILE = "<!channel> & <@U0BEN0000> *b* `x` <https://evil.test|bank> 🔥"


def option(text: str) -> Json:
    """A choice that the form never offered."""
    return {"value": text, "text": {"type": "plain_text", "text": text}}


def refused(who: PersonClient, view: Json, values: Json) -> Json:
    """The complaints of a form, which stays open until it is put away."""
    answer = who.submit(view, values)
    who.close(view)
    errors: Json = answer.get("errors") or {}
    return errors


def test_a_title_of_spaces_is_refused_beside_the_title(shared: Scene) -> None:
    """The form stays open with the reason under the field."""
    errors = refused(shared.ana, shared.form(shared.ana), {"title": "   "})
    assert list(errors) == ["title"] and "needs a title" in errors["title"]


def test_a_title_of_200_characters_is_refused_beside_the_title(shared: Scene) -> None:
    """It says how long it may be."""
    errors = refused(shared.ana, shared.form(shared.ana), {"title": "x" * 200})
    assert list(errors) == ["title"]


@pytest.mark.parametrize(("field", "value"), [("severity", "P9"), ("type", "aliens")])
def test_a_choice_that_was_never_offered_is_refused_beside_its_field(
    shared: Scene, field: str, value: str
) -> None:
    """A forged or outdated form changes nothing."""
    errors = refused(shared.ana, shared.form(shared.ana), {"title": shared.title(), field: option(value)})
    assert list(errors) == [field]


def test_a_viewer_s_form_says_that_they_may_not(shared: Scene) -> None:
    """The refusal shows in the form."""
    errors = refused(shared.vic, shared.form(shared.vic), {"title": "x"})
    assert "Only a responder may declare" in str(errors)


def test_hostile_words_neither_ping_nor_break_anything(shared: Scene) -> None:
    """Title, impact, update and fix come out as text in every message of the incident."""
    mark = shared.title("x").split()[1]
    card = shared.declare(shared.ana, f"{mark}", impact=f"{HOSTILE}\n\n> {HOSTILE}")
    channel = card["channel"]
    shared.ben.command("/incident", f"update {HOSTILE} up", channel)
    shared.ana.wait_message(channel, " up")
    shared.ben.command("/incident", f"resolve {HOSTILE} fixed", channel)
    view = shared.ben.wait_view(ref(card))
    assert shared.ben.submit(view, {"root_cause": HOSTILE, "fix": f"{HOSTILE} fixed"})["ok"]
    shared.ana.wait_message(channel, "🔥 fixed")
    heard = "".join(parsed(each) for each in shared.ana.messages(channel))
    assert "&lt;!channel&gt;" in heard
    assert not any(bad in heard for bad in ("<!channel", "<@U0BEN0000>", "<https://evil"))


def test_a_hostile_title_names_a_plain_channel(shared: Scene) -> None:
    """The channel's name follows Slack's rules, the topic and the cards show the words harmlessly."""
    mark = shared.title("t").split()[1]
    assert shared.ana.submit(shared.form(shared.ana, mark), {"title": f"{HOSTILE}\nÉté {mark}"})["ok"]
    card = shared.ana.wait_message("ml-incidents", mark)
    room = shared.ana.wait_channel(lambda each: each["name"].startswith(f"{ref(card).lower()}-"))
    assert set(room["name"]) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") and len(room["name"]) <= 80
    page = shared.ana.channel(room["id"])
    shared.ana.wait_message(room["id"], mark)
    heard = "".join([page["channel"]["topic"], parsed(card), *map(parsed, page["messages"])])
    assert "&lt;!channel&gt;" in heard and "<!channel" not in heard and "<https:" not in heard


@pytest.mark.parametrize("title", ["🔥🔥🔥", "日本語", "---", "a" * 120, "A B  C_D.e/f"])
def test_every_title_makes_a_channel(shared: Scene, title: str) -> None:
    """Emoji, other scripts, signs only, and the longest one."""
    assert shared.ana.submit(shared.form(shared.ana), {"title": title})["ok"]
    line = shared.ana.wait_message(
        "ml-incidents", lambda each: each["text"].endswith(title[-20:].replace("  ", " "))
    )
    assert shared.ana.wait_channel(lambda each: each["name"].startswith(f"{ref(line).lower()}-"))


def test_a_long_title_in_the_command_is_cut_to_what_the_form_takes(shared: Scene) -> None:
    """The form opens; the person sees what fits."""
    assert shared.ana.command("/incident", f"declare {'long ' * 60}")["ok"]
    view = shared.ana.wait_view("long long")
    shared.ana.close(view)


def test_a_form_that_nobody_knows_any_more_is_answered(shared: Scene) -> None:
    """It was opened by an older version; the person hears of it."""
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "old"}}]
    view = {"type": "modal", "callback_id": "old.form", "title": _plain("Old form"), "blocks": blocks}
    old = shared.buttons(shared.ana, "ml-ops", incident__declare="1")
    shared.ana.press(old, "incident.declare")
    opened = shared.ana.wait_view("Declare")
    client = shared.tocsin.app.client
    client.views_update(view_id=opened["id"], view=view | {"submit": _plain("Go")})
    assert shared.ana.submit(shared.ana.wait_view("old.form"))["ok"]
    direct = shared.ana.open_direct("U0LOCALBOT")
    assert shared.ana.wait_message(direct, "does not know that button, form")


def test_an_old_shortcut_is_answered(shared: Scene) -> None:
    """One that an earlier manifest had."""
    answer = shared.ana.shortcut("old.shortcut")
    assert answer["ok"] or answer["error"] == "unknown_shortcut"


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}
