"""Block Kit's elements: buttons, menus, inputs and the objects that they are made of, with Slack's limits."""

from collections.abc import Iterator
from typing import Any

from bot.workspace.block_rules import (
    Rule,
    any_of,
    anything,
    choice,
    flag,
    items,
    number,
    one_of,
    plain,
    shape,
    string,
    text,
    union,
    url,
)

ID = string(255)
CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)
OPTION = shape({"text": plain(75), "value": string(150, 1)}, {"description": plain(75)})
RICH_OPTION = shape({"text": text(75), "value": string(150, 1)}, {"description": text(75)})
LINK_OPTION = shape({"text": plain(75), "value": string(150, 1)}, {"description": plain(75), "url": url})
OPTION_GROUP = shape({"label": plain(75), "options": items(OPTION, 100)})
DISPATCH = shape({}, {"trigger_actions_on": items(choice("on_enter_pressed", "on_character_entered"), 2)})
FILTER = shape(
    {},
    {
        "include": items(choice("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)
SLACK_FILE = shape({}, {"id": string(), "url": string()}, one_of("id", "url"))


def offered(value: Any, path: str) -> Iterator[str]:
    """What is chosen at first must be among the options."""
    options = [
        *(value.get("options") or ()),
        *(o for g in value.get("option_groups") or () for o in g.get("options", ())),
    ]
    chosen = value.get("initial_option")
    first = [chosen] if isinstance(chosen, dict) else list(value.get("initial_options") or ())
    known = [option.get("value") for option in options if isinstance(option, dict)]
    for option in first:
        if isinstance(option, dict) and option.get("value") not in known:
            yield f"initial option must match one of the options [json-pointer:{path}]"


def _element(required: dict[str, Rule], optional: dict[str, Rule], *more: Rule) -> Rule:
    common = {"action_id": ID, "confirm": CONFIRM, "focus_on_load": flag}
    return shape(required, {**common, **optional}, *more)


def _menu(required: dict[str, Rule], optional: dict[str, Rule], *more: Rule) -> Rule:
    return _element(required, {"placeholder": plain(150), **optional}, *more)


_CHOICES: dict[str, Rule] = {"options": items(OPTION, 100), "option_groups": items(OPTION_GROUP, 100)}
_TEXT: dict[str, Rule] = {
    "placeholder": plain(150),
    "initial_value": string(3000),
    "dispatch_action_config": DISPATCH,
}
_MANY: dict[str, Rule] = {"max_selected_items": number}
_TOGETHER: dict[str, Rule] = {
    "response_url_enabled": flag,
    "default_to_current_conversation": flag,
    "filter": FILTER,
}
_IDS = items(string(), 100, 0)

IMAGE = shape(
    {"alt_text": string(2000, 1)},
    {"image_url": url, "slack_file": SLACK_FILE},
    one_of("image_url", "slack_file"),
)

ELEMENTS: dict[str, Rule] = {
    "button": _element(
        {"text": plain(75)},
        {
            "url": url,
            "value": string(2000),
            "style": choice("primary", "danger"),
            "accessibility_label": string(75),
        },
    ),
    "overflow": _element({"options": items(LINK_OPTION, 5)}, {}),
    "static_select": _menu(
        {}, {**_CHOICES, "initial_option": OPTION}, one_of("options", "option_groups"), offered
    ),
    "multi_static_select": _menu(
        {},
        {**_CHOICES, **_MANY, "initial_options": items(OPTION, 100)},
        one_of("options", "option_groups"),
        offered,
    ),
    "external_select": _menu({}, {"initial_option": OPTION, "min_query_length": number}),
    "multi_external_select": _menu(
        {}, {**_MANY, "initial_options": items(OPTION, 100), "min_query_length": number}
    ),
    "users_select": _menu({}, {"initial_user": string()}),
    "multi_users_select": _menu({}, {**_MANY, "initial_users": _IDS}),
    "conversations_select": _menu({}, {**_TOGETHER, "initial_conversation": string()}),
    "multi_conversations_select": _menu({}, {**_TOGETHER, **_MANY, "initial_conversations": _IDS}),
    "channels_select": _menu({}, {"initial_channel": string(), "response_url_enabled": flag}),
    "multi_channels_select": _menu({}, {**_MANY, "initial_channels": _IDS}),
    "checkboxes": _element(
        {"options": items(RICH_OPTION, 10)}, {"initial_options": items(RICH_OPTION, 10)}, offered
    ),
    "radio_buttons": _element({"options": items(RICH_OPTION, 10)}, {"initial_option": RICH_OPTION}, offered),
    "datepicker": _menu({}, {"initial_date": string(10, 10)}),
    "timepicker": _menu({}, {"initial_time": string(5, 5), "timezone": string()}),
    "datetimepicker": _element({}, {"initial_date_time": number}),
    "plain_text_input": _element(
        {}, {**_TEXT, "multiline": flag, "min_length": number, "max_length": number}
    ),
    "email_text_input": _element({}, _TEXT),
    "url_text_input": _element({}, _TEXT),
    "number_input": _element(
        {"is_decimal_allowed": flag}, {**_TEXT, "min_value": string(), "max_value": string()}
    ),
    "rich_text_input": _element({}, {**_TEXT, "initial_value": anything}),
    "file_input": _element({}, {"filetypes": items(string(), 100), "max_files": number}),
    "workflow_button": _element(
        {"text": plain(75), "workflow": anything}, {"style": choice("primary", "danger")}
    ),
    "image": IMAGE,
    "feedback_buttons": _element({"positive_button": anything, "negative_button": anything}, {}),
    "icon_button": _element(
        {"icon": string(), "text": plain(75)}, {"value": string(2000), "visible_to_user_ids": _IDS}
    ),
}

_MENUS = tuple(name for name in ELEMENTS if name.endswith("_select"))
_PICKS = ("checkboxes", "radio_buttons", "datepicker", "timepicker")
ACCESSORIES = ("button", "overflow", "image", "workflow_button", *_MENUS, *_PICKS)
ACTIONS = ("button", "overflow", "workflow_button", "datetimepicker", *_MENUS, *_PICKS)
INPUTS = (
    *(
        "plain_text_input",
        "email_text_input",
        "url_text_input",
        "number_input",
        "rich_text_input",
        "file_input",
    ),
    *("datetimepicker", *_MENUS, *_PICKS),
)

ACCESSORY = union(ELEMENTS, ACCESSORIES)
ACTION = union(ELEMENTS, ACTIONS)
INPUT = union(ELEMENTS, INPUTS)
CONTEXT = union(
    {"image": IMAGE, "plain_text": text(2000, "plain_text"), "mrkdwn": text(2000, "mrkdwn")},
)
CONTEXT_ACTION = union(ELEMENTS, ("feedback_buttons", "icon_button"))
HAS_TEXT_OR_FIELDS = any_of("text", "fields")
