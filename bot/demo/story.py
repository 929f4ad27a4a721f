"""The story of `tocsin demo --play`: three people and a model incident, over the workspace's API."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from bot.demo.places import MODEL
from bot.workspace.person import PersonClient, PersonError
from bot.workspace.state import Json

Tell = Callable[[str], None]
ALERTS, INCIDENTS = "ml-alerts", "ml-incidents"
PATIENCE = 30.0
PROOF_SECONDS = 90.0


class Differs(Exception):
    """Something is not as the story has it."""


class Story:
    """Seven moments, each with what must be seen; `tell` gets the transcript line by line."""

    def __init__(self, url: str, tell: Tell) -> None:
        self.ana = PersonClient(url, "ana")
        self.ben = PersonClient(url, "ben")
        self.chloe = PersonClient(url, "chloe")
        self.tell = tell
        self.room = ""

    def play(self) -> None:
        """All of it. Raises `Differs` at the first thing that is not as it should be."""
        for moment in (
            self.detect,
            self.notify,
            self.declare,
            self.diagnose,
            self.resolve,
            self.document,
            self.summarise,
        ):
            self.tell(f"\n— {moment.__name__} —")
            with self._told(moment.__name__):
                moment()

    def detect(self) -> None:
        """The scheduled check finds the fault by itself."""
        card = self.ana.wait_message(ALERTS, _says("F1 is critical"), PATIENCE)
        self._show("Tocsin", card)
        _must("A-1" in _text(card), "it is the first alert", card)
        _must(f"{MODEL}" in _text(card) and "v2" in _text(card), "it names model and version", card)
        _must(_has_picture(card), "the card has a chart", card)

    def notify(self) -> None:
        """Ana says that she has seen it; the same card changes."""
        card = self._card("A-1")
        self._press(self.ana, card, "alert.acknowledge")
        card = self.ana.wait_message(ALERTS, _shows("Acknowledged by"), PATIENCE)
        self._show("Tocsin", card)
        cards = [one for one in self.ana.messages(ALERTS) if "A-1" in _text(one)]
        _must(len(cards) == 1, "there is one card for the alert", cards)

    def declare(self) -> None:
        """Ana declares from the card; the channel opens with one pinned card."""
        self._press(self.ana, self._card("A-1"), "alert.declare")
        form = self.ana.wait_view("Declare", PATIENCE)
        answer = self.ana.submit(form, {"severity": "P1", "title": "F1 of breast-cancer collapsed"})
        _must(answer.get("ok"), "the form is accepted", answer)
        channel = self.ana.wait_channel(lambda one: one["name"].startswith("inc-1-"), PATIENCE)
        self.room = str(channel["name"])
        card = self.ana.wait_message(self.room, _says("INC-1"), PATIENCE)
        self._show("Tocsin", card)
        self.ben.wait_message(self.room, _says("INC-1"), PATIENCE)
        self._until(lambda: self.ana.channel(self.room)["pins"], "the card is pinned")
        self.ana.wait_message(INCIDENTS, _says("INC-1"), PATIENCE)
        self.ana.wait_message(ALERTS, _shows("Handled as"), PATIENCE)

    def diagnose(self) -> None:
        """Ben takes command and runs the playbook's diagnostics."""
        self._press(self.ben, self._room_card(), "incident.take_command")
        self._until(lambda: "● diagnose" in _text(self._room_card()), "the card is in the phase diagnose")
        for number in range(4):
            self._run_next_diagnostic(number)
        self._tick_manual()

    def resolve(self) -> None:
        """Back to the last good version, with a second person's word and the proof."""
        answer = self.ben.command("/model", "rollback", self.room)
        _must(answer.get("ok"), "/model rollback is acknowledged", answer)
        preview = self.ben.wait_message(self.room, _shows("rollback.approve"), PATIENCE)
        self._show("Tocsin", preview)
        _must("v2" in _text(preview) and "v1" in _text(preview), "it proposes v1 by itself", preview)
        self._press(self.ben, preview, "rollback.approve")
        self.ben.wait_message(self.room, _shows("somebody else has to approve"), PATIENCE)
        self._press(self.ana, preview, "rollback.approve")
        proof = self.ana.wait_message(self.room, _shows("is back on v1"), PROOF_SECONDS)
        self._show("Tocsin", proof)
        for part in ("registry", "serving", "f1"):
            _must(
                f"✓ {part}" in _text(proof) or f"✓ performance.{part}" in _text(proof),
                f"{part} is proven",
                proof,
            )
        self.ana.wait_message(ALERTS, lambda one: "A-1" in _text(one) and "resolved" in _text(one), PATIENCE)
        self.ben.command("/incident", "resolve", self.room)
        form = self.ben.wait_view("Resolve", PATIENCE)
        words = {"root_cause": "v2 expects lengths in nanometres; the service sends micrometres.", "fix": "Rolled back to v1."}
        _must(self.ben.submit(form, words).get("ok"), "the resolution is accepted", form)
        self._show("Tocsin", self.ben.wait_message(self.room, _shows("INC-1 resolved"), PATIENCE))

    def document(self) -> None:
        """The post-mortem is written from the timeline; the incident is closed."""
        self.ben.command("/incident", "postmortem", self.room)
        shared = self.ben.wait_message(self.room, lambda one: len(one.get("files") or ()) == 2, PATIENCE)
        self.tell("  files: " + ", ".join(file["name"] for file in shared["files"]))
        written = _read(next(file for file in shared["files"] if file["name"].endswith(".md")))
        for part in ("## Timeline", "took command", "rolled back", "Lessons", "Why did it happen?", "alert A-1 fired"):
            _must(part.lower() in written.lower(), f"the post-mortem has “{part}”", written)
        self.ben.command("/incident", "close", self.room)
        self._show("Tocsin", self.ben.wait_message(self.room, _shows("INC-1 closed"), PATIENCE))

    def summarise(self) -> None:
        """Chloe asks for the day on one screen, and for help."""
        self.chloe.command("/ops", "summary", ALERTS)
        self._show("Tocsin", self.chloe.wait_message(ALERTS, _shows("Daily summary"), PATIENCE))
        for command in ("/incident", "/model", "/ops"):
            self.chloe.command(command, "help", "general")
            self.chloe.wait_message("general", _shows(f"What {command} can do"), PATIENCE)

    def _run_next_diagnostic(self, number: int) -> None:
        before = len(self._evidence())
        button = self._until(lambda: _first_button(self._checklist(), "step.run"), "a diagnostic is open")
        self._press(self.ben, self._checklist(), "step.run", button["block_id"])
        self._until(lambda: len(self._evidence()) > before, f"diagnostic {number + 1} posts its evidence")
        self._show("Tocsin", self._evidence()[-1])

    def _tick_manual(self) -> None:
        button = _first_button(self._checklist(), "step.tick")
        _must(button, "the playbook has a manual step", self._checklist())
        self._press(self.ana, self._checklist(), "step.tick", button["block_id"])
        self._until(lambda: "done by" in _text(self._checklist()), "the step is ticked")

    def _evidence(self) -> list[Json]:
        return self.ben.thread(self._checklist())[1:]

    def _checklist(self) -> Json:
        return self.ben.wait_message(self.room, _says("playbook"), PATIENCE)

    def _room_card(self) -> Json:
        return self.ben.wait_message(self.room, _is_card, PATIENCE)

    def _card(self, ref: str) -> Json:
        return self.ana.wait_message(ALERTS, _says(ref), PATIENCE)

    def _press(self, person: PersonClient, message: Json, action: str, block_id: str = "") -> None:
        self.tell(f"  {person.user} presses {action}")
        answer = person.press(message, action, block_id=block_id)
        _must(answer.get("ok"), f"{action} is acknowledged", answer)

    def _show(self, who: str, message: Json) -> None:
        self.tell(f"  {who}: " + "\n      ".join(_text(message).splitlines()))

    def _until(self, look: Callable[[], Any], what: str) -> Any:
        """What `look` finds, once it finds something; looks again whenever anything happens."""
        deadline = time.monotonic() + PATIENCE
        while True:
            seen_until = self.chloe.workspace()["seq"]
            found = look()
            if found:
                return found
            left = deadline - time.monotonic()
            if left <= 0:
                raise Differs(f"waited {PATIENCE:g} s in vain: {what}")
            self.ana.events(seen_until, left)

    @contextmanager
    def _told(self, moment: str) -> Iterator[None]:
        try:
            yield
        except (PersonError, TimeoutError) as error:
            raise Differs(f"{moment}: {error}") from error


