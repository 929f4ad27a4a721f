"""What a person presses or fills in: buttons, menus, pickers, text inputs."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.rendering import escape
from bot.rendering.inline import plain
from bot.rendering.tree import Node
from bot.rendering.values import NEWLINE, instant

Json = dict[str, Any]

MOST_OPTIONS = 100
LONGEST_INITIAL = 3000


def text(said: str, limit: int) -> Json:
    """A plain-text object; Slack refuses an empty one, so that nothing is shown as `–`."""
    return {"type": "plain_text", "text": plain(said, limit) or "–", "emoji": True}


def element(node: Node, kind: str = "") -> Json | None:
    """The element of a node; None when it may not be shown (a button whose address is not allowed)."""
    return _ELEMENTS[kind or node.tag](node)


def picture(node: Node) -> Json | None:
    """Where a picture comes from; None when its address is not allowed."""
    shown = {"type": "image", "alt_text": plain(node.get("alt"), 2000) or "–"}
    if node.get("file"):
        return {**shown, "slack_file": {"id": node.get("file")}}
    address = escape.link(node.get("src"), escape.PICTURE_SCHEMES)
    return {**shown, "image_url": address} if address else None


def value(node: Node, name: str) -> str | None:
    """An attribute as given, line breaks included; None when it is absent."""
    return node.get(name).replace(NEWLINE, "\n") or None


def flag(node: Node, name: str) -> bool:
    """Whether an attribute says yes."""
    given = node.get(name, "no")
    if given not in {"yes", "no", "true", "false"}:
        raise node.fault(f"{name} is yes or no, not “{given}”")
    return given in {"yes", "true"}


def _given(**parts: Any) -> Json:
    return {name: part for name, part in parts.items() if part is not None}


def _confirm(node: Node, style: str | None = None) -> Json | None:
    if not node.get("confirm"):
        return None
    return _given(
        title=text("Are you sure?", 100),
        text=text(node.get("confirm"), 300),
        confirm=text(node.get("confirm-yes", "Yes"), 30),
        deny=text("Cancel", 30),
        style=style,
    )


def _button(node: Node) -> Json | None:
    style = node.get("style")
    if style not in {"", "default", "primary", "danger"}:
        raise node.fault(f"style is primary, danger or default, not “{style}”")
    style = style if style in {"primary", "danger"} else ""
    url = escape.link(node.get("url")) if node.get("url") else None
    if node.get("url") and not url:
        return None
    return _given(
        type="button", action_id=node.get("id"), text=text(node.text(), 75), value=value(node, "value"),
        url=url, style=style or None, confirm=_confirm(node, style or None),
        accessibility_label=plain(node.get("label"), 75) or None,
    )  # fmt: skip


def _option(node: Node) -> Json:
    description = node.get("description")
    return _given(
        text=text(node.text(), 75),
        value=value(node, "value"),
        description=text(description, 75) if description else None,
    )


def _placeholder(node: Node, note: str = "") -> Json | None:
    said = (node.get("placeholder") + note).strip()
    return text(said, 150) if said else None


def _initial(node: Node, options: Sequence[Json]) -> list[Json]:
    wanted = node.get("initial").split(",") if node.tag == "checkboxes" else [node.get("initial")]
    return [option for option in options if option["value"] in wanted]


def _select(node: Node) -> Json:
    groups = [(group, [_option(option) for option in group.nodes("option")]) for group in node.nodes("group")]
    options = [_option(option) for option in node.nodes("option")]
    everything = options + [option for _, choices in groups for option in choices]
    if not everything:
        raise node.fault("has no <option>; leave the whole element out when there is nothing to choose")
    note = f" (first {MOST_OPTIONS} of {len(options)})" if len(options) > MOST_OPTIONS else ""
    return _given(
        type="static_select",
        action_id=node.get("id"),
        placeholder=_placeholder(node, note),
        options=options[:MOST_OPTIONS] or None,
        option_groups=[
            {"label": text(group.get("label"), 75), "options": choices}
            for group, choices in groups
            if choices
        ]
        or None,
        initial_option=next(iter(_initial(node, everything[:MOST_OPTIONS])), None),
        confirm=_confirm(node),
    )


def _users(node: Node) -> Json:
    people = [person for person in node.get("initial").split(",") if person]
    if flag(node, "multiple"):
        picked: Json = {"type": "multi_users_select", "initial_users": people or None}
    else:
        picked = {"type": "users_select", "initial_user": people[0] if people else None}
    return _given(action_id=node.get("id"), placeholder=_placeholder(node), **picked)


def _overflow(node: Node) -> Json:
    options = [_option(option) for option in node.nodes("option")]
    return _given(type="overflow", action_id=node.get("id"), options=options or None, confirm=_confirm(node))


def _date(node: Node) -> Json:
    day = node.get("initial")[:10] or None
    return _given(
        type="datepicker", action_id=node.get("id"), initial_date=day, placeholder=_placeholder(node)
    )


def _datetime(node: Node) -> Json:
    given = node.get("initial")
    moment = int(instant(given).timestamp()) if given else None
    return _given(type="datetimepicker", action_id=node.get("id"), initial_date_time=moment)


def _text_input(node: Node) -> Json:
    longest = min(int(node.get("max", str(LONGEST_INITIAL))), LONGEST_INITIAL)
    initial = value(node, "initial")
    return _given(
        type="plain_text_input",
        action_id=node.get("id"),
        multiline=flag(node, "multiline"),
        initial_value=initial if initial is None or len(initial) <= longest else plain(initial, longest),
        placeholder=_placeholder(node),
        min_length=int(node.get("min")) if node.get("min") else None,
        max_length=longest,
    )


def _choices(kind: str, initial: str) -> Callable[[Node], Json]:
    def build(node: Node) -> Json:
        options = [_option(option) for option in node.nodes("option")]
        if not 1 <= len(options) <= 10:
            raise node.fault(f"takes 1 to 10 options, it has {len(options)}; use <select> for more")
        chosen: Any = _initial(node, options) or None
        if chosen and initial == "initial_option":
            chosen = chosen[0]
        return _given(type=kind, action_id=node.get("id"), options=options, **{initial: chosen})

    return build


def _number(node: Node) -> Json:
    return _given(
        type="number_input",
        action_id=node.get("id"),
        is_decimal_allowed=flag(node, "decimal"),
        initial_value=value(node, "initial"),
        min_value=value(node, "min"),
        max_value=value(node, "max"),
        placeholder=_placeholder(node),
    )


_ELEMENTS: dict[str, Callable[[Node], Json | None]] = {
    "button": _button,
    "select": _select,
    "users": _users,
    "overflow": _overflow,
    "datepicker": _date,
    "image": picture,
    "text": _text_input,
    "radio": _choices("radio_buttons", "initial_option"),
    "checkboxes": _choices("checkboxes", "initial_options"),
    "date": _date,
    "datetime": _datetime,
    "number": _number,
}
