"""A team's own mapping of any JSON into our form: a small Jinja template whose values are always valid JSON.

`{{ payload.name }}` is written as JSON, quotes and all, so that foreign text cannot leave its place. The
sandbox alone would not stop endless loops and huge texts, so loops are counted, products and powers are left
to numbers, functions cannot be called, and what is made is measured.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterable, Iterator
from itertools import islice
from threading import Lock
from time import perf_counter
from typing import Any, cast

from jinja2 import StrictUndefined, Template, TemplateError, Undefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ops_core.errors import Invalid

LONGEST = 16_000
"""Characters of a template."""
STEPS = 100_000
"""Turns of all its loops together."""
SECONDS = 1.0
"""How long its loops may take."""
MOST = 2_000_000
"""Characters that it may make."""
FILTERS = (
    "default",
    "lower",
    "upper",
    "trim",
    "first",
    "last",
    "int",
    "float",
    "length",
    "string",
    "title",
    "round",
    "items",
)
_REFUSED = {
    nodes.Call: "calls a function; filters do the same",
    nodes.CallBlock: "has a call block",
    nodes.Macro: "has a macro",
    nodes.Block: "has a block",
    nodes.Extends: "extends another template",
    nodes.Include: "includes another template",
    nodes.Import: "imports another template",
    nodes.FromImport: "imports another template",
    nodes.AssignBlock: "has a set block",
    nodes.FilterBlock: "has a filter block",
    nodes.Pow: "has a power",
}


class Limit(Exception):
    """The template wanted more than it may have."""


class _Bench(ImmutableSandboxedEnvironment):
    """An environment in which nothing can grow without bound."""

    intercepted_binops = frozenset(("+", "*", "%", "//", "/", "-"))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic for numbers, and joining of texts and lists that stay small."""
        numbers = all(isinstance(each, int | float) and abs(each) < 1e15 for each in (left, right))
        if not numbers and operator != "+":
            raise Limit(f"{operator} is for numbers of at most 15 digits")
        return _bounded(super().call_binop(context, operator, left, right))


class Mapping:
    """One template. Raises `Invalid` with the line when it is wrong, and when what it makes is."""

    def __init__(self, source: str, name: str) -> None:
        self.name = name
        self._lock = Lock()
        self._steps, self._deadline = 0, 0.0
        if len(source) > LONGEST:
            raise Invalid(f"{name}: the mapping is longer than {LONGEST} characters.")
        bench = _Bench(undefined=StrictUndefined, finalize=_as_json, autoescape=False, trim_blocks=True)
        bench.filters = {each: bench.filters[each] for each in FILTERS}
        bench.filters |= {"join": _join, "glued": _glued, "counted": self._counted}
        bench.globals.clear()
        try:
            tree = bench.parse(source)
            self._check(tree)
            self._template: Template = bench.from_string(_guarded(tree))
        except TemplateError as error:
            line = getattr(error, "lineno", None)
            raise Invalid(f"{name}: the mapping is wrong in line {line}: {error.message}.") from None

    def apply(self, payload: Any) -> Any:
        """Our own form of a payload, as plain JSON values."""
        with self._lock:
            made = self._render(payload)
        try:
            return json.loads(made)
        except (json.JSONDecodeError, RecursionError) as error:
            where = getattr(error, "lineno", 1), getattr(error, "colno", 1)
            near = (
                made.splitlines()[where[0] - 1][max(where[1] - 20, 0) : where[1] + 20] if made.strip() else ""
            )
            raise Invalid(
                f"{self.name}: the mapping made no JSON: line {where[0]}, column {where[1]}: {near!r}.",
                hint="Write {{ … }} without quotes around it; join texts with ~.",
            ) from None

    def _render(self, payload: Any) -> str:
        self._steps, self._deadline = 0, perf_counter() + SECONDS
        made: list[str] = []
        size = 0
        try:
            for piece in self._template.generate(payload=payload):
                size += len(piece)
                if size > MOST:
                    raise Limit(f"it makes more than {MOST} characters")
                made.append(piece)
        # What a template can do to foreign data fails in these ways.
        except (
            TemplateError,
            Limit,
            TypeError,
            ValueError,
            LookupError,
            ArithmeticError,
            AttributeError,
        ) as error:
            raise Invalid(
                f"{self.name}: the mapping failed in line {_line(error)}: {error}.",
                hint="Give what may be missing a value: {{ payload.x | default('none') }}.",
            ) from None
        return "".join(made)

    def _check(self, tree: nodes.Template) -> None:
        for kind, why in _REFUSED.items():
            for found in tree.find_all(kind):
                raise Invalid(f"{self.name}: the mapping {why} in line {found.lineno}, which it must not.")
        for loop in tree.find_all(nodes.For):
            if loop.recursive:
                raise Invalid(f"{self.name}: the mapping has a recursive loop in line {loop.lineno}.")
        for made in tree.find_all((nodes.List, nodes.Dict, nodes.Tuple)):
            if next(made.find_all((nodes.Name, nodes.List, nodes.Dict)), None) and _is_read(made):
                raise Invalid(
                    f"{self.name}: the mapping makes a list or object in line {made.lineno}.",
                    hint="Write it as JSON around the values: [{{ payload.a }}, {{ payload.b }}].",
                )

    def _counted(self, values: Iterable[Any]) -> Iterator[Any]:
        for each in values:
            self._steps += 1
            if self._steps > STEPS or perf_counter() > self._deadline:
                raise Limit(f"its loops take more than {STEPS} turns or {SECONDS} s")
            yield each


