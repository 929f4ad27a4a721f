"""A rendered template as a tree, with DTDs and entities refused."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat  # entities and DTDs are refused below, and the text is our own templates'

from bot.rendering.errors import Fault


@dataclass
class Node:
    """One element: its tag, attributes, children, and line in the rendered text."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: list["Node | str"] = field(default_factory=list)

    def get(self, name: str, default: str = "") -> str:
        """An attribute, or the default when it is absent or empty."""
        given = self.attributes.get(name, "")
        return given if given.strip() else default

    def nodes(self, *tags: str) -> list["Node"]:
        """The child elements, or those with one of the tags."""
        return [
            child for child in self.children if isinstance(child, Node) and (not tags or child.tag in tags)
        ]

    def text(self) -> str:
        """All text below this element."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)

    def walk(self) -> Iterator["Node"]:
        """This element and everything below it."""
        yield self
        for child in self.nodes():
            yield from child.walk()

    def fault(self, said: str) -> Fault:
        """An error that points at this element."""
        return Fault(f"<{self.tag}> {said}", self.line)


class _Builder:
    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.data
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.open: list[Node] = []
        self.root: Node | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        node = Node(tag, attributes, self.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)

    def end(self, _tag: str) -> None:
        self.open.pop()

    def data(self, text: str) -> None:
        children = self.open[-1].children
        if children and isinstance(children[-1], str):
            children[-1] += text
        else:
            children.append(text)

    def refuse(self, *_declared: object) -> None:
        raise Fault("a template may not declare a DOCTYPE or entities", self.parser.CurrentLineNumber)


def parse(text: str) -> Node:
    """The tree of a rendered template; Fault with the line when it is not well-formed."""
    builder = _Builder()
    try:
        builder.parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        raise Fault(f"is not well-formed: {expat.ErrorString(error.code)}", error.lineno) from error
    if builder.root is None:
        raise Fault("is empty")
    return builder.root
