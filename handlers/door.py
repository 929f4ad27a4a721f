"""The one door into every listener: acknowledge, run, and tell the person what went wrong."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any, Protocol

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from ops_core.errors import Forbidden, Invalid, OpsError, Repeated

log = logging.getLogger(__name__)

Body = Mapping[str, Any]


class Words(Protocol):
    """Renders templates by name."""

    def message(self, name: str, /, **context: Any) -> Any:
        """A message with `text` and `blocks`."""
        ...

    def view(self, name: str, /, **context: Any) -> dict[str, Any]:
        """A modal or the home."""
        ...


@dataclass(frozen=True)
class Request:
    """What somebody did: who, where, and with what.

    `once` names the submission of a form, which a person sends again when our answer got lost.
    """

    actor: str
    channel: str = ""
    text: str = ""
    value: str = ""
    trigger: str = ""
    ts: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    once: str = ""


@dataclass(frozen=True)
class Reply:
    """How to answer the person who acted; nobody else sees it."""

    words: Words
    client: WebClient
    respond: Respond | None
    request: Request

    def say(self, template: str, **context: Any) -> None:
        """Answer with a message that only this person sees."""
        message = self.words.message(template, **context)
        if self.respond is not None:
            self.respond(
                text=message.text,
                blocks=message.blocks,
                response_type="ephemeral",
                replace_original=False,
            )
        else:  # the Home tab has no channel: a direct message
            self.client.chat_postMessage(channel=self.request.actor, text=message.text, blocks=message.blocks)

    def open(self, template: str, **context: Any) -> None:
        """Open a form."""
        view = self.words.view(template, **context)
        view["private_metadata"] = f"{self.request.channel}|{view.get('private_metadata', '')}"
        self.client.views_open(trigger_id=self.request.trigger, view=view)

    def fail(self, error: OpsError) -> None:
        """Say what was wrong and what to try."""
        self.say("error_reply", message=error.message, hint=error.hint or None, may_retry=error.may_retry)


Handler = Callable[[Request, Reply], None]


class Door:
    """Registers handlers with slack-bolt.

    Commands and buttons are acknowledged at once and run in `pool`, so that an acknowledgement never
    waits for work. A form is checked and carried out first, because its answer may name a wrong field.
    """

    def __init__(self, app: App, words: Words, pool: Executor) -> None:
        self.app = app
        self.words = words
        self.pool = pool

    def command(self, name: str, handler: Handler) -> None:
        """A slash command."""

        def listener(ack: Ack, body: Body, respond: Respond, client: WebClient) -> None:
            ack()
            request = Request(
                actor=body["user_id"],
                channel=body["channel_id"],
                text=(body.get("text") or "").strip(),
                trigger=body["trigger_id"],
            )
            self._queue(handler, Reply(self.words, client, respond, request))

        self.app.command(name)(listener)

    def button(self, name: str, handler: Handler) -> None:
        """A button, wherever it stands."""

        def listener(ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
            ack()
            request = Request(
                actor=body["user"]["id"],
                channel=(body.get("channel") or {}).get("id", ""),
                value=str(body["actions"][0].get("value", "")),
                trigger=body.get("trigger_id", ""),
            )
            answer = respond if body.get("response_url") else None
            self._queue(handler, Reply(self.words, client, answer, request))

        self.app.block_action(name)(listener)

    def message_shortcut(self, name: str, handler: Handler) -> None:
        """A shortcut that somebody chose on a message; `text` and `ts` are the message's."""

        def listener(ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
            ack()
            message = body["message"]
            request = Request(
                actor=body["user"]["id"],
                channel=body["channel"]["id"],
                text=str(message.get("text") or ""),
                trigger=body["trigger_id"],
                ts=str(message.get("ts") or body["message_ts"]),
            )
            self._queue(handler, Reply(self.words, client, respond, request))

        self.app.message_shortcut(name)(listener)

    def form(self, name: str, handler: Handler) -> None:
        """The submission of a modal; `Invalid` with a field shows beside that field."""

        def listener(ack: Ack, body: Body, client: WebClient) -> None:
            view = body["view"]
            channel, _, value = view["private_metadata"].partition("|")
            fields = _fields(view["state"]["values"])
            once = f"view:{view['id']}:{view.get('hash', '')}"
            request = Request(
                actor=body["user"]["id"], channel=channel, value=value, fields=fields, once=once
            )
            reply = Reply(self.words, client, None, request)
            error = _failure(handler, reply)
            if error is None or isinstance(error, Repeated):  # done before, and so the form may close
                ack()
            else:
                ack(response_action="errors", errors={_block(error, view): _sentence(error)})

        self.app.view(name)(listener)

    def home(self, handler: Handler) -> None:
        """The Home tab is looked at."""

        def listener(event: Body, client: WebClient) -> None:
            request = Request(actor=event["user"])
            self._queue(handler, Reply(self.words, client, None, request))

        self.app.event("app_home_opened")(listener)

    def otherwise(self, unknown: Handler) -> None:
        """Whatever nobody listens to gets an answer, never silence."""

        def action(ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
            ack()
            request = Request(actor=body["user"]["id"], channel=(body.get("channel") or {}).get("id", ""))
            self._queue(
                unknown, Reply(self.words, client, respond if body.get("response_url") else None, request)
            )

        def form(ack: Ack, body: Body, client: WebClient) -> None:
            ack()
            self._queue(unknown, Reply(self.words, client, None, Request(actor=body["user"]["id"])))

        def command(ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
            ack()
            request = Request(actor=body["user_id"], channel=body["channel_id"])
            self._queue(unknown, Reply(self.words, client, respond, request))

        def event() -> None:
            """Events that nobody needs are fine."""

        self.app.block_action(_ANYTHING)(action)
        self.app.view(_ANYTHING)(form)
        self.app.command(_ANYTHING)(command)
        self.app.shortcut(_ANYTHING)(action)
        self.app.event(_ANYTHING)(event)

    def _queue(self, handler: Handler, reply: Reply) -> None:
        self.pool.submit(self._run, handler, reply).add_done_callback(_note_silence)

    def _run(self, handler: Handler, reply: Reply) -> None:
        error = _failure(handler, reply)
        if error is not None and _failure(lambda _request, reply: _tell(error, reply), reply) is not None:
            reply.fail(_OUR_FAULT)


def _failure(handler: Handler, reply: Reply) -> OpsError | None:
    """What went wrong, to be told. The handlers' one broad except: what is our own fault is told too."""
    try:
        handler(reply.request, reply)
    except OpsError as error:
        return error
    except SlackApiError as error:
        log.warning("answer: %s", error.response["error"])
        return OpsError(f"Slack said {error.response['error']}.", hint="Try again.", may_retry=True)
    except Exception:
        log.exception("handler")
        return _OUR_FAULT
    return None


def _tell(error: OpsError, reply: Reply) -> None:
    if isinstance(error, Forbidden):
        reply.say("not_allowed", doing="do this", reason=_sentence(error), who_may=[])
    else:
        reply.fail(error)


_OUR_FAULT = OpsError(
    "Something went wrong in Tocsin itself; nothing was changed.",
    hint="Try once more. If it happens again, the log has the details.",
    may_retry=True,
)
_ANYTHING = re.compile(".*")


def _note_silence(done: Future[None]) -> None:
    """Not even the apology arrived: Slack is away."""
    if not done.cancelled() and (error := done.exception()):
        log.error("somebody was left without an answer: %s", error)


def _sentence(error: OpsError) -> str:
    return f"{error.message} {error.hint}".strip()


def _block(error: OpsError, view: Body) -> str:
    """The input that an error belongs to: the one it names, else the first."""
    inputs = [str(block["block_id"]) for block in view["blocks"] if block["type"] == "input"]
    named = error.field if isinstance(error, Invalid) else None
    return named if named in inputs else inputs[0]


def _fields(values: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """The value of each input by its block, whatever its type; what was left empty is None."""
    return {block: _value(next(iter(actions.values()))) for block, actions in values.items() if actions}


def _value(state: Mapping[str, Any]) -> Any:
    option = state.get("selected_option")
    if option is not None:
        return option["value"]
    named = ("value", "selected_date_time", "selected_date", "selected_user", "selected_users")
    return next((state[name] for name in named if state.get(name) is not None), None)
