"""A person of the workspace as Python: says, presses, fills in, sees and waits."""

import json
import ssl
import time
from collections.abc import Callable
from typing import Any

import httpx

from bot.workspace.blocks import elements
from bot.workspace.fields import VALUE_KEYS
from bot.workspace.state import Json

Predicate = Callable[[Json], object]
NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Whom to trust: the workspace speaks plain HTTP, and reading all certificates takes 50 ms."""


class PersonClient:
    """One person at one workspace; `user` is an id or a name such as `ana`."""

    def __init__(self, url: str, user: str) -> None:
        self.user = user
        self._http = httpx.Client(base_url=url, trust_env=False, timeout=70.0, verify=NOBODY)
        self.id = str(self.workspace()["me"])

    def __enter__(self) -> "PersonClient":
        return self

    def __exit__(self, *error: object) -> None:
        self._http.close()

    # What the person does. Interactions return Slack's outcome; the rest raise PersonError when refused.

    def say(self, channel: str, text: str, thread_ts: str | None = None) -> Json:
        """Write a message, in a thread if `thread_ts` is given; the message."""
        message: Json = self._do("message", channel=channel, text=text, thread_ts=thread_ts)["message"]
        return message

    def command(self, command: str, text: str = "", channel: str = "general") -> Json:
        """Type a slash command; `{ok, error?, message?}`."""
        return self._act("command", command=command, text=text, channel=channel)

    def press(self, target: Json, action: str, value: Any = None, *, block_id: str = "") -> Json:
        """Use an element of a message or view, found by action_id or by its label; menus take a `value`."""
        element, block = _element(target, action, block_id)
        where = {"view_id": target["id"]} if "id" in target else _place(target)
        part = {} if value is None else _typed(element, value)
        return self._act("press", **where, block_id=block, action_id=element["action_id"], **part)

    def submit(self, view: Json, values: Json | None = None) -> Json:
        """Submit a modal, with plain values by block_id or action_id; `{ok, errors?, response_action?}`."""
        filled: Json = {}
        for name, value in (values or {}).items():
            element, block = _field(view, name)
            filled.setdefault(block, {})[element["action_id"]] = _typed(element, value)
        return self._act("submit", view_id=view["id"], values=filled)

    def close(self, view: Json) -> Json:
        """Close a modal without submitting it."""
        return self._act("close", view_id=view["id"])

    def options(self, target: Json, action: str, value: str) -> Json:
        """Type into a menu whose options come from the app; `{ok, options|option_groups}`."""
        element, block = _element(target, action, "")
        where = {"view_id": target["id"]} if "id" in target else _place(target)
        return self._act("options", **where, block_id=block, action_id=element["action_id"], value=value)

    def shortcut(self, callback_id: str, message: Json | None = None) -> Json:
        """Choose a shortcut, on a message if one is given."""
        return self._act("shortcut", callback_id=callback_id, **(_place(message) if message else {}))

    def react(self, message: Json, name: str, *, remove: bool = False) -> None:
        """Add or take back an emoji."""
        self._do("react", channel=message["channel"], ts=message["ts"], name=name, remove=remove)

    def pin(self, message: Json, *, remove: bool = False) -> None:
        """Pin a message, or take the pin out."""
        self._do("pin", channel=message["channel"], ts=message["ts"], remove=remove)

    def join(self, channel: str) -> None:
        """Join a public channel."""
        self._do("join", channel=channel)

    def leave(self, channel: str) -> None:
        """Leave a channel."""
        self._do("leave", channel=channel)

    def invite(self, channel: str, user: str) -> None:
        """Put someone else into a channel, by id or name."""
        self._do("invite", channel=channel, user=user)

    def open_direct(self, user: str) -> str:
        """The id of the direct message with someone."""
        return str(self._do("open", user=user)["channel"]["id"])

    def open_home(self, seconds: float = 5.0) -> Json:
        """Look at the app's Home tab; the view, waiting for the app to publish the first one."""
        home: Json | None = self._do("home_opened")["view"]
        return home or self._until(lambda: (self._get("home"), "view"), seconds, "a published Home tab")

    def dismiss(self, message: Json) -> None:
        """Take an ephemeral message away."""
        self._do("dismiss", channel=message["channel"], ts=message["ts"])

    def read(self, channel: str, message: Json) -> None:
        """Mark a channel as read up to a message."""
        self._do("read", channel=channel, ts=message["ts"])

    # What the person sees.

    def workspace(self) -> Json:
        """People, channels and the app."""
        return self._get("workspace")

    def channel(self, channel: str) -> Json:
        """A channel by id or name: `{channel, messages, pins, bookmarks, members}`."""
        return self._get(f"channels/{channel.removeprefix('#')}")

    def messages(self, channel: str) -> list[Json]:
        """What stands in a channel, oldest first; nothing while there is no such channel."""
        found: list[Json] = self.channel(channel).get("messages", [])
        return found

    def thread(self, message: Json) -> list[Json]:
        """A message and its replies."""
        found: list[Json] = self._get(f"channels/{message['channel']}/threads/{message['ts']}")["messages"]
        return found

    def views(self) -> list[Json]:
        """The open modals, the last on top."""
        found: list[Json] = self._get("views")["stack"]
        return found

    def wait_message(self, channel: str, wanted: Predicate | str, seconds: float = 10.0) -> Json:
        """The newest message in a channel that fits (a text: that contains it), waited for."""
        return self._until(lambda: _match(self.channel(channel), wanted), seconds, f"{wanted!r} in {channel}")

    def wait_reply(self, message: Json, wanted: Predicate | str, seconds: float = 10.0) -> Json:
        """The newest reply to a message that fits, waited for."""
        path = f"channels/{message['channel']}/threads/{message['ts']}"

        def look() -> tuple[Json, str]:
            page = self._get(path)
            return _match({**page, "messages": page.get("messages", [])[1:]}, wanted)

        return self._until(look, seconds, f"{wanted!r} in the thread of {message.get('text', '')!r}")

    def wait_gone(self, message: Json, seconds: float = 10.0) -> None:
        """Until a message is no longer there."""

        def look() -> tuple[Json, str]:
            page = self.channel(message["channel"])
            there = any(each["ts"] == message["ts"] for each in page["messages"])
            return (page if there else {**page, "found": {}}), "found"

        self._until(look, seconds, f"the end of {message.get('text', '')!r}")

    def wait_view(self, wanted: Predicate | str = "", seconds: float = 5.0) -> Json:
        """The modal on top, once it fits (a text: that its JSON contains)."""

        def look() -> tuple[Json, str]:
            page = self._get("views")
            top = page["stack"][-1:]
            return ({**page, "found": top[0]} if top and _fits(top[0], wanted) else page), "found"

        return self._until(look, seconds, f"a modal {wanted!r}")

    def wait_channel(self, wanted: Predicate, seconds: float = 10.0) -> Json:
        """The first channel that fits, waited for."""

        def look() -> tuple[Json, str]:
            page = self.workspace()
            found = [channel for channel in page["channels"] if wanted(channel)]
            return ({**page, "found": found[0]} if found else page), "found"

        return self._until(look, seconds, "a channel")

    def events(self, since: int, seconds: float = 10.0) -> Json:
        """What happened after `since`, waited for: `{seq, events}`."""
        return self._get("wait", since=since, seconds=seconds)

    def _until(self, look: Callable[[], tuple[Json, str]], seconds: float, what: str) -> Json:
        deadline = time.monotonic() + seconds
        while True:
            page, name = look()
            if page.get(name) is not None:
                found: Json = page[name]
                return found
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(
                    f"{self.user} waited {seconds:g} s in vain for {what}; saw {_summary(page)}"
                )
            self.events(page["seq"], left)

    def _get(self, path: str, **query: Any) -> Json:
        answer: Json = self._http.get(f"/person/{path}", params={"as": self.user, **query}).json()
        if answer.get("error") == "unknown_person":
            raise PersonError(f"there is no person {self.user!r} in this workspace")
        return answer

    def _act(self, act: str, **body: Any) -> Json:
        answer: Json = self._http.post(f"/person/{act}", json={"as": self.user, **body}).json()
        return answer

    def _do(self, act: str, **body: Any) -> Json:
        answer = self._act(act, **body)
        if not answer["ok"]:
            raise PersonError(f"{self.user} could not {act.replace('_', ' ')}: {answer['error']}")
        return answer


