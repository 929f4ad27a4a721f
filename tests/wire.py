"""A running workspace and a running bot that talk over the real wire, around a world kept in memory."""

from __future__ import annotations

import itertools
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

import yaml

from bot.process import Process
from bot.settings import Settings
from bot.wiring.building import Tocsin, build
from bot.workspace.core import DEFAULT_CHANNELS, Workspace
from bot.workspace.people import default_people, person
from bot.workspace.person import PersonClient
from bot.workspace.running import Running, running
from ops_core.checks.watch import Watched
from ops_core.clock import Clock
from ops_core.registry import ModelVersion
from ops_core.world import World
from tests import local
from tests.databases import migrated
from tests.ops_core.stand_ins import MODEL, FakeJudge, FakeRegistry, FakeServing

MANIFEST = yaml.safe_load((Path(__file__).parents[1] / "manifest.yml").read_text(encoding="utf-8"))
VIEWER = person("vic", "Vic Stone", "auditor")
PEOPLE = (*default_people(), VIEWER)
Json = dict[str, Any]
_numbers = itertools.count(1)


@dataclass
class GatedRegistry(FakeRegistry):
    """A registry whose answers wait until the gate is open, as it is at first."""

    gate: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        """Open the gate."""
        self.gate.set()

    def live(self, model: str, alias: str) -> ModelVersion:
        """What the alias names, once the gate is open."""
        self.gate.wait(20)
        return super().live(model, alias)


def world() -> World:
    """One model, `tumour`, of which version 2 serves and 1 and 3 exist."""
    registry = GatedRegistry()
    watched = Watched(MODEL, "predictions", "reference", serving_url="http://127.0.0.1:1/health")
    return World({MODEL: watched}, registry, FakeServing(registry), FakeJudge())


@dataclass
class Scene:
    """A workspace, and the bot whenever it is started."""

    place: Running
    folder: Path
    world: World
    clock: Clock | None = None
    more: Json = field(default_factory=dict)
    slack: Json = field(default_factory=dict)
    tocsin: Tocsin = field(init=False)
    _process: Process | None = None

    def __post_init__(self) -> None:
        """Give the bot its database."""
        if not (self.folder / "tocsin.db").exists():
            shutil.copy(migrated(), self.folder / "tocsin.db")
        self.ana, self.ben, self.vic = (PersonClient(self.place.url, name) for name in ("ana", "ben", "vic"))

    @property
    def registry(self) -> GatedRegistry:
        """The registry of the world."""
        assert isinstance(self.world.registry, GatedRegistry)
        return self.world.registry

    def build(self) -> Tocsin:
        """The bot, not started."""
        slack = {
            "bot_token": "xoxb-local",
            "app_token": "xapp-local",
            "signing_secret": "local-signing-secret",
            "base_url": self.place.api_url,
            "pace": 1000,  # so that tests wait for nothing but what they are about
        }
        people = {"on_call": ["ana@example.test"], "roles": {VIEWER.id: "viewer"}}
        settings = Settings.model_validate({"slack": slack | self.slack, "people": people} | self.more)
        self.tocsin = build(settings, self.folder, self.clock, self.world)
        return self.tocsin

    def start(self) -> Scene:
        """Start the bot on the database of the scene."""
        self._process = Process(self.build()).__enter__()
        return self

    def stop(self) -> None:
        """Stop the bot; the workspace goes on."""
        if self._process is None:
            return
        closing = Thread(target=self._process.__exit__)
        socket = self.tocsin.socket
        if socket is not None:  # else closing waits 3 s for the client's blocking read
            socket.client.default_auto_reconnect_enabled = socket.client.auto_reconnect_enabled = False
            self.control("sockets/drop")
            deadline = time.monotonic() + 4
            while socket.client.is_connected() and time.monotonic() < deadline:
                Event().wait(0.002)
        closing.start()
        while closing.is_alive():
            if socket is not None:
                socket.client.message_queue.put("")  # wakes a reader that else sleeps for a second
            closing.join(0.01)
        self._process = None

    def control(self, what: str, **wish: Any) -> Any:
        """Ask the workspace's control door."""
        return local.post(f"{self.place.url}/control/{what}", json=wish).raise_for_status().json()

    def control_delete(self, what: str) -> None:
        """Take a wish back: fault, limits or calls."""
        local.delete(f"{self.place.url}/control/{what}").raise_for_status()

    def fault(self, kind: str, method: str = "chat.postMessage", **more: Any) -> None:
        """Let the next calls of a method fail."""
        self.control("fault", method=method, kind=kind, **more)

    def seen(self, what: str) -> Any:
        """What the workspace recorded: calls, events, sockets, faults or the transcript."""
        return local.get(f"{self.place.url}/control/{what}").json()

    def calls(self, method: str) -> list[Json]:
        """The bot's calls of one method, oldest first."""
        return [call for call in self.seen("calls") if call["method"] == method]

    def title(self, words: str = "F1 fell") -> str:
        """A title that no other test uses."""
        return f"{words} {uuid.uuid4().hex[:6]}{next(_numbers)}"

    def form(self, who: PersonClient, title: str = "") -> Json:
        """The form for an incident, opened by the command."""
        assert who.command("/incident", f"declare {title}")["ok"]
        return who.wait_view(title or "Declare an incident")

    def declare(self, who: PersonClient | None = None, title: str = "", **values: str) -> Json:
        """Declare an incident through the form; its card."""
        who, title = who or self.ana, title or self.title()
        assert who.submit(self.form(who, title), values)["ok"]
        return self.card(who, title)

    def card(self, who: PersonClient, title: str) -> Json:
        """The card of the incident with this title."""
        room = who.wait_channel(lambda each: each["name"].endswith(title.lower().replace(" ", "-")))
        return who.wait_message(
            room["id"], lambda each: title in said(each) and has_button("incident.")(each)
        )

    def resolved(self, who: PersonClient | None = None) -> Json:
        """The card of an incident that was declared and resolved."""
        who, card = who or self.ana, self.declare(who)
        who.command("/incident", "resolve", card["channel"])
        assert who.submit(who.wait_view(ref(card)), {"fix": "rolled back"})["ok"]
        return self.offering(card, "incident.postmortem")

    def offering(self, card: Json, button: str) -> Json:
        """The card, once it offers a button."""
        offers = has_button(button)
        return self.ana.wait_message(card["channel"], lambda each: each["ts"] == card["ts"] and offers(each))

    def showing(self, card: Json, words: str) -> Json:
        """The card, once its text says the words."""
        return self.ana.wait_message(
            card["channel"], lambda each: each["ts"] == card["ts"] and words in each["text"]
        )

    def copy(self, message: Json, channel: str = "") -> Json:
        """The message once more, as an old one whose buttons nobody took away."""
        answer = self.tocsin.app.client.chat_postMessage(
            channel=channel or message["channel"], text=f"old {uuid.uuid4().hex}", blocks=message["blocks"]
        )
        posted = answer["message"]
        return self.ana.wait_message(answer["channel"], lambda each: each["ts"] == posted["ts"])

    def buttons(self, who: PersonClient, channel: str, **ids: str) -> Json:
        """A message with buttons of these ids and values."""
        parts = [
            {"type": "button", "action_id": name.replace("__", "."), "value": value, "text": _plain(name)}
            for name, value in ids.items()
        ]
        blocks = [{"type": "actions", "block_id": "old", "elements": parts}]
        answer = self.tocsin.app.client.chat_postMessage(channel=channel, text="old", blocks=blocks)
        return who.wait_message(answer["channel"], lambda each: each["ts"] == answer["ts"])

    def told(self, who: PersonClient, channel: str, words: str) -> Json:
        """What only this person was told; they take it away, so that it counts once."""
        found = who.wait_message(channel, lambda each: each.get("ephemeral") and words in said(each))
        who.dismiss(found)
        return found


