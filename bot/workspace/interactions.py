"""What people do to the app: Slack's payloads for commands, presses, submissions and shortcuts."""

from typing import Any

from bot.workspace import fields, responses, views
from bot.workspace.core import Workspace
from bot.workspace.delivery import Answer
from bot.workspace.errors import Refused
from bot.workspace.modals import View
from bot.workspace.people import Person
from bot.workspace.state import Conversation, Json
from bot.workspace.texts import command_text

FAILED = "We had some trouble connecting. Try again?"


async def command(ws: Workspace, user: Person, conversation: Conversation, name: str, text: str) -> Json:
    """Someone types a slash command."""
    declared = ws.app.command(name)
    if declared is None:
        return failure("unknown_command", f"{name} is not a valid command.")
    key = ws.response_urls.issue(conversation.id, user.id)
    payload = {
        "token": "local",
        "team_id": ws.team_id,
        "team_domain": "local",
        "channel_id": conversation.id,
        "channel_name": _channel_name(conversation),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": command_text(ws.store, text, should_escape=bool(declared.get("should_escape"))),
        "api_app_id": ws.app_id,
        "is_enterprise_install": "false",
        "response_url": f"{ws.url}/response/{key}",
        "trigger_id": ws.triggers.issue(user.id),
    }
    answer = await ws.delivery.ask("slash_commands", payload)
    if answer.ok:
        return _acknowledged(ws, key, answer)
    if answer.error == "operation_timeout":
        return failure(answer.error, f"{name} failed because the app did not respond.")
    return failure(answer.error, f'{name} failed with the error "{answer.error}".')


async def press_in_message(
    ws: Workspace, user: Person, conversation: Conversation, ts: str, *, act: Json, values: Json
) -> Json:
    """Someone uses an element of a message."""
    ephemeral = conversation.ephemerals.get(ts)
    message = ephemeral or conversation.messages.get(ts)
    if message is None or (ephemeral and ephemeral["to"] != user.id):
        return failure("message_not_found", "That message is no longer there.")
    blocks = _all_blocks(message)
    element = _checked(blocks, act)
    kept = ws.message_values.setdefault((user.id, ts), {})
    ws.message_values[user.id, ts] = kept = fields.merged(
        fields.merged(kept, values), _as_values(element, act)
    )
    if element.get("dispatches") is False:
        return {"ok": True}
    key = ws.response_urls.issue(conversation.id, user.id, ts, is_ephemeral=bool(ephemeral))
    container = {
        "type": "message",
        "message_ts": ts,
        "channel_id": conversation.id,
        "is_ephemeral": bool(ephemeral),
    }
    if message.get("thread_ts"):
        container["thread_ts"] = message["thread_ts"]
    payload = {
        **common(ws, user, "block_actions"),
        "trigger_id": ws.triggers.issue(user.id),
        "container": container,
        "channel": {"id": conversation.id, "name": _channel_name(conversation)},
        "state": fields.state_of(blocks, kept),
        "response_url": f"{ws.url}/response/{key}",
        "actions": [_action(ws, element, act)],
    }
    if not ephemeral:  # Slack leaves the content of ephemeral messages out
        payload["message"] = message
    return _pressed(await ws.delivery.ask("interactive", payload))


async def press_in_view(ws: Workspace, user: Person, view: View, act: Json, values: Json) -> Json:
    """Someone uses an element of a modal or of their Home tab."""
    element = _checked(view.payload["blocks"], act)
    view.values = fields.merged(fields.merged(view.values, values), _as_values(element, act))
    if element.get("dispatches") is False:
        return {"ok": True}
    payload = {
        **common(ws, user, "block_actions"),
        "trigger_id": ws.triggers.issue(user.id, view.id),
        "container": {"type": "view", "view_id": view.id},
        "view": filled(view),
        "actions": [_action(ws, element, act)],
    }
    return _pressed(await ws.delivery.ask("interactive", payload))


async def options(ws: Workspace, user: Person, place: Json, element_at: Json, value: str) -> Json:
    """Someone types into a menu whose options come from the app."""
    payload = {**common(ws, user, "block_suggestion"), **place, **element_at, "value": value}
    answer = await ws.delivery.ask("interactive", payload)
    if not answer.ok:
        return failure(answer.error, FAILED)
    offered: Json = {
        key: answer.payload[key] for key in ("options", "option_groups") if key in answer.payload
    }
    return {"ok": True, **(offered or {"options": []})}


async def submit(ws: Workspace, user: Person, view: View, values: Json) -> Json:
    """Someone submits a modal; the answer says what became of it."""
    view.values = fields.merged(view.values, values)
    wrong = fields.complaints(view.payload["blocks"], fields.state_of(view.payload["blocks"], view.values))
    if wrong:
        return {"ok": False, "error": "incomplete", "errors": wrong}
    payload = {
        **common(ws, user, "view_submission"),
        "trigger_id": ws.triggers.issue(user.id, view.id),
        "view": filled(view),
        "response_urls": [],
    }
    answer = await ws.delivery.ask("interactive", payload)
    if not answer.ok:
        return failure(answer.error, FAILED)
    return _apply(ws, view, answer)