class PersonError(Exception):
    """The workspace did not let a person do something."""


def blocks_of(target: Json) -> list[Json]:
    """The blocks of a message (attachments included) or a view."""
    attached = [block for a in target.get("attachments", []) for block in a.get("blocks", [])]
    return [*target.get("blocks", []), *attached]


def _place(message: Json) -> Json:
    return {"channel": message["channel"], "message_ts": message["ts"]}


def _element(target: Json, action: str, block_id: str) -> tuple[Json, str]:
    offered = []
    for block in blocks_of(target):
        for element in elements(block):
            label = element.get("text", {}).get("text", "")
            offered.append(f"{element['action_id']} ({label})" if label else element["action_id"])
            if action in (element["action_id"], label) and block_id in ("", block["block_id"]):
                return element, block["block_id"]
    raise LookupError(f"no element {action!r}; there are: {', '.join(offered) or 'none'}")


def _field(view: Json, name: str) -> tuple[Json, str]:
    for block in blocks_of(view):
        for element in elements(block):
            if name in (block["block_id"], element["action_id"]) and element["type"] in VALUE_KEYS:
                return element, block["block_id"]
    raise LookupError(f"no field {name!r} in the view")


def _typed(element: Json, value: Any) -> Json:
    kind = element["type"]
    key = "selected_option" if kind == "overflow" else VALUE_KEYS[kind]
    if key == "selected_option":
        value = _option(element, value)
    elif key == "selected_options":
        value = [_option(element, each) for each in value]
    elif key == "value":
        value = str(value)
    return {"type": kind, key: value}


def _option(element: Json, value: Any) -> Any:
    groups = element.get("option_groups") or []
    options = [*(element.get("options") or ()), *(o for group in groups for o in group["options"])]
    for option in options:
        if value in (option["value"], option["text"]["text"]):
            return option
    return (
        {"value": value, "text": {"type": "plain_text", "text": value}} if isinstance(value, str) else value
    )


def _match(page: Json, wanted: Predicate | str) -> tuple[Json, str]:
    fitting = [message for message in page.get("messages", []) if _fits(message, wanted)]
    return ({**page, "found": fitting[-1]} if fitting else page), "found"


def _fits(thing: Json, wanted: Predicate | str) -> bool:
    if isinstance(wanted, str):
        return wanted in json.dumps(thing, ensure_ascii=False)
    return bool(wanted(thing))


def _summary(page: Json) -> str:
    lines = [str(message.get("text", "")) for message in page.get("messages", [])][-8:]
    return json.dumps(lines or sorted(page), ensure_ascii=False)
