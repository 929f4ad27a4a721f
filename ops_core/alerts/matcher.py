"""Matchers: `name=value`, `!=`, `=~` and `!~` on labels, as Alertmanager writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ops_core.alerts.pattern import Pattern, pattern
from ops_core.errors import Invalid
from ops_core.severity import Severity

_WRITTEN = re.compile(r'\s*([A-Za-z_][\w.\-]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"{}]+))\s*,?')
_PROBES = ("x", "another-0ne", "3.14 of \u2603")
SEVERITY_AS_SAID = "severity as its source says"
"""Beside `severity`, which is ours: the word of the source, such as critical. No matcher can name it."""
MOST = 20
"""More matchers than anybody needs."""


@dataclass(frozen=True)
class Matcher:
    """One condition on one label; a label that is not there counts as empty.

    `severity` is met by our code (P0) and by the source's own word (critical); `!=` asks that neither is it.
    `=~` and `!~` match the whole value. Raises `Invalid` for a pattern that is none.
    """

    name: str
    op: str
    value: str

    def __post_init__(self) -> None:
        """Refuse what could never be asked."""
        if self.op not in ("=", "!=", "=~", "!~"):
            raise Invalid(f"“{self.op}” compares nothing.", hint="Use =, !=, =~ or !~.")
        if self.op.endswith("~"):
            self._pattern  # noqa: B018 - compiled here, so that a wrong one is refused at once

    @cached_property
    def _pattern(self) -> Pattern:
        try:
            return pattern(self.value)
        except Invalid as error:
            raise Invalid(
                f"The pattern for {self.name} is none: {error.message}.", hint=error.hint
            ) from error

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether these labels meet it."""
        met = self._takes(labels.get(self.name, ""))
        if self.name == "severity" and not met and SEVERITY_AS_SAID in labels:
            met = self._takes(labels[SEVERITY_AS_SAID])
        return met is not self.op.startswith("!")

    def _takes(self, value: str) -> bool:
        """Whether the value is the one, or like the one, that it names."""
        return self._pattern.matches(value) if self.op.endswith("~") else value == self.value

    @property
    def is_open(self) -> bool:
        """Whether it takes nearly anything, so that alone it would match every alert."""
        if self.name == "severity":
            return all(self.matches({self.name: one.value}) for one in Severity)
        return sum(self.matches({self.name: probe}) for probe in _PROBES) >= len(_PROBES) - 1

    def __str__(self) -> str:
        quoted = self.value.replace("\\", "\\\\").replace('"', '\\"')
        return f'{self.name}{self.op}"{quoted}"'


def all_match(matchers: Sequence[Matcher], labels: Mapping[str, str]) -> bool:
    """Whether labels meet every matcher."""
    return all(matcher.matches(labels) for matcher in matchers)


def match_everything(matchers: Sequence[Matcher]) -> bool:
    """Whether they leave practically nothing out."""
    return all(matcher.is_open for matcher in matchers)


def match_every(matchers: Sequence[Matcher], name: str, values: Sequence[str]) -> bool:
    """Whether they ask of one label alone, and take all of these values of it, if there is more than one."""
    narrow = [one for one in matchers if not one.is_open]
    if len(values) < 2 or any(one.name != name for one in narrow):
        return False
    return all(all_match(narrow, {name: value}) for value in values)


def read(text: str) -> tuple[list[Matcher], str]:
    """The matchers at the beginning of a text, and what follows them. Raises `Invalid`."""
    found: list[Matcher] = []
    at = 0
    while match := _WRITTEN.match(text, at):
        name, op, quoted, bare = match.groups()
        value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else bare
        found.append(Matcher(name, op, value))
        at = match.end()
        if len(found) > MOST:
            raise Invalid(f"More than {MOST} matchers.", hint="Use a pattern: alertname=~a|b|c.")
    return found, text[at:].strip()


def parse(text: str) -> Matcher:
    """The one matcher that a text is. Raises `Invalid` for anything else."""
    found, rest = read(text)
    if len(found) != 1 or rest:
        raise Invalid(f"“{text}” is no matcher.", hint='Write it as model=churn or alertname=~"drift.*".')
    return found[0]


def dump(matchers: Sequence[Matcher]) -> list[dict[str, str]]:
    """As JSON."""
    return [{"name": one.name, "op": one.op, "value": one.value} for one in matchers]


def load(rows: Sequence[Mapping[str, str]]) -> tuple[Matcher, ...]:
    """The inverse of `dump`."""
    return tuple(Matcher(row["name"], row["op"], row["value"]) for row in rows)


def one_of(name: str, values: Sequence[str]) -> Matcher:
    """The matcher that takes these values, at least one, of a label."""
    if len(values) == 1:
        return Matcher(name, "=", values[0])
    return Matcher(name, "=~", "|".join(map(re.escape, values)))


def exactly(labels: Mapping[str, str]) -> list[Matcher]:
    """Matchers that take alerts with these labels."""
    return [Matcher(name, "=", value) for name, value in sorted(labels.items())]
