"""Reads what a template says it needs, and what it really uses."""

import re
from collections.abc import Iterator, Sequence

from jinja2 import Environment, nodes

GLOBALS = {"namespace", "range", "loop", "dict", "cycler", "joiner", "lipsum"}
_METHODS = re.compile(r"\.(get|items|keys|values)$")
Scope = dict[str, str | None]


def declared(source: str) -> set[str]:
    """The paths after `Needs:` in the opening comment, such as `steps[].title`."""
    text = re.search(r"Needs:(.*?)#}", source, re.DOTALL)
    assert text, "a template begins with a comment that says what it needs"
    words = re.sub(r"\([^)]*\)", "", text[1]).strip().rstrip(".")
    return {word.strip().rstrip("?").removesuffix("[]") for word in words.split(",")} - {"nothing"}


def used(source: str) -> set[str]:
    """The paths that the template reads from its context."""
    tree = Environment(autoescape=True).parse(source)
    return {path for found in _body(tree.body, {}) if (path := _tidy(found))}


def covers(longer: str, shorter: str) -> bool:
    """Whether one path is the other or lies below it."""
    return longer == shorter or longer.startswith((f"{shorter}.", f"{shorter}[]"))


def _tidy(path: str) -> str:
    return _METHODS.sub("", path).removesuffix("[]")


def _body(body: list[nodes.Node], scope: Scope) -> Iterator[str]:
    for node in body:
        yield from _visit(node, scope)


def _visit(node: nodes.Node, scope: Scope) -> Iterator[str]:
    match node:
        case nodes.For():
            yield from _for(node, scope)
        case nodes.Assign():
            yield from _assign(node, scope)
        case nodes.FromImport():
            scope.update((name if isinstance(name, str) else name[1], None) for name in node.names)
        case nodes.Macro():
            yield from _body(node.body, scope | {node.name: None} | _local(node.args))
        case nodes.Name() | nodes.Getattr() | nodes.Getitem():
            yield from _expression(node, scope)
        case _:
            yield from _body(list(node.iter_child_nodes()), scope)


def _expression(node: nodes.Name | nodes.Getattr | nodes.Getitem, scope: Scope) -> Iterator[str]:
    path = _path(node, scope)
    if path:
        yield path
    if isinstance(node, nodes.Getitem):
        yield from _visit(node.arg, scope)
    if path is None and not isinstance(node, nodes.Name):
        yield from _visit(node.node, scope)


def _path(node: nodes.Node, scope: Scope) -> str | None:
    match node:
        case nodes.Name(name=name):
            return scope.get(name, name) if name not in GLOBALS else None
        case nodes.Getattr(node=base, attr=attribute):
            below = _path(base, scope)
            return f"{below}.{attribute}" if below else None
        case nodes.Getitem(node=base):
            return _path(base, scope)
        case nodes.Filter(node=base) if base:
            return _path(base, scope)
        case _:
            return None


def _for(node: nodes.For, scope: Scope) -> Iterator[str]:
    yield from _visit(node.iter, scope)
    path = _path(node.iter, scope)
    names = _local([node.target])
    inner = scope | dict.fromkeys(names, f"{path}[]" if path else None)
    yield from _body([*node.body, *([node.test] if node.test else [])], inner)
    yield from _body(node.else_, scope)


def _assign(node: nodes.Assign, scope: Scope) -> Iterator[str]:
    simple = isinstance(node.node, nodes.Name | nodes.Getattr)
    path = _path(node.node, scope) if simple else None
    yield from _visit(node.node, scope)
    if isinstance(node.target, nodes.Name):
        scope[node.target.name] = path


def _local(targets: Sequence[nodes.Node]) -> Scope:
    return {target.name: None for target in targets if isinstance(target, nodes.Name)}
