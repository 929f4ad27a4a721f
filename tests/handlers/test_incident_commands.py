"""`/incident`: each verb, as the people in its channel see it."""

from __future__ import annotations

from tests.wire import Scene, has_button, ref, said


def test_declare_opens_a_channel_with_one_pinned_card(shared: Scene) -> None:
    """Title, topic, card, pin, invitations and the line in #ml-incidents."""
    title = shared.title()
    card = shared.declare(shared.ben, title, severity="P1", impact="many")
    shared.ana.wait_message("ml-incidents", title)
    topic = f"{ref(card)} · P1 high · {title}"
    room = shared.ana.wait_channel(lambda each: each["topic"] == topic)
    page = shared.ana.channel(card["channel"])
    assert room["name"] == f"{ref(card).lower()}-{title.lower().replace(' ', '-')}"
    assert page["pins"] == [card["ts"]] and {shared.ana.id, shared.ben.id} <= set(page["members"])
    assert "many" in said(card) and "P1 high" in said(card)


def test_declare_fills_in_the_title_that_was_typed(shared: Scene) -> None:
    """The words after the verb are the title."""
    view = shared.form(shared.ana, "Recall & precision fell")
    assert "Recall & precision fell" in str(view["blocks"][0])
    shared.ana.close(view)


def test_status_tells_the_asker_alone(shared: Scene) -> None:
    """In its channel the incident needs no name."""
    card = shared.declare()
    shared.ben.command("/incident", "status", card["channel"])
    told = shared.told(shared.ben, card["channel"], f"{ref(card)} F1 fell")
    assert "nobody yet" in said(told) and told["to"] == shared.ben.id


def test_list_shows_the_open_ones(shared: Scene) -> None:
    """Each with its channel."""
    card = shared.declare()
    shared.ben.command("/incident", "list", "ml-ops")
    assert f"<#{card['channel']}>" in said(shared.told(shared.ben, "ml-ops", ref(card)))


def test_take_makes_a_commander_and_shows_the_playbook(shared: Scene) -> None:
    """The card names who decides; the checklist follows."""
    card = shared.declare()
    shared.ben.command("/incident", "take", card["channel"])
    shared.ana.wait_message(card["channel"], "playbook")
    shared.showing(card, "diagnose")
    assert "Took command" in said(shared.ana.wait_reply(card, "Took command"))


def test_take_over_says_from_whom(shared: Scene) -> None:
    """Command may pass on; the thread says from whom, by name."""
    card = shared.declare()
    shared.ben.command("/incident", "take", card["channel"])
    shared.ana.wait_message(card["channel"], "playbook")
    shared.ana.command("/incident", "take", card["channel"])
    assert "Ben Okafor" in said(shared.ana.wait_reply(card, "Took command from"))


def test_severity_changes_card_and_thread(shared: Scene) -> None:
    """Either spelling is understood."""
    card = shared.declare()
    shared.ben.command("/incident", "severity critical", card["channel"])
    assert shared.ana.wait_reply(card, "Severity P2 → P0")
    assert shared.ana.wait_message(card["channel"], lambda each: "· P0 ·" in each["text"])
    shared.ben.command("/incident", f"severity {ref(card)} low", "general")
    assert shared.ana.wait_reply(card, "Severity P0 → P3")


def test_a_severity_that_is_none_is_explained(shared: Scene) -> None:
    """The answer lists those there are."""
    card = shared.declare()
    for word in ("P7", "very bad", "", "<!here>"):
        shared.ben.command("/incident", f"severity {word}", card["channel"])
        assert shared.told(shared.ben, card["channel"], "P0 (critical)")


def test_update_with_words_is_posted_at_once(shared: Scene) -> None:
    """The words stand in the channel, with who said them."""
    card = shared.declare()
    shared.ben.command("/incident", "update traffic is back", card["channel"])
    assert "Ben Okafor" in said(shared.ana.wait_message(card["channel"], "traffic is back"))


def test_update_without_words_asks_for_them(shared: Scene) -> None:
    """The form posts what was filled in."""
    card = shared.declare()
    shared.ben.command("/incident", "update", card["channel"])
    view = shared.ben.wait_view(f"Update {ref(card)}")
    assert shared.ben.submit(view, {"status": "we know why"})["ok"]
    assert shared.ana.wait_message(card["channel"], "we know why")


def test_resolve_postmortem_and_close_end_it(shared: Scene) -> None:
    """The card loses its buttons with the last step; the files are in the channel."""
    card = shared.resolved()
    shared.ben.command("/incident", "postmortem", card["channel"])
    files = shared.ana.wait_message(card["channel"], lambda each: each.get("files"))["files"]
    assert [file["name"].rpartition(".")[2] for file in files] == ["md", "html"]
    shared.ben.command("/incident", "close", card["channel"])
    shared.showing(card, "closed")
    assert not has_button("incident.close")(shared.ana.messages(card["channel"])[0])


def test_resolve_starts_with_the_words_that_were_typed(shared: Scene) -> None:
    """`/incident resolve rolled back` fills in what fixed it."""
    card = shared.declare()
    shared.ben.command("/incident", "resolve rolled back to v1", card["channel"])
    view = shared.ben.wait_view(ref(card))
    assert "rolled back to v1" in str(view["blocks"])
    shared.ben.close(view)


def test_what_comes_too_early_is_refused_with_the_reason(shared: Scene) -> None:
    """First it is resolved."""
    card = shared.declare()
    for verb in ("postmortem", "close"):
        shared.ben.command("/incident", verb, card["channel"])
        assert shared.told(shared.ben, card["channel"], "is not resolved yet")


def test_a_closed_incident_says_so(shared: Scene) -> None:
    """Whatever is asked of it."""
    card = shared.resolved()
    shared.ben.command("/incident", "close", card["channel"])
    shared.showing(card, "closed")
    for verb in ("take", "update more", "resolve", "close", "severity P0"):
        shared.ben.command("/incident", verb, card["channel"])
        assert shared.told(shared.ben, card["channel"], "is closed")


def test_a_viewer_may_only_look(shared: Scene) -> None:
    """They are told so, and nothing changes."""
    card = shared.declare()
    shared.vic.join(card["channel"])
    for verb in ("take", "update x", "severity P0"):
        shared.vic.command("/incident", verb, card["channel"])
        assert shared.told(shared.vic, card["channel"], "Only a responder may")
    shared.vic.command("/incident", "status", card["channel"])
    assert "nobody yet" in said(shared.told(shared.vic, card["channel"], f"{ref(card)} F1 fell"))
