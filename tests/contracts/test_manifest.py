"""`manifest.yml` says what the code uses: no command, scope or event too few or too many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import manifest
from bot.doctor.registered import registered
from bot.workspace.manifest import EVENT_SCOPES, read_app
from bot.workspace.scopes import FAMILIES, SCOPES, needed_scopes

ROOT = Path(__file__).parents[2]
APP = read_app(manifest.values())
NOT_THE_BOT = ("workspace", "demo")
TALKED_TO = {"conversations.history": ("channel", "im"), "conversations.replies": ("channel", "im")}
"""Kinds of conversation that a method is used on; where nothing is said, public channels only."""
WITHOUT_METHOD = {
    "commands": "slash commands",
    "chat:write.public": "cards where nobody has invited the bot yet",
}
"""Scopes that no method asks for, with what they are for."""
SPELLED = re.compile(r'"([a-z]+(?:\.[a-zA-Z]+)+)"|client\.([a-z]+(?:_[a-zA-Z]+)+)\(')
BUTTON = re.compile(r'<button[^>]*?\bid="([a-z_.]+)"')


def sources() -> Iterator[str]:
    """The code that runs at a real Slack."""
    for folder in ("bot", "handlers"):
        for file in (ROOT / folder).rglob("*.py"):
            if file.relative_to(ROOT).parts[1] not in NOT_THE_BOT:
                yield file.read_text(encoding="utf-8")


def used_methods() -> set[str]:
    """The Web API methods that the code names, as `"pins.add"` or as `client.pins_add(`."""
    found = [quoted or called for text in sources() for quoted, called in SPELLED.findall(text)]
    plain = {method.replace(".", "_"): method for method in SCOPES}
    return {plain[name.replace(".", "_")] for name in found if name.replace(".", "_") in plain}


def ways(method: str) -> list[tuple[str, ...]]:
    """For each kind of conversation it is used on, the scopes of which one is enough."""
    if all("{" not in scope for scope in SCOPES[method]):
        return [SCOPES[method]] if SCOPES[method] else []
    return [needed_scopes(method, kind) for kind in TALKED_TO.get(method, ("channel",))]


def test_commands_are_those_of_the_code() -> None:
    """What is typed is answered, and what is answered can be typed."""
    assert sorted(each["command"] for each in APP.commands) == sorted(registered().commands)


def test_shortcuts_are_those_of_the_code() -> None:
    """What a message's menu offers is answered."""
    assert sorted(each["callback_id"] for each in APP.shortcuts) == sorted(registered().shortcuts)


def test_events_are_those_of_the_code() -> None:
    """Slack sends what somebody listens to, and nothing else."""
    assert sorted(APP.events) == sorted(set(registered().events))


def test_nothing_is_registered_twice() -> None:
    """The second one would never be called."""
    notes = registered()
    for names in (notes.commands, notes.buttons, notes.forms, notes.events):
        assert sorted(names) == sorted(set(names))


def test_buttons_and_modals_need_interactivity() -> None:
    """Without it Slack draws them and tells nobody."""
    assert APP.interactive is bool(registered().buttons or registered().forms)


def test_every_button_has_somebody_who_answers() -> None:
    """The buttons that templates draw are all registered."""
    drawn = {
        name
        for file in (ROOT / "templates").rglob("*.j2")
        for name in BUTTON.findall(file.read_text(encoding="utf-8"))
    }
    assert drawn and drawn - set(registered().buttons) == set()


@pytest.mark.parametrize("method", sorted(used_methods()))
def test_no_scope_is_missing(method: str) -> None:
    """Each method that the code calls is opened by a scope of the manifest."""
    for enough in ways(method):
        assert APP.scopes.intersection(enough), f"{method} needs one of {', '.join(enough)}"


@pytest.mark.parametrize("scope", sorted(APP.scopes))
def test_no_scope_is_too_much(scope: str) -> None:
    """Each scope of the manifest opens something that the code uses."""
    opened = {each for method in used_methods() for enough in ways(method) for each in enough}
    heard = {EVENT_SCOPES.get(event, "") for event in APP.events}
    assert scope in opened | heard | WITHOUT_METHOD.keys()


def test_the_scan_sees_both_spellings() -> None:
    """Else the laws above would hold of nothing."""
    assert {"pins.add", "views.open", "chat.postMessage", "users.info"} <= used_methods()


def test_kinds_are_of_this_world() -> None:
    """The table of kinds names methods that are used, and kinds that Slack has."""
    assert TALKED_TO.keys() <= used_methods()
    assert {kind for kinds in TALKED_TO.values() for kind in kinds} <= FAMILIES.keys()
