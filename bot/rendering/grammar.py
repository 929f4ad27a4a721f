"""Which elements a template may use, where, and with which attributes."""

from dataclasses import dataclass

from bot.rendering.errors import Fault, listed
from bot.rendering.tree import Node

INLINE = ("b", "i", "s", "code", "pre", "br", "quote", "link", "user", "channel", "time", "emoji")
MENUS = ("select", "users", "overflow", "datepicker")
BLOCKS = ("header", "section", "fields", "context", "divider", "image", "actions")


@dataclass(frozen=True)
class Tag:
    """What one element must and may carry; `text` is whether words may stand directly in it."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    text: bool = False


_WORDS = Tag(children=INLINE, text=True)
_CONFIRM = ("confirm", "confirm-yes")
_CHOICES = Tag(("id",), ("initial",), ("option",))

TAGS: dict[str, Tag] = {
    "message": Tag(("text",), (), BLOCKS),
    "view": Tag(
        ("callback", "title"), ("submit", "close", "metadata", "notify-on-close"), (*BLOCKS, "input")
    ),
    "home": Tag((), ("callback", "metadata"), (*BLOCKS, "input")),
    # blocks
    "header": Tag((), ("id",), (), text=True),
    "section": Tag((), ("id",), (*INLINE, "button", "image", *MENUS), text=True),
    "fields": Tag((), ("id",), ("field",)),
    "field": Tag((), ("label",), INLINE, text=True),
    "context": Tag((), ("id",), ("text", "image")),
    "context/text": _WORDS,
    "divider": Tag((), ("id",)),
    "image": Tag(("alt",), ("src", "file", "title", "id")),
    "actions": Tag((), ("id",), ("button", *MENUS)),
    "input": Tag(
        ("block", "label"),
        ("hint", "optional", "dispatch"),
        ("text", "select", "users", "radio", "checkboxes", "date", "datetime", "number"),
    ),
    # what a person presses or fills in
    "button": Tag(("id",), ("value", "style", "url", "label", *_CONFIRM), (), text=True),
    "select": Tag(("id",), ("placeholder", "initial", *_CONFIRM), ("option", "group")),
    "group": Tag(("label",), (), ("option",)),
    "option": Tag(("value",), ("description",), (), text=True),
    "users": Tag(("id",), ("placeholder", "initial", "multiple")),
    "overflow": Tag(("id",), _CONFIRM, ("option",)),
    "datepicker": Tag(("id",), ("placeholder", "initial")),
    "input/text": Tag(("id",), ("multiline", "initial", "placeholder", "max", "min")),
    "radio": _CHOICES,
    "checkboxes": _CHOICES,
    "date": Tag(("id",), ("placeholder", "initial")),
    "datetime": Tag(("id",), ("initial",)),
    "number": Tag(("id",), ("initial", "min", "max", "decimal", "placeholder")),
    # words
    "b": _WORDS, "i": _WORDS, "s": _WORDS, "quote": _WORDS,
    "code": Tag(text=True), "pre": Tag(text=True), "br": Tag(),
    "link": Tag((), ("href",), (), text=True),
    "user": Tag(("id",), ("ping",)), "channel": Tag(("id",)),
    "time": Tag(("at",), ("format",)), "emoji": Tag(("name",)),
}  # fmt: skip

_SAID = frozenset({"text", "alt", "label", "title"})  # words, which may turn out empty; ids may not


def check(root: Node, allowed: tuple[str, ...]) -> None:
    """Refuse a tree that holds an unknown element or attribute, or one at the wrong place."""
    if root.tag not in allowed:
        raise Fault(f"begins with <{root.tag}>, it should be one of: {listed(allowed)}", root.line)
    _check(root, TAGS[root.tag])


def _check(node: Node, tag: Tag) -> None:
    missing = [name for name in tag.required if not node.get(name)]
    if any(name not in node.attributes or name not in _SAID for name in missing):
        raise node.fault(f"lacks the attribute {listed(missing)}, or it is empty")
    unknown = set(node.attributes) - set(tag.required) - set(tag.optional)
    if unknown:
        known = listed((*tag.required, *tag.optional))
        raise node.fault(f"does not know the attribute {listed(unknown)}; allowed: {known}")
    for child in node.children:
        if isinstance(child, Node):
            if child.tag not in tag.children:
                allowed = listed(tag.children)
                raise child.fault(f"is not allowed in <{node.tag}>; allowed there: {allowed}")
            _check(child, TAGS.get(f"{node.tag}/{child.tag}") or TAGS[child.tag])
        elif child.strip() and not tag.text:
            raise node.fault(f"may not hold text directly: “{child.strip()[:40]}”")
