"""Modals and Home tabs: checking, opening, updating, closing, and what is filled in on them."""

import secrets
from typing import Any

from bot.workspace.block_rules import Rule, anything, choice, flag, plain, shape, string
from bot.workspace.blocks import problems_in, with_block_ids
from bot.workspace.content import missing_files
from bot.workspace.core import Workspace
from bot.workspace.errors import Refused, invalid
from bot.workspace.modals import DEEPEST_STACK, View
from bot.workspace.state import Json

_COMMON: dict[str, Rule] = {
    "type": choice("modal", "home"),
    "blocks": anything,
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}
MODAL = shape(
    {"title": plain(24), "blocks": anything},
    {
        **_COMMON,
        "close": plain(24),
        "submit": plain(24),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
)
HOME = shape({"blocks": anything}, _COMMON)
LARGEST_VIEW = 250_000


def checked(ws: Workspace, view: Any, kind: str, replaces: View | None = None) -> Json:
    """The parts of a view that the app sent, when Slack would take them as a `modal` or `home`."""
    if not isinstance(view, dict) or view.get("type") != kind:
        raise invalid(f"must be a view of type {kind} [json-pointer:/view/type]")
    problems = list((MODAL if kind == "modal" else HOME)(view, "/view"))
    blocks = view.get("blocks")
    if isinstance(blocks, list):
        problems += [*problems_in(blocks, kind, "/view/blocks"), *missing_files(ws, blocks, "/view/blocks")]
        if kind == "modal" and not view.get("submit") and any(_is_input(block) for block in blocks):
            problems.append("missing required field: submit [json-pointer:/view]")
    elif blocks is not None:
        problems.append("must provide an array [json-pointer:/view/blocks]")
    if problems:
        raise invalid(*problems)
    if len(str(view)) > LARGEST_VIEW:
        raise Refused("view_too_large")
    other = ws.modals.external(view["external_id"]) if view.get("external_id") else None
    if other is not None and other is not replaces:
        raise Refused("duplicate_external_id")
    return {**view, "blocks": with_block_ids(view["blocks"])}


def open_modal(ws: Workspace, user: str, view: Any) -> View:
    """Show a first modal to a person; what was open before goes away."""
    content = checked(ws, view, "modal")
    clear(ws, user)
    return _show(ws, user, content, previous=None)


def push(ws: Workspace, user: str, view: Any) -> View:
    """Show a modal on top of those that are open."""
    stack = ws.modals.stack(user)
    if not stack:
        raise Refused("not_found")
    if len(stack) >= DEEPEST_STACK:
        raise Refused("push_limit_reached")
    return _show(ws, user, checked(ws, view, "modal"), previous=stack[-1])


def update(ws: Workspace, view: View, content: Any) -> View:
    """Replace what an open view shows; values of inputs that stay are kept."""
    kind = str(view.payload["type"])
    fresh = checked(ws, content, kind, replaces=view)
    fixed = ("id", "team_id", "app_id", "bot_id", "app_installed_team_id", "root_view_id", "previous_view_id")
    kept = {name: view.payload[name] for name in fixed}
    view.payload = {**_blank(fresh), **fresh, **kept, "state": {"values": {}}, "hash": _hash(ws)}
    where = {(block["block_id"], action) for block in view.payload["blocks"] for action in _actions(block)}
    view.values = {
        block: inner
        for block, actions in view.values.items()
        if (inner := {action: value for action, value in actions.items() if (block, action) in where})
    }
    if kind == "home":
        ws.feed.publish({"type": "home", "view": view.payload}, [view.user])
    else:
        ws.feed.publish({"type": "view_updated", "view": view.payload}, [view.user])
    return view


def publish(ws: Workspace, user: str, content: Any) -> View:
    """Set a person's Home tab."""
    home = ws.modals.homes.get(user)
    if home is not None:
        return update(ws, home, content)
    home = View(_new(ws, checked(ws, content, "home"), None), user)
    ws.modals.homes[user] = home
    ws.feed.publish({"type": "home", "view": home.payload}, [user])
    return home


def close(ws: Workspace, view: View) -> None:
    """Take one modal away; the one beneath comes back."""
    stack = ws.modals.stack(view.user)
    if view in stack:
        stack.remove(view)
        ws.feed.publish({"type": "view_closed", "view_id": view.id}, [view.user])


def clear(ws: Workspace, user: str) -> None:
    """Take all modals of a person away."""
    for view in reversed(list(ws.modals.stack(user))):
        close(ws, view)


def _show(ws: Workspace, user: str, content: Json, previous: View | None) -> View:
    view = View(_new(ws, content, previous), user)
    ws.modals.stack(user).append(view)
    ws.feed.publish({"type": "view_opened", "view": view.payload}, [user])
    return view


def _new(ws: Workspace, content: Json, previous: View | None) -> Json:
    view_id = ws.store.next_id("V")
    return {
        **_blank(content),
        **content,
        "id": view_id,
        "team_id": ws.team_id,
        "state": {"values": {}},
        "hash": _hash(ws),
        "root_view_id": previous.payload["root_view_id"] if previous else view_id,
        "previous_view_id": previous.id if previous else None,
        "app_id": ws.app_id,
        "app_installed_team_id": ws.team_id,
        "bot_id": ws.bot_id,
    }


def _blank(content: Json) -> Json:
    common = {
        "callback_id": "",
        "private_metadata": "",
        "external_id": "",
        "title": None,
        "close": None,
        "submit": None,
    }
    flags = {"clear_on_close": False, "notify_on_close": False}
    return {**common, **flags} if content["type"] == "modal" else common


def _hash(ws: Workspace) -> str:
    return f"{int(float(ws.store.timestamps.next()))}.{secrets.token_hex(4)}"


def _is_input(block: Any) -> bool:
    return isinstance(block, dict) and block.get("type") == "input"


def _actions(block: Json) -> list[str]:
    found = [block.get("element"), block.get("accessory"), *(block.get("elements") or ())]
    return [
        str(element["action_id"]) for element in found if isinstance(element, dict) and "action_id" in element
    ]
