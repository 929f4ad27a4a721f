"""Patterns of matchers: regular expressions whose time grows with the value alone, whatever is written.

Thompson, "Regular Expression Search Algorithm", CACM 11 (1968): all states are followed at once, so nothing
is ever tried twice; the sets of states that were met are kept, as a table that is filled on demand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from ops_core.errors import Invalid

LONGEST = 500
"""Characters of a pattern."""
DEEPEST, MOST_STATES, MOST_KEPT = 20, 2_000, 5_000
_ATOM = re.compile(
    r"\[\^?\]?(?:\\[dDwWsS\W_]|[^\[\]\\])*\]|\\[dDwWsSnt\W_]|[^\\\[\](){}*+?|^$]|\.", re.DOTALL
)
_OFTEN = re.compile(r"[*+?]|\{(\d{1,3})(,?)(\d{0,3})\}")
_ODD_IN_SET = re.compile(r"--|&&|~~|\|\|")
_TAKEN = r"Take letters, . | * + ? {2,4} ( ) [a-z] \d \w \s; write any other sign with a \ before it."
_FEWER = "Write it without a repeat inside a repeat."


@dataclass(frozen=True)
class _One:
    """One character that meets a test."""

    takes: Callable[[str], object]


@dataclass(frozen=True)
class _Row:
    """One after the other."""

    parts: tuple[_Node, ...]


@dataclass(frozen=True)
class _Either:
    """One of several."""

    options: tuple[_Node, ...]


@dataclass(frozen=True)
class _Repeat:
    """Between `least` and `most` times; without `most`, any number."""

    what: _Node
    least: int
    most: int | None


_Node: TypeAlias = "_One | _Row | _Either | _Repeat"


class Pattern:
    """A pattern, for whole values. Raises `Invalid` for what it does not understand, with the place."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise Invalid(f"it is longer than {LONGEST} characters")
        self._tests: list[Callable[[str], object] | None] = []
        self._next: list[tuple[int, ...]] = []
        self._end = self._add(None, ())
        self._start = self._closed([self._build(_Reader(text).whole(), self._end)])
        self._kept: dict[tuple[frozenset[int], str], frozenset[int]] = {}

    def matches(self, value: str) -> bool:
        """Whether the whole value meets it."""
        states = self._start
        for char in value:
            found = self._kept.get((states, char))
            states = self._step(states, char) if found is None else found
            if not states:
                return False
        return self._end in states

    def _step(self, states: frozenset[int], char: str) -> frozenset[int]:
        met = [self._next[one][0] for one in states if (test := self._tests[one]) and test(char)]
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        found = self._kept[states, char] = self._closed(met)
        return found

    def _closed(self, states: Iterable[int]) -> frozenset[int]:
        """The states, and all that are reached from them without a character."""
        found: set[int] = set()
        waiting = list(states)
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += self._next[one] if self._tests[one] is None else ()
        return frozenset(found)

    def _add(self, test: Callable[[str], object] | None, then: tuple[int, ...]) -> int:
        if len(self._next) >= MOST_STATES:
            raise Invalid("it is too large", hint="Repeat less in it.")
        self._tests.append(test)
        self._next.append(then)
        return len(self._next) - 1

    def _build(self, node: _Node, then: int) -> int:
        """The state at which a node begins that goes on to `then`."""
        match node:
            case _One(takes):
                return self._add(takes, (then,))
            case _Either(options):
                return self._add(None, tuple(self._build(one, then) for one in options))
            case _Row(parts):
                for one in reversed(parts):
                    then = self._build(one, then)
                return then
            case _Repeat(what, least, most):
                return self._repeated(what, least, most, then)

    def _repeated(self, what: _Node, least: int, most: int | None, then: int) -> int:
        if most is None:
            loop = self._add(None, ())
            self._next[loop] = (self._build(what, loop), then)
            then = loop
        for _ in range((most or least) - least):
            then = self._add(None, (self._build(what, then), then))
        for _ in range(least):
            then = self._build(what, then)
        return then


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def whole(self) -> _Node:
        found = self._either(0)
        if self.at < len(self.text):
            raise self._wrong(f"“{self.text[self.at]}” is not understood")
        return found

    def _either(self, depth: int) -> _Node:
        if depth > DEEPEST:
            raise self._wrong("it is nested too deeply")
        options = [self._row(depth)]
        while self._took("|"):
            options.append(self._row(depth))
        return _Either(tuple(options))

    def _row(self, depth: int) -> _Node:
        parts: list[_Node] = []
        if depth == 0:
            self._took("^")
        while (one := self._piece(depth)) is not None:
            parts.append(one)
        if depth == 0 and self.text[self.at :][:2] in ("$", "$|"):
            self.at += 1
        return _Row(tuple(parts))

    def _piece(self, depth: int) -> _Node | None:
        what = self._atom(depth)
        often = _OFTEN.match(self.text, self.at)
        if what is None or often is None:
            return what
        if _repeats(what) or _OFTEN.match(self.text, often.end()):
            raise Invalid("it repeats a repetition", hint=_FEWER)
        least, most = _times(often)
        if most is not None and most < least:
            raise self._wrong(f"“{often[0]}” ends before it begins")
        self.at = often.end()
        return _Repeat(what, least, most)

    def _atom(self, depth: int) -> _Node | None:
        if self._took("(?:") or self._took("("):
            inner = self._either(depth + 1)
            if not self._took(")"):
                raise self._wrong("a ) is missing")
            return inner
        match = _ATOM.match(self.text, self.at)
        if match is None:
            return None
        if match[0][0] == "[" and _ODD_IN_SET.search(match[0]):
            raise self._wrong(f"“{match[0]}” is not understood")
        try:
            takes = re.compile(match[0]).fullmatch
        except re.error as error:
            raise self._wrong(f"“{match[0]}”: {error.msg}") from None
        self.at = match.end()
        return _One(takes)

    def _took(self, sign: str) -> bool:
        taken = self.text.startswith(sign, self.at)
        self.at += len(sign) if taken else 0
        return taken

    def _wrong(self, why: str) -> Invalid:
        return Invalid(f"{why}, at character {self.at + 1}", hint=_TAKEN)


def _times(often: re.Match[str]) -> tuple[int, int | None]:
    if often[1] is None:
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[often[0]]
    least = int(often[1])
    return least, least if not often[2] else int(often[3]) if often[3] else None


def _repeats(node: _Node) -> bool:
    """Whether something in it may come more than once."""
    match node:
        case _Repeat(_, _, most):
            return most is None or most > 1
        case _Row(parts) | _Either(parts):
            return any(_repeats(one) for one in parts)
        case _One():
            return False


@lru_cache(maxsize=512)
def pattern(text: str) -> Pattern:
    """The pattern of a text, read once. Raises `Invalid`."""
    return Pattern(text)