def _read(file: Json) -> str:
    answer = httpx.get(file["url_private"], trust_env=False)
    answer.raise_for_status()
    return answer.text


def _must(holds: object, what: str, seen: object) -> None:
    if not holds:
        raise Differs(f"{what}; but: {_text(seen) if isinstance(seen, dict) else seen}")


def _says(word: str) -> Callable[[Json], bool]:
    return lambda message: word in message["text"] and not message.get("ephemeral")


def _is_card(message: Json) -> bool:
    first = (message.get("blocks") or [{}])[0]
    return first.get("type") == "header" and "INC-" in message["text"]


def _shows(word: str) -> Callable[[Json], bool]:
    return lambda message: word in _text(message) or word in str(message.get("blocks"))


def _has_picture(message: Json) -> bool:
    return any(block["type"] == "image" for block in message["blocks"])


def _first_button(message: Json, action: str) -> Json:
    for block in message["blocks"]:
        for element in [*block.get("elements", []), block.get("accessory") or {}]:
            if element.get("action_id", "").partition(":")[0] == action:
                return dict(element) | {"block_id": block["block_id"]}
    return {}


def _text(message: Json) -> str:
    """What a person reads, line by line."""
    lines = [message.get("text", "")]
    for block in message.get("blocks") or []:
        parts = [block.get("text"), *block.get("fields", []), *block.get("elements", [])]
        lines += [_words(part) for part in parts if isinstance(part, dict)]
    return "\n".join(line for line in lines if line)


def _words(part: Json) -> str:
    text = part.get("text", "")
    if isinstance(text, dict):
        return f"[{text['text']}]"
    return str(text)