async def closed(ws: Workspace, user: Person, view: View) -> Json:
    """Someone closes a modal; the app hears of it when the view asked for that."""
    gone = [view]
    if view.payload.get("clear_on_close"):
        gone = list(reversed(ws.modals.stack(user.id)))
    for each in gone:
        views.close(ws, each)
    if view.payload.get("notify_on_close"):
        is_cleared = bool(view.payload.get("clear_on_close"))
        payload = {**common(ws, user, "view_closed"), "view": filled(view), "is_cleared": is_cleared}
        await ws.delivery.ask("interactive", payload)
    return {"ok": True}


async def shortcut(
    ws: Workspace, user: Person, callback_id: str, where: Conversation | None, ts: str
) -> Json:
    """Someone chooses a shortcut, from the menu or on a message."""
    declared = ws.app.shortcut(callback_id)
    if declared is None:
        return failure("unknown_shortcut", "The app has no such shortcut.")
    common_part = {
        "callback_id": callback_id,
        "trigger_id": ws.triggers.issue(user.id),
        "action_ts": ws.store.timestamps.next(),
    }
    if declared["type"] == "global":
        payload = {**common(ws, user, "shortcut"), **common_part}
    else:
        if where is None or ts not in where.messages:
            return failure("message_not_found", "That message is no longer there.")
        key = ws.response_urls.issue(where.id, user.id, ts)
        payload = {
            **common(ws, user, "message_action"),
            **common_part,
            "message_ts": ts,
            "message": where.messages[ts],
            "channel": {"id": where.id, "name": _channel_name(where)},
            "response_url": f"{ws.url}/response/{key}",
        }
    return _pressed(await ws.delivery.ask("interactive", payload))


def common(ws: Workspace, user: Person, kind: str) -> Json:
    """What every interactive payload carries."""
    return {
        "type": kind,
        "token": "local",
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": ws.team_id},
        "team": {"id": ws.team_id, "domain": "local"},
        "api_app_id": ws.app_id,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def filled(view: View) -> Json:
    """A view with what was filled in."""
    return {**view.payload, "state": fields.state_of(view.payload["blocks"], view.values)}


def failure(code: str, message: str) -> Json:
    """What a person is told when nothing came of it."""
    return {"ok": False, "error": code, "message": message}


def _acknowledged(ws: Workspace, key: str, answer: Answer) -> Json:
    if answer.payload:
        try:
            responses.answer(ws, ws.response_urls.find(key), answer.payload)
        except Refused as refusal:
            ws.problem("slash_command_response", answer.payload, refusal)
            return failure(
                refusal.code, f'The app answered with something that Slack refuses: "{refusal.code}".'
            )
    return {"ok": True}


def _pressed(answer: Answer) -> Json:
    return {"ok": True} if answer.ok else failure(answer.error, "This app did not respond. Try again.")


def _apply(ws: Workspace, view: View, answer: Answer) -> Json:
    action = answer.payload.get("response_action")
    try:
        if action == "errors":
            return {
                "ok": False,
                "response_action": action,
                "errors": _errors(view, answer.payload.get("errors")),
            }
        if action == "update":
            views.update(ws, view, answer.payload.get("view"))
        elif action == "push":
            views.push(ws, view.user, answer.payload.get("view"))
        elif action == "clear":
            views.clear(ws, view.user)
        elif action is not None:
            raise Refused("invalid_response_action")
        else:
            views.close(ws, view)
    except Refused as refusal:
        ws.problem("view_submission_response", answer.payload, refusal)
        return failure(refusal.code, FAILED)
    return {"ok": True, **({"response_action": action} if action else {})}


def _errors(view: View, errors: Any) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.payload["blocks"] if block["type"] == "input"}
    if (
        not isinstance(errors, dict)
        or not errors
        or not all(isinstance(text, str) and text for text in errors.values())
    ):
        raise Refused("invalid_errors")
    if unknown := sorted(set(errors) - inputs):
        raise Refused("unknown_block_ids", block_ids=unknown)
    return errors


def _checked(blocks: list[Json], act: Json) -> Json:
    element = fields.find(blocks, act.get("block_id", ""), act["action_id"])
    if element is None:
        raise Refused("unknown_action")
    if fields.unknown_option(element, act):
        raise Refused("unknown_option")
    return element


def _as_values(element: Json, act: Json) -> Json:
    key = fields.VALUE_KEYS.get(element["type"])
    if key is None or key not in act:
        return {}
    return {element["block_id"]: {element["action_id"]: {key: act[key]}}}


def _action(ws: Workspace, element: Json, act: Json) -> Json:
    kind = element["type"]
    shown = {
        k: v
        for k, v in element.items()
        if k in ("type", "action_id", "block_id", "text", "value", "style", "placeholder")
    }
    if kind not in ("button", "icon_button", "workflow_button"):
        shown.pop("value", None)
        key = "selected_option" if kind == "overflow" else fields.VALUE_KEYS[kind]
        shown[key] = act.get(key)
    return {**shown, "action_ts": ws.store.timestamps.next()}


def _all_blocks(message: Json) -> list[Json]:
    attached = [block for a in message.get("attachments", []) for block in a.get("blocks", [])]
    return [*message.get("blocks", []), *attached]


def _channel_name(conversation: Conversation) -> str:
    special = {"im": "directmessage", "group": "privategroup"}
    return special.get(conversation.kind, conversation.name)