def said(message: Json) -> str:
    """Everything that a person reads in a message or view."""
    return f"{message.get('text', '')}\n{_texts(message.get('blocks', []))}"


def parsed(message: Json) -> str:
    """What Slack looks for mentions in: the text, and the blocks' texts that are no plain text."""
    return f"{message.get('text', '')}\n{_texts(message.get('blocks', []), plain=False)}"


def ref(card: Json) -> str:
    """The name of the incident of a card."""
    return "INC-" + str(card["text"]).partition("INC-")[2].partition(" ")[0].rstrip(":")


def until(condition: Callable[[], Any], seconds: float = 10) -> Any:
    """What the condition comes to be, once it is something."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} s in vain")
        Event().wait(0.005)
    return found


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """The results of acts that happen at the same moment."""
    results: list[Any] = [None] * len(acts)

    def run(at: int) -> None:
        results[at] = acts[at]()

    threads = [Thread(target=run, args=(at,)) for at in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def has_button(button: str) -> Callable[[Json], bool]:
    """Whether a message offers a button of this name, or one that begins with it."""
    return lambda message: f"'{button}" in str(message.get("blocks"))


@contextmanager
def scene(
    folder: Path,
    clock: Clock | None = None,
    channels: tuple[str, ...] = (),
    more: Json | None = None,
    slack: Json | None = None,
) -> Iterator[Scene]:
    """A workspace with a bot that is connected to it."""
    rooms = (*DEFAULT_CHANNELS, *channels)
    with running(Workspace(MANIFEST, PEOPLE, rooms, retry_seconds=(0.05, 0.1, 0.2))) as place:
        stage = Scene(place, folder, world(), clock, more or {}, slack or {})
        stage.start()
        try:
            yield stage
        finally:
            stage.stop()
            for who in (stage.ana, stage.ben, stage.vic):  # else the workspace waits for their connections
                who.__exit__()


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def _texts(part: Any, *, plain: bool = True) -> str:
    if isinstance(part, dict):
        own = part["text"] + "\n" if isinstance(part.get("text"), str) else ""
        heard = own if plain or part.get("type") != "plain_text" else ""
        return heard + "".join(_texts(each, plain=plain) for each in part.values())
    return "".join(_texts(each, plain=plain) for each in part) if isinstance(part, list) else ""
