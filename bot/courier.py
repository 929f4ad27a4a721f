"""The courier: carries one row of the outbox to Slack."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.adapters.slack import Mark, Slack, SlackBusy, SlackRefusal, mark_of
from bot.pager import Pager
from bot.rendering import Rendering
from ops_core.cards import Cards, Words
from ops_core.clock import Clock
from ops_core.incidents import incident, postmortem
from ops_core.store import outbox, plain
from ops_core.store.database import Database
from ops_core.store.outbox import Artefact, Delivery, OutboxRow, Room, Verb

_NO_MENTIONS = str.maketrans("<>", "‹›")
Receipt = tuple[str | None, str | None]
"""The channel and ts of what was said."""


@dataclass(frozen=True)
class Look:
    """What stood in a channel or thread: when we looked (monotonic), since when, and which of ours."""

    at: float
    since: datetime
    found: Mapping[Mark, str]


class NotYet(Exception):
    """What the row refers to does not exist in Slack yet."""


class Courier:
    """Knows what each verb of the outbox means in Slack."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        slack: Slack,
        rendering: Rendering,
        cards: Cards,
        rooms: Mapping[str, str],
        pager: Pager,
    ) -> None:
        self.database = database
        self.clock = clock
        self.slack = slack
        self.rendering = rendering
        self.cards = cards
        self.rooms = rooms
        self._channels: dict[str, str] = {}
        self._since: datetime | None = None
        self._tried: dict[int, float] = {}
        """Rows that may have arrived, and when they were last tried."""
        self._looks: dict[tuple[str, str | None], Look] = {}
        self.pager = pager
        self._verbs: dict[Verb, Callable[[OutboxRow, bool], Receipt]] = {
            Verb.OPEN_ROOM: self._open_room,
            Verb.POST: self._post,
            Verb.EDIT: self._edit,
            Verb.PIN: self._pin,
            Verb.INVITE: self._invite,
            Verb.TOPIC: self._topic,
            Verb.UPLOAD: self._upload,
            Verb.PAGE: self._page,
        }

    def deliver(self, row: OutboxRow, *, again: bool, urgent: bool = False) -> Receipt:
        """Carry a row; `again` when it may have arrived before, so that we look first.

        Raises `NotYet`, `SlackBusy`, `SlackFull`, `SlackRefusal` or `TemplateError`.
        """
        try:
            with self.slack.urgently(urgent):
                receipt = self._verbs[row.verb](row, again)
        except SlackBusy:
            self._tried[row.id or 0] = time.monotonic()
            raise
        if self._tried.pop(row.id or 0, None) and not self._tried:
            self._looks.clear()
        return receipt

    def remember_since(self, moment: datetime | None) -> None:
        """An earlier process may have said things since then; without a moment it left nothing."""
        self._since = moment

    def _open_room(self, row: OutboxRow, again: bool) -> Receipt:
        name = row.context["name"]
        channel = self._made(name, again)
        with self.database.write() as session:
            session.merge(Room(name=row.room, channel=channel, title=name))
        return channel, None

    def _made(self, name: str, again: bool) -> str:
        """Make the channel, unless it is there already; when the name is somebody else's, take the next."""
        for suffix in ("", *(f"-{count}" for count in range(2, 10))):
            wanted = f"{name[: 80 - len(suffix)]}{suffix}"
            own = self._own_channel(wanted) if again else None
            if own:
                return own
            try:
                return self.slack.create_channel(wanted)
            except SlackRefusal as refusal:
                if refusal.code != "name_taken":
                    raise
        raise SlackRefusal("conversations.create", "name_taken")

    def _own_channel(self, name: str) -> str | None:
        found = self.slack.find_channel(name)
        return found["id"] if found and found.get("creator") == self.slack.whoami() else None

    def _post(self, row: OutboxRow, again: bool) -> Receipt:
        channel, thread_ts = self._place(row)
        mark = {"outbox": row.id, "at": row.created_at.isoformat()}
        if again and (ts := self._look(row, channel, thread_ts).get((str(row.id), str(mark["at"])))):
            return channel, ts
        return self.slack.post(channel, self._rendered(row), mark, thread_ts)

    def _look(self, row: OutboxRow, channel: str, thread_ts: str | None) -> Mapping[Mark, str]:
        """What of ours stands there; one look serves all rows that were last tried before it."""
        place, tried = (channel, thread_ts), self._tried.get(row.id or 0, 0.0)
        look = self._looks.get(place)
        if look is None or look.at <= tried or look.since > row.created_at:
            since = min(row.created_at, self._since or row.created_at)
            look = Look(time.monotonic(), since, self._marks(channel, since, thread_ts))
            self._looks[place] = look
        return look.found

    def _marks(self, channel: str, since: datetime, thread_ts: str | None) -> dict[Mark, str]:
        said = self.slack.said_since(channel, since, thread_ts)
        return {mark: str(message["ts"]) for message in said if (mark := mark_of(message))}

    def _edit(self, row: OutboxRow, _again: bool) -> Receipt:
        original = self._original(row)
        self.slack.edit(original[0], original[1], self._rendered(row))
        return original

    def _pin(self, row: OutboxRow, _again: bool) -> Receipt:
        channel, ts = self._original(row)
        self.slack.pin(channel, ts)
        return channel, ts

    def _invite(self, row: OutboxRow, _again: bool) -> Receipt:
        channel, _ = self._place(row)
        self.slack.invite(channel, row.context["people"])
        return channel, None

    def _topic(self, row: OutboxRow, again: bool) -> Receipt:
        channel, _ = self._place(row)
        # A topic is plain text, but a mention in it would still link.
        text = row.context["text"].translate(_NO_MENTIONS)
        if not (again and self.slack.has_topic(channel, text)):
            self.slack.topic(channel, text)
        return channel, None

    def _upload(self, row: OutboxRow, again: bool) -> Receipt:
        channel, thread_ts = self._place(row)
        title = row.context["title"]
        uploaded = row.context.get("files")
        if again and uploaded:
            said = self.slack.said_since(channel, row.created_at, thread_ts)
            ts = next((str(message["ts"]) for message in said if _shows_one_of(message, uploaded)), None)
            if ts:
                return channel, ts
        with self.database.read() as session:
            values = self._document(session, row.context["subject"])
        name = row.context["name"]
        written = {
            f"{name}.md": self.rendering.document(row.template, **values),
            f"{name}.html": self.rendering.html(row.template, **values),
        }
        files = [
            (self.slack.upload(file, title, text.encode()), f"{title} ({file.rpartition('.')[2]})")
            for file, text in written.items()
        ]
        row.context = row.context | {"files": [file for file, _ in files]}
        with self.database.write() as session:
            session.add(row)  # before they are shared, so that we can look for them
        self.slack.share(files, channel, thread_ts)
        return channel, None

    def _page(self, row: OutboxRow, _again: bool) -> Receipt:
        self.pager.carry(row)
        return None, None

    def _document(self, session: Session, subject: str) -> dict[str, Any]:
        one = incident.get(session, int(subject.split(":")[1]))
        return postmortem.values(session, one, self.clock.now())

    def _rendered(self, row: OutboxRow) -> dict[str, Any]:
        words = self._words(row)
        if not words.ready:
            raise NotYet
        if words.picture is not None:
            words.context[words.shown_in]["chart_file"] = self._picture(words.picture)
        message = self.rendering.message(words.template, **words.context)
        return {"text": message.text, "blocks": message.blocks}

    def _words(self, row: OutboxRow) -> Words:
        if row.subject and not row.context:
            with self.database.read() as session:
                return self.cards.words(session, row.subject, self.clock.now())
        context = plain.load(row.context)
        return Words(row.template, context, context.pop("picture", None), "finding")

    def _picture(self, artefact_id: int) -> str | None:
        """The Slack file of a picture, uploaded the first time that it is shown."""
        with self.database.read() as session:
            picture = session.get(Artefact, artefact_id)
        if picture is None or picture.slack_file:
            return picture.slack_file if picture else None
        picture.slack_file = self.slack.upload(picture.name, picture.name, picture.content)
        self.slack.share([(picture.slack_file, picture.name)], None, None)
        with self.database.write() as session:
            session.merge(picture)
        return picture.slack_file

    def _place(self, row: OutboxRow) -> tuple[str, str | None]:
        """The channel to write into, and the thread if it is a reply."""
        if row.thread_of:
            return self._sent_post(row.thread_of)
        return self._channels.get(row.room) or self._looked_up(row), None

    def _looked_up(self, row: OutboxRow) -> str:
        """The channel of a room, which never changes once it is known."""
        with self.database.read() as session:
            channel = outbox.channel_of(session, row.room)
        self._channels[row.room] = channel or self._found(row)
        return self._channels[row.room]

    def _found(self, row: OutboxRow) -> str:
        """The id of a channel that we did not make, joined so that its history can be read; kept."""
        if row.room.startswith("incident:"):
            raise SlackRefusal(row.verb, "channel_not_found")
        if row.room.startswith("@"):
            channel = self.slack.open_direct(row.room[1:])
        else:
            channel = self._named(self.rooms.get(row.room, row.room))
            self.slack.join(channel)
        with self.database.write() as session:
            session.merge(Room(name=row.room, channel=channel))
        return channel

    def _named(self, name: str) -> str:
        if not name.startswith("#"):
            return name
        found = self.slack.find_channel(name[1:])
        if found is None:
            raise SlackRefusal("chat.postMessage", f"there is no channel {name}")
        return str(found["id"])

    def _original(self, row: OutboxRow) -> tuple[str, str]:
        return self._sent_post(row.subject or "")

    def _sent_post(self, subject: str) -> tuple[str, str]:
        with self.database.read() as session:
            post = outbox.posted(session, subject)
        if post is None or post.state is Delivery.DEAD:
            raise SlackRefusal(subject, "message_not_found")
        if not post.channel or not post.ts:
            raise NotYet
        return post.channel, post.ts


def _shows_one_of(message: Mapping[str, Any], files: Collection[str]) -> bool:
    return any(file.get("id") in files for file in message.get("files") or ())
