"""The workspace itself: its app, people, memory and the ways out of it, put together in one place."""

import time
from collections.abc import Sequence
from typing import Any

from bot.workspace.calls import CallLog
from bot.workspace.delivery import Delivery, Patience
from bot.workspace.errors import Refused
from bot.workspace.faults import Faults
from bot.workspace.feed import Feed
from bot.workspace.limits import Limits
from bot.workspace.manifest import App, read_app
from bot.workspace.modals import Modals
from bot.workspace.people import Person, UserGroup, default_people
from bot.workspace.response_urls import ResponseUrls
from bot.workspace.sockets import Sockets
from bot.workspace.state import Conversation, Json, Store
from bot.workspace.triggers import Triggers
from bot.workspace.uploads import Upload

DEFAULT_CHANNELS = ("general", "ml-alerts", "ml-incidents", "ml-ops")


class Workspace:
    """One Slack workspace with one installed app, in memory, for as long as the process lives.

    `people` are the humans, `channels` the public channels they are all in, `bot_channels` those the bot
    was invited to. `answer_seconds` is Slack's time limit for an acknowledgement, `retry_seconds` the pauses
    before an event is sent again, `hold_seconds` how long an event waits for an app that is away,
    `trigger_seconds` the life of a trigger id.
    """

    def __init__(
        self,
        manifest: dict[str, Any],
        people: Sequence[Person] = default_people(),
        channels: Sequence[str] = DEFAULT_CHANNELS,
        *,
        bot_channels: Sequence[str] = (),
        groups: Sequence[UserGroup] = (),
        bot_token: str = "xoxb-local",  # noqa: S107 - opens nothing but this throwaway workspace
        app_token: str = "xapp-local",  # noqa: S107 - the same
        signing_secret: str = "local-signing-secret",  # noqa: S107 - the same
        answer_seconds: float = 3.0,
        trigger_seconds: float = 3.0,
        retry_seconds: tuple[float, ...] = (0.1, 1.0, 5.0),
        hold_seconds: float = 360.0,
        name: str = "Tocsin demo",
    ) -> None:
        self.app = read_app(manifest)
        self.name = name
        self.team_id, self.app_id, self.bot_id = "T0LOCAL01", "A0LOCAL01", "B0LOCAL01"
        self.bot = _bot_of(self.app)
        self.tokens = {bot_token: "bot", app_token: "app"}
        self.url = "http://127.0.0.1"  # replaced by the first request with the address it came to
        self.store = Store([*people, self.bot], groups or self._default_groups(people))
        self.feed, self.log, self.faults = Feed(), CallLog(), Faults()
        self.limits: Limits | None = None
        self.triggers = Triggers(trigger_seconds)
        self.response_urls = ResponseUrls()
        self.modals = Modals()
        self.sockets = Sockets(self.app_id)
        self.delivery = Delivery(
            self.sockets, signing_secret, Patience(answer_seconds, retry_seconds, hold_seconds)
        )
        self.uploads: dict[str, Upload] = {}
        self.message_values: dict[tuple[str, str], Json] = {}
        self.event_log: list[Json] = []
        self.delivery.on_event = self._log_event
        self.sockets.on_change = self._show_connected
        for channel in channels:
            self._add_channel(channel.removeprefix("#"), people, bot_in=channel in bot_channels)

    def everyone(self, conversation: Conversation) -> list[str] | None:
        """Who may see what happens in a conversation; None is everybody."""
        return None if conversation.is_public else list(conversation.members)

    def _show_connected(self) -> None:
        self.feed.publish({"type": "app", "connected": self.delivery.connected})

    def problem(self, method: str, args: Json, refusal: Refused) -> None:
        """Record an answer of the app that Slack would not take, beside its calls."""
        self.log.add(method, args, time.perf_counter(), refusal.body(), 200)

    def _add_channel(self, name: str, people: Sequence[Person], *, bot_in: bool) -> None:
        created = int(float(self.store.timestamps.next()))
        creator = people[0].id if people else self.bot.id
        channel = Conversation(self.store.next_id("C"), name, "channel", creator, created)
        members = [p.id for p in people] + ([self.bot.id] if bot_in else [])
        channel.members = dict.fromkeys(members)
        self.store.conversations[channel.id] = channel

    @staticmethod
    def _default_groups(people: Sequence[Person]) -> list[UserGroup]:
        if not people:
            return []
        on_call = UserGroup("S0MLONCALL", "ml-oncall", "ML on call", (people[0].id,))
        return [on_call, UserGroup("S0MLTEAM", "ml-team", "ML team", tuple(p.id for p in people))]

    def _log_event(self, body: Json, answer: Any, attempt: int) -> None:
        event = body["event"]
        self.event_log.append(
            {
                "event_id": body["event_id"],
                "type": event["type"],
                "attempt": attempt,
                "ok": answer.ok,
                "reason": answer.reason,
            }
        )


def _bot_of(app: App) -> Person:
    """The app as its users see it."""
    name = app.bot_name.lower().replace(" ", "_")
    return Person("U0LOCALBOT", name, app.name, color="#b3261e", is_bot=True)
