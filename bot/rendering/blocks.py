"""The blocks of a message or view, built from the tree."""

from collections.abc import Callable, Iterator, Sequence

from bot.rendering import inline
from bot.rendering.elements import Json, element, flag, picture, text
from bot.rendering.grammar import MENUS
from bot.rendering.tree import Node

SECTION, FIELD, CONTEXT, HEADER = 3000, 2000, 2000, 150
_ACCESSORIES = ("button", "image", *MENUS)


def blocks(parent: Node) -> list[Json]:
    """All blocks of an element; those that turned out empty are left out."""
    return [block for child in parent.nodes() for block in _BLOCKS[child.tag](child)]


def _mrkdwn(said: str) -> Json:
    # verbatim: Slack leaves bare addresses, @names and #channels of the text alone
    return {"type": "mrkdwn", "text": said, "verbatim": True}


def _named(node: Node, block: Json) -> Json:
    return {**block, "block_id": node.get("id")} if node.get("id") else block


def _header(node: Node) -> Iterator[Json]:
    if node.text().strip():
        yield _named(node, {"type": "header", "text": text(node.text(), HEADER)})


def _section(node: Node) -> Iterator[Json]:
    said = inline.mrkdwn(node, SECTION, skip=_ACCESSORIES)
    extras = node.nodes(*_ACCESSORIES)
    if len(extras) > 1:
        raise extras[1].fault("is the second beside one text; put several into <actions>")
    if not said:
        if extras:
            raise node.fault("needs words beside its button, menu or picture")
        return
    accessory = element(extras[0]) if extras else None
    block = {"type": "section", "text": _mrkdwn(said)}
    yield _named(node, {**block, "accessory": accessory} if accessory else block)


def _fields(node: Node) -> Iterator[Json]:
    fields = [_mrkdwn(_field(field)) for field in node.nodes("field")]
    for number, part in enumerate(_parts(fields, 10)):
        block = {"type": "section", "fields": part}
        yield _named(node, block) if number == 0 else block


def _field(node: Node) -> str:
    label = node.get("label")
    title = inline.fit([inline.Run(" ".join(label.split()), ("b",)), inline.Run("\n")], 200) if label else ""
    words = inline.mrkdwn(node, FIELD - len(title) - 1) or "–"
    return f"{title}\n{words}" if title else words


def _context(node: Node) -> Iterator[Json]:
    shown = []
    for child in node.nodes():
        if child.tag == "image":
            shown.append(picture(child))
        elif said := inline.mrkdwn(child, CONTEXT):
            shown.append(_mrkdwn(said))
    present = [part for part in shown if part]
    for number, part in enumerate(_parts(present, 10)):
        block = {"type": "context", "elements": part}
        yield _named(node, block) if number == 0 else block


def _divider(node: Node) -> Iterator[Json]:
    yield _named(node, {"type": "divider"})


def _image(node: Node) -> Iterator[Json]:
    if not node.get("src") and not node.get("file"):
        raise node.fault("needs src (an address) or file (the id of an uploaded file)")
    shown = picture(node)
    if shown is None:
        yield {"type": "context", "elements": [_mrkdwn(inline.fit([inline.Run(node.get("alt"))], CONTEXT))]}
        return
    title = {"title": text(node.get("title"), 2000)} if node.get("title") else {}
    yield _named(node, {**shown, **title})


def _actions(node: Node) -> Iterator[Json]:
    elements = [built for child in node.nodes() if (built := element(child))]
    for number, part in enumerate(_parts(elements, 25)):
        block = {"type": "actions", "elements": part}
        yield _named(node, block) if number == 0 else block


def _input(node: Node) -> Iterator[Json]:
    asked = node.nodes()
    if len(asked) != 1:
        raise node.fault(f"holds exactly one element, it has {len(asked)}")
    hint = {"hint": text(node.get("hint"), 2000)} if node.get("hint") else {}
    dispatch = {"dispatch_action": True} if flag(node, "dispatch") else {}
    yield {
        "type": "input",
        "block_id": node.get("block"),
        "label": text(node.get("label"), 2000),
        "element": element(asked[0]),
        "optional": flag(node, "optional"),
        **hint,
        **dispatch,
    }


def _parts(items: Sequence[Json], size: int) -> Iterator[list[Json]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


_BLOCKS: dict[str, Callable[[Node], Iterator[Json]]] = {
    "header": _header,
    "section": _section,
    "fields": _fields,
    "context": _context,
    "divider": _divider,
    "image": _image,
    "actions": _actions,
    "input": _input,
}