def _is_read(made: nodes.Expr) -> bool:
    """Whether it is a value, and not the names of `{% for name, value in … %}`."""
    return getattr(made, "ctx", "load") == "load"


def _guarded(tree: nodes.Template) -> nodes.Template:
    """The same template with counted loops, and texts that are joined under a limit."""
    for node in list(tree.find_all(nodes.Node)):
        for name, value in node.iter_fields():
            if isinstance(value, list):
                value[:] = [_guard(each) for each in value]
            else:
                setattr(node, name, _guard(value))
        if isinstance(node, nodes.For):
            node.iter = _filtered(cast(nodes.Expr, node.iter), "counted")
    return tree


def _guard(value: Any) -> Any:
    if not isinstance(value, nodes.Concat):
        return value
    parts = nodes.List(value.nodes)
    parts.set_lineno(value.lineno)
    return _filtered(parts, "glued")


def _filtered(value: nodes.Expr, name: str) -> nodes.Filter:
    made = nodes.Filter(value, name, [], [], None, None)
    made.set_lineno(value.lineno)
    return made


def _bounded(value: Any) -> Any:
    if isinstance(value, str | list | tuple) and len(value) > MOST:
        raise Limit(f"a text or list in it is longer than {MOST}")
    return value


def _glued(values: Iterable[Any]) -> str:
    """What `~` makes: of texts and numbers, since an object's own text is nobody's wish."""
    return _join(values)


def _join(values: Iterable[Any], between: str = "") -> str:
    parts = [_plain(each) for each in islice(values, STEPS)]
    if sum(map(len, parts)) + len(between) * len(parts) > MOST:
        raise Limit(f"join makes more than {MOST} characters")
    return between.join(parts)


def _plain(value: Any) -> str:
    if isinstance(value, dict | list | tuple):
        raise Limit("only texts and numbers can be joined")
    return str(value)


def _as_json(value: Any) -> Any:
    if isinstance(value, Undefined):
        return value  # says what is missing when it is written
    if not isinstance(value, str | int | float | bool | list | dict | tuple | None):
        value = list(value) if isinstance(value, Iterable) else str(value)
    return json.dumps(value, ensure_ascii=False)


def _line(error: BaseException) -> int:
    """The line of the template in which an error arose; Jinja puts its own lines into the traceback."""
    lines = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"
    ]
    return (lines[-1] or 1) if lines else getattr(error, "lineno", None) or 1
