"""The small rules that Block Kit is made of; each yields Slack's sentence and pointer for what breaks it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Rule = Callable[[Any, str], Iterator[str]]


def _at(message: str, path: str) -> str:
    return f"{message} [json-pointer:{path}]"


def string(most: int | None = None, least: int = 0) -> Rule:
    """A string with so many characters."""

    def rule(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield _at("must provide a string", path)
        elif most is not None and len(value) > most:
            yield _at(f"must be less than {most + 1} characters", path)
        elif len(value) < least:
            yield _at(f"must be more than {least - 1} characters", path)

    return rule


def flag(value: Any, path: str) -> Iterator[str]:
    """A boolean."""
    if not isinstance(value, bool):
        yield _at("must provide a boolean", path)


def number(value: Any, path: str) -> Iterator[str]:
    """A whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        yield _at("must provide an integer", path)


def anything(value: Any, path: str) -> Iterator[str]:
    """Whatever it is."""
    yield from ()


def url(value: Any, path: str) -> Iterator[str]:
    """An http(s) address of up to 3,000 characters."""
    problems = list(string(3000, 1)(value, path))
    if not problems and not str(value).startswith(("http://", "https://")):
        problems = [_at("must be a valid URL", path)]
    yield from problems


def choice(*allowed: str) -> Rule:
    """One of a few words."""

    def rule(value: Any, path: str) -> Iterator[str]:
        if value not in allowed:
            yield _at("must be a valid enum value", path)

    return rule


def items(each: Rule, most: int, least: int = 1) -> Rule:
    """A list of so many things."""

    def rule(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield _at("must provide an array", path)
            return
        if len(value) > most:
            yield _at(f"no more than {most} items allowed", path)
        if len(value) < least:
            yield _at(f"no fewer than {least} items allowed", path)
        for index, item in enumerate(value):
            yield from each(item, f"{path}/{index}")

    return rule


def shape(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None, *more: Rule) -> Rule:
    """An object with these properties and no others; `more` are rules about the whole."""
    known = {**required, **(optional or {})}

    def rule(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield _at("must provide an object", path)
            return
        for name in required:
            if value.get(name) is None:
                yield _at(f"missing required field: {name}", path)
        for name, part in value.items():
            if name not in known and name != "type":
                yield _at(f"invalid additional property: {name}", path)
            elif name in known and part is not None:
                yield from known[name](part, f"{path}/{name}")
        for whole in more:
            yield from whole(value, path)

    return rule


def union(table: Mapping[str, Rule], allowed: Sequence[str] | None = None) -> Rule:
    """An object whose `type` says which rule holds."""

    def rule(value: Any, path: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str):
            yield _at(
                "missing required field: type" if isinstance(value, dict) else "must provide an object", path
            )
        elif kind not in table or (allowed is not None and kind not in allowed):
            yield _at(f"unsupported type: {kind}", f"{path}/type")
        else:
            yield from table[kind](value, path)

    return rule


def text(most: int, *kinds: str, least: int = 1) -> Rule:
    """A text object of one of the kinds (both, when none is named)."""
    plain = shape({"text": string(most, least)}, {"emoji": flag})
    mrkdwn = shape({"text": string(most, least)}, {"verbatim": flag})
    return union({"plain_text": plain, "mrkdwn": mrkdwn}, kinds or None)


def plain(most: int) -> Rule:
    """A plain_text object."""
    return text(most, "plain_text")


def one_of(*names: str) -> Rule:
    """Exactly one of these properties."""

    def rule(value: Any, path: str) -> Iterator[str]:
        given = [name for name in names if value.get(name) is not None]
        if len(given) != 1:
            quoted = " or ".join(f"`{name}`" for name in names)
            yield _at(f"must define either {quoted}", path)

    return rule


def any_of(*names: str) -> Rule:
    """At least one of these properties."""

    def rule(value: Any, path: str) -> Iterator[str]:
        if not any(value.get(name) is not None for name in names):
            yield _at(f"missing required field: {names[0]}", path)

    return rule


def at_most_one(name: str, key: str) -> Callable[[Sequence[Any], str], Iterator[str]]:
    """No two objects of a list with the same `key`; `name` is how Slack calls the list's place."""

    def rule(objects: Sequence[Any], path: str) -> Iterator[str]:
        known: set[str] = set()
        for index, item in enumerate(objects):
            value = item.get(key) if isinstance(item, dict) else None
            if isinstance(value, str) and value in known:
                yield _at(f"`{key}` {value!r} already exists{name}", f"{path}/{index}/{key}")
            elif isinstance(value, str):
                known.add(value)

    return rule
