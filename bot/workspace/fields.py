"""What people fill in: each element's value, what it is at first, and what Slack's client refuses."""

import re
from collections.abc import Callable
from typing import Any

from bot.workspace.blocks import elements
from bot.workspace.state import Json

# Element type -> the property of its value; the initial one is `initial_…` of the same.
VALUE_KEYS = {
    **dict.fromkeys(("plain_text_input", "email_text_input", "url_text_input", "number_input"), "value"),
    **dict.fromkeys(("static_select", "external_select", "radio_buttons"), "selected_option"),
    **dict.fromkeys(("multi_static_select", "multi_external_select", "checkboxes"), "selected_options"),
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
}
REQUIRED = "Please complete this required field."
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def initial_value(element: Json) -> Any:
    """What an element holds before anybody touches it."""
    key = VALUE_KEYS[element["type"]]
    name = f"initial_{key.removeprefix('selected_')}"
    return element.get(
        "initial_value" if key == "rich_text_value" else name, [] if key.endswith("s") else None
    )


def state_of(blocks: list[Json], values: Json) -> Json:
    """Slack's `state` of blocks: what was filled in, or else what stands there at first."""
    state: Json = {}
    for block in blocks:
        for element in elements(block):
            key = VALUE_KEYS.get(element["type"])
            if key is None:
                continue
            given = values.get(block["block_id"], {}).get(element["action_id"], {})
            value = given[key] if key in given else initial_value(element)
            entry = {"type": element["type"], key: value if value != "" else None}
            state.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return {"values": state}


def merged(values: Json, more: Json) -> Json:
    """Values with newer ones laid over them."""
    return {block: {**values.get(block, {}), **more.get(block, {})} for block in values | more}


def complaints(blocks: list[Json], state: Json) -> dict[str, str]:
    """What Slack's own client says before it submits, by block_id."""
    found: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        entry = state["values"][block["block_id"]][element["action_id"]]
        value = entry[VALUE_KEYS[element["type"]]]
        if value in (None, "", []):
            complaint = "" if block.get("optional") else REQUIRED
        else:
            complaint = _complaint(element, value)
        if complaint:
            found[block["block_id"]] = complaint
    return found


def find(blocks: list[Json], block_id: str, action_id: str) -> Json | None:
    """An interactive element by its ids (an empty block_id means any block)."""
    for block in blocks:
        if block_id in ("", block["block_id"]):
            for element in elements(block):
                if element["action_id"] == action_id:
                    return {**element, "block_id": block["block_id"], "block_type": block["type"]} | (
                        {"dispatches": bool(block.get("dispatch_action"))} if block["type"] == "input" else {}
                    )
    return None


def unknown_option(element: Json, value: Json) -> bool:
    """Whether something was chosen that a static menu does not offer."""
    groups = element.get("option_groups") or []
    offered = [*(element.get("options") or ()), *(option for group in groups for option in group["options"])]
    if not offered:
        return False
    chosen = (
        [value["selected_option"]]
        if value.get("selected_option")
        else list(value.get("selected_options") or ())
    )
    known = {option.get("value") for option in offered}
    return any(option.get("value") not in known for option in chosen)


def _complaint(element: Json, value: Any) -> str:
    kind = element["type"]
    if kind in _COMPLAINTS:
        return _COMPLAINTS[kind](element, str(value))
    key = VALUE_KEYS[kind]
    wrong = key.startswith("selected_option") and unknown_option(element, {key: value})
    return "Please choose one of the options." if wrong else ""


def _length_complaint(element: Json, text: str) -> str:
    least, most = element.get("min_length") or 0, element.get("max_length") or 3000
    if len(text) < least:
        return f"Please enter at least {least} characters."
    return f"Please enter at most {most} characters." if len(text) > most else ""


def _email_complaint(element: Json, text: str) -> str:  # every complaint is given its element
    return "" if _EMAIL.fullmatch(text) else "Please enter a valid email address."


def _url_complaint(element: Json, text: str) -> str:  # the same
    return "" if text.startswith(("http://", "https://")) else "Please enter a valid URL."


def _number_complaint(element: Json, text: str) -> str:
    try:
        number = float(text)
    except ValueError:
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and not number.is_integer():
        return "Please enter a whole number."
    if element.get("min_value") and number < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if element.get("max_value") and number > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return ""


_COMPLAINTS: dict[str, Callable[[Json, str], str]] = {
    "plain_text_input": _length_complaint,
    "email_text_input": _email_complaint,
    "url_text_input": _url_complaint,
    "number_input": _number_complaint,
}
