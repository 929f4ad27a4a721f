"""Slash commands: help, what they do not know, and where they look."""

from __future__ import annotations

import re

import pytest

from tests.wire import Scene, ref, said

COMMANDS = ("/incident", "/model", "/ops")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("text", ["help", "", "  ", "HELP"])
def test_help_is_one_word_or_none_away(shared: Scene, command: str, text: str) -> None:
    """Each command explains itself to the person who asks, and to nobody else."""
    assert shared.ben.command(command, text, "ml-ops")["ok"]
    told = shared.told(shared.ben, "ml-ops", f"What {command} can do")
    assert told["to"] == shared.ben.id


@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_every_verb(shared: Scene, command: str) -> None:
    """What a command knows, its help tells."""
    shared.ben.command(command, "help", "ml-ops")
    shared.ben.command(command, "zzz", "ml-ops")
    known = said(shared.told(shared.ben, "ml-ops", "It knows")).partition("It knows:")[2]
    explained = said(shared.told(shared.ben, "ml-ops", f"What {command} can do"))
    verbs = [verb for verb in re.findall(r"`(\w+)`", known) if verb != "help"]
    assert verbs and all(f"`{command} {verb}" in explained for verb in verbs)


@pytest.mark.parametrize(
    ("command", "typed", "meant"),
    [("/incident", "decalre x", "declare"), ("/model", "rolback", "rollback"), ("/ops", "SUMERY", "summary")],
)
def test_a_misspelt_verb_is_answered_with_the_nearest(
    shared: Scene, command: str, typed: str, meant: str
) -> None:
    """A slip of the finger costs one glance."""
    assert shared.ana.command(command, typed, "ml-ops")["ok"]
    assert shared.told(shared.ana, "ml-ops", f"Did you mean `{command} {meant}`?")


def test_a_hostile_verb_is_only_repeated_harmlessly(shared: Scene) -> None:
    """What was typed comes back as text."""
    shared.ana.command("/ops", "<!channel>&`", "ml-ops")
    told = shared.told(shared.ana, "ml-ops", "does not know")
    assert "<!channel>" not in said(told) and "&lt;!channel&gt;" in said(told)


@pytest.mark.parametrize(
    "text", ["status INC-999", "take 999", "close INC-999", "postmortem 999", "resolve 999"]
)
def test_an_incident_that_is_not_there_is_said_to_be_so(shared: Scene, text: str) -> None:
    """The answer tells where to look."""
    assert shared.ana.command("/incident", text, "ml-ops")["ok"]
    told = said(shared.told(shared.ana, "ml-ops", "There is no INC-999"))
    assert "`/incident list`" in told or "/incident list" in told


@pytest.mark.parametrize("text", ["status banana", "take INC-x", "status 9999999999999999999999"])
def test_a_name_that_is_none_is_said_to_be_so(shared: Scene, text: str) -> None:
    """Nonsense gets a sentence, not silence."""
    assert shared.ana.command("/incident", text, "ml-ops")["ok"]
    assert shared.told(shared.ana, "ml-ops", text.split()[1])


def test_a_command_from_elsewhere_must_say_which_incident(shared: Scene) -> None:
    """Outside of an incident's channel it is named, when several are open."""
    first, second = shared.declare(), shared.declare()
    shared.ben.command("/incident", "status", "general")
    assert ref(first) in said(shared.told(shared.ben, "general", "Say which incident"))
    shared.ben.command("/incident", f"status {ref(second)}", "general")
    assert shared.told(shared.ben, "general", f"{ref(second)} F1 fell")
