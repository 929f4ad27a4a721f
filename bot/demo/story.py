"""The story of `tocsin demo --play`: three people and a model incident, over the workspace's API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from bot.demo.patience import Differs, Patience
from bot.demo.places import MODEL
from bot.workspace.person import PersonClient, PersonError
from bot.workspace.state import Json

Tell = Callable[[str], None]
ALERTS, INCIDENTS = "ml-alerts", "ml-incidents"
Seen = Callable[[Json], object]


class Story:
    """Seven moments, each with what must be seen; `tell` gets the transcript line by line.

    `patience` tells whether people press again when nothing came of it, as they do while a bot crashes.
    """

    def __init__(self, url: str, tell: Tell, patience: Patience = Patience()) -> None:  # noqa: B008 - frozen
        self.patience = patience
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
        card = self.ana.wait_message(ALERTS, _says("F1 is critical"), self.patience.wait)
        self._show("Tocsin", card)
        _must("A-1" in _text(card), "it is the first alert", card)
        _must(f"{MODEL}" in _text(card) and "v2" in _text(card), "it names model and version", card)
        _must(_has_picture(card), "the card has a chart", card)

    def notify(self) -> None:
        """Ana says that she has seen it; the same card changes."""
        acknowledged = self._message(self.ana, ALERTS, _shows("Acknowledged by"))
        self._show("Tocsin", self._press(self.ana, self._card("A-1"), "alert.acknowledge", acknowledged))
        cards = [one for one in self.ana.messages(ALERTS) if "A-1" in _text(one)]
        _must(len(cards) == 1, "there is one card for the alert", cards)

    def declare(self) -> None:
        """Ana declares from the card; the channel opens with one pinned card."""
        form = self._press(self.ana, self._card("A-1"), "alert.declare", _form(self.ana, "Declare"))
        self._submit(self.ana, form, {"severity": "P1", "title": "F1 of breast-cancer collapsed"})
        channel = self.ana.wait_channel(lambda one: one["name"].startswith("inc-1-"), self.patience.wait)
        self.room = str(channel["name"])
        card = self.ana.wait_message(self.room, _says("INC-1"), self.patience.wait)
        self._show("Tocsin", card)
        self.ben.wait_message(self.room, _says("INC-1"), self.patience.wait)
        self._until(lambda: self.ana.channel(self.room)["pins"], "the card is pinned")
        self.ana.wait_message(INCIDENTS, _says("INC-1"), self.patience.wait)
        self.ana.wait_message(ALERTS, _shows("Handled as"), self.patience.wait)

    def diagnose(self) -> None:
        """Ben takes command and runs the playbook's diagnostics."""
        diagnosing = self._message(
            self.ben, self.room, lambda one: _is_card(one) and "● diagnose" in _text(one)
        )
        self._press(self.ben, self._room_card(), "incident.take_command", diagnosing)
        for number in range(4):
            self._run_next_diagnostic(number)
        self._tick_manual()

    def resolve(self) -> None:
        """Back to the last good version, with a second person's word and the proof."""
        preview = self._command(self.ben, "/model rollback", self.room, _shows("rollback.approve"))
        self._show("Tocsin", preview)
        _must("v2" in _text(preview) and "v1" in _text(preview), "it proposes v1 by itself", preview)
        refused = self._message(self.ben, self.room, _shows("somebody else has to approve"))
        self._press(self.ben, preview, "rollback.approve", refused)
        moving = self._message(self.ana, self.room, lambda one: _is(one, preview) and not _asks(one))
        self._press(self.ana, preview, "rollback.approve", moving)
        proof = self.ana.wait_message(self.room, _shows("is back on v1"), self.patience.proof)
        self._show("Tocsin", proof)
        for part in ("registry", "serving", "f1"):
            _must(
                f"✓ {part}" in _text(proof) or f"✓ performance.{part}" in _text(proof),
                f"{part} is proven",
                proof,
            )
        self.ana.wait_message(
            ALERTS, lambda one: "A-1" in _text(one) and "resolved" in _text(one), self.patience.wait
        )
        form = self._type(self.ben, "/incident resolve", self.room, _form(self.ben, "Resolve"))
        words = {
            "root_cause": "v2 expects lengths in nanometres; the service sends micrometres.",
            "fix": "Rolled back to v1.",
        }
        self._submit(self.ben, form, words)
        self._show("Tocsin", self.ben.wait_message(self.room, _shows("INC-1 resolved"), self.patience.wait))

    def document(self) -> None:
        """The post-mortem is written from the timeline; the incident is closed."""
        shared = self._command(self.ben, "/incident postmortem", self.room, _shares_both_files)
        self.tell("  files: " + ", ".join(file["name"] for file in shared["files"]))
        written = _read(next(file for file in shared["files"] if file["name"].endswith(".md")))
        for part in (
            "## Timeline",
            "took command",
            "rolled back",
            "Lessons",
            "Why did it happen?",
            "alert A-1 fired",
        ):
            _must(part.lower() in written.lower(), f"the post-mortem has “{part}”", written)
        self._show("Tocsin", self._command(self.ben, "/incident close", self.room, _shows("INC-1 closed")))

    def summarise(self) -> None:
        """Chloe asks for the day on one screen, and for help."""
        self._show("Tocsin", self._command(self.chloe, "/ops summary", ALERTS, _shows("Daily summary")))
        for command in ("/incident", "/model", "/ops"):
            self._command(self.chloe, f"{command} help", "general", _shows(f"What {command} can do"))

    def _run_next_diagnostic(self, number: int) -> None:
        before = len(self._evidence())
        button = self._until(lambda: _first_button(self._checklist(), "step.run"), "a diagnostic is open")
        evidence = self._press(
            self.ben,
            self._checklist(),
            "step.run",
            lambda: self._evidence()[before:],
            button["block_id"],
        )
        _must(len(evidence) == 1, f"diagnostic {number + 1} posts its evidence once", evidence)
        self._show("Tocsin", evidence[0])

    def _tick_manual(self) -> None:
        button = _first_button(self._checklist(), "step.tick")
        _must(button, "the playbook has a manual step", self._checklist())
        ticked = self._message(
            self.ana, self.room, lambda one: "playbook" in one["text"] and "done by" in _text(one)
        )
        self._press(self.ana, self._checklist(), "step.tick", ticked, button["block_id"])

    def _evidence(self) -> list[Json]:
        return self.ben.thread(self._checklist())[1:]

    def _checklist(self) -> Json:
        return self.ben.wait_message(self.room, _says("playbook"), self.patience.wait)

    def _room_card(self) -> Json:
        return self.ben.wait_message(self.room, _is_card, self.patience.wait)

    def _card(self, ref: str) -> Json:
        return self.ana.wait_message(ALERTS, _says(ref), self.patience.wait)

    def _press(
        self, person: PersonClient, message: Json, action: str, effect: Callable[[], Any], block_id: str = ""
    ) -> Any:
        """What came of pressing a button."""
        self.tell(f"  {person.user} presses {action}")

        def press() -> Json:
            return person.press(message, action, block_id=block_id)

        return self.patience.act(person, press, effect, f"{person.user} presses {action}")

    def _command(self, person: PersonClient, line: str, channel: str, wanted: Seen) -> Json:
        """The message that came of a command."""
        return dict(self._type(person, line, channel, self._message(person, channel, wanted)))

    def _type(self, person: PersonClient, line: str, channel: str, effect: Callable[[], Any]) -> Any:
        """What came of a command."""
        command, _, text = line.partition(" ")

        def type_it() -> Json:
            return person.command(command, text, channel)

        return self.patience.act(person, type_it, effect, f"{person.user} types {line}")

    def _submit(self, person: PersonClient, form: Json, values: Json) -> None:
        """Submit a form, which closes it; the same form again while Slack says that it had trouble."""

        def submit() -> Json:
            return person.submit(form, values)

        title = form["title"]["text"]
        self.patience.act(person, submit, lambda: not person.views(), f"{person.user} submits “{title}”")

    @staticmethod
    def _message(person: PersonClient, channel: str, wanted: Seen) -> Callable[[], Json | None]:
        """Looks for the newest message that fits."""
        return lambda: next((one for one in reversed(person.messages(channel)) if wanted(one)), None)

    def _show(self, who: str, message: Json) -> None:
        self.tell(f"  {who}: " + "\n      ".join(_text(message).splitlines()))

    def _until(self, look: Callable[[], Any], what: str) -> Any:
        """What `look` finds, once it finds something; looks again whenever anything happens."""
        found = self.patience.look(self.chloe, look, self.patience.wait)
        _must(found, f"waited {self.patience.wait:g} s in vain: {what}", found)
        return found

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


def _is(message: Json, other: Json) -> bool:
    return bool(message["ts"] == other["ts"])


def _asks(message: Json) -> bool:
    return bool(_first_button(message, "rollback.approve"))


def _shares_both_files(message: Json) -> bool:
    return len(message.get("files") or ()) == 2


def _form(person: PersonClient, title: str) -> Callable[[], Json | None]:
    """Looks for a form in front of a person."""
    return lambda: next((one for one in reversed(person.views()) if title in one["title"]["text"]), None)


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
