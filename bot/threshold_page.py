"""A runbook's page: thresholds among prose. What was read and what was not is told."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from ops_core.checks.finding import Verdict
from ops_core.checks.threshold import (
    Threshold,
    flags_in,
    headed,
    is_heading,
    line_of,
    paired,
    parse,
    plain_of,
    repaired,
    row,
)
from ops_core.checks.wording import many
from ops_core.errors import Invalid

_FENCE = re.compile(r"^\s*(```+|~~~+)\s*(?P<language>\w*)")
_TITLE = re.compile(r"^#{1,6}\s", re.MULTILINE)
_ITEM = re.compile(r"^\s*(?:[-*•]|\d+\.)\s+")
_DEMANDED = re.compile(r":\s*(warning|critical)\s*$", re.IGNORECASE)
"""Who writes down how grave something is means a threshold: that is never passed over."""
_ABOUT = re.compile(r"\b(alerts?|thresholds?|triggers?|monitor(?:ing)?|warnings?|slos?)\b", re.IGNORECASE)
"""Titles beneath which a line that only names something is about what is to be looked at."""
_COMPARES = re.compile(r"(?<![-=])[<>≤≥]=?\s*\d")
_NAMED = re.compile(r"threshold|limit|alert", re.IGNORECASE)
SHOWN = 70


@dataclass
class Page:
    """The thresholds of a page, the lines in which they stand, and those that are none, with their words."""

    where: str
    thresholds: list[Threshold] = field(default_factory=list)
    read: list[int] = field(default_factory=list)
    unread: list[tuple[int, str]] = field(default_factory=list)

    def told(self) -> str:
        """What was read and what was not, in a sentence."""
        said = f"{self.where}: {many(len(self.thresholds), 'threshold')} read, of {_ranges(self.read)}"
        if not self.unread:
            return said
        words = self.unread[0][1]
        rest = f"passed over, though they compare something: {_ranges([at for at, _ in self.unread])}"
        return f"{said}; {rest}, the first “{' '.join(words.split())[:SHOWN]}”"

    def take(self, number: int, found: list[Threshold]) -> None:
        """What stands in a line."""
        self.thresholds += found
        self.read += [number] if found else []


def _ranges(lines: list[int]) -> str:
    """Lines as people write them: "lines 3, 44–47"."""
    runs: list[list[int]] = []
    for line in sorted(set(lines)):
        if runs and line == runs[-1][-1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    told = ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
    return f"line {told}" if len(set(lines)) == 1 else f"lines {told}"


def is_page(text: str) -> bool:
    """Whether a text is a page of Markdown, with titles or blocks, rather than thresholds alone."""
    return bool(_TITLE.search(text)) or any(_FENCE.match(line) for line in text.splitlines())


def page(text: str, where: str) -> Page:
    """The thresholds of a page: of its blocks, lists and tables.

    Prose is passed over, and so are blocks and lines that say something else; those are `unread`. Raises
    `Invalid` with the place for what is surely meant as a threshold and is none: a line that ends with a
    severity, a block of YAML that is named so; and for a page without any.
    """
    found, title, verdict = Page(where), "", Verdict.WARNING
    for number, language, content in _parts(repaired(text)):
        if language is not None:
            _block(found, number, language, content)
            continue
        plain = plain_of(content)
        if is_heading(content, plain):
            title, verdict = (plain, headed(plain, Verdict.WARNING)) if plain else (title, verdict)
        else:
            _outside(found, number, content, title, verdict)
    if not found.thresholds:
        raise Invalid(f"{where}: there is no threshold on this page.", hint="README, “Checks”, shows some.")
    return found


def _parts(text: str) -> Iterator[tuple[int, str | None, str]]:
    """Lines, and blocks with their language; each with the number of its (first) line."""
    block: list[str] = []
    begun, mark, language = 0, "", ""
    for number, line in enumerate(text.splitlines(), 1):
        fence = _FENCE.match(line)
        if mark and line.strip() == mark:
            yield begun, language, textwrap.dedent("\n".join(block))
            mark, block = "", []
        elif mark:
            block.append(line)
        elif fence:
            begun, mark, language = number + 1, fence[1], fence["language"].lower()
        else:
            yield number, None, line
    if mark:
        yield begun, language, textwrap.dedent("\n".join(block))


def _block(found: Page, number: int, language: str, content: str) -> None:
    here = f"{found.where}, block in line {number}"
    flags = flags_in(content)
    if flags:
        found.take(number, list(paired(flags["metrics"], flags["thresholds"], here)))
        return
    if language in ("yaml", "yml", ""):
        held = _yaml(content)
        meant = isinstance(held, dict) and any(_NAMED.search(str(name)) for name in held)
        try:
            found.take(number, parse(held, here))
            return
        except Invalid:
            if meant:
                raise


def _yaml(content: str) -> Any:
    try:
        return yaml.safe_load(content)
    except yaml.YAMLError:
        return None


def _outside(found: Page, number: int, content: str, title: str, verdict: Verdict) -> None:
    """A line of a list or a table, or one that says how grave it is; all else is prose."""
    plain, here = plain_of(content), f"{found.where}, line {number}"
    is_row, demanded = content.lstrip().startswith("|"), _DEMANDED.search(plain)
    if not (is_row or demanded or _ITEM.match(content)):
        return
    try:
        told = list(row(plain, here) if is_row else line_of(plain, here, verdict))
    except Invalid:
        if demanded:
            raise
        found.unread += [(number, plain)] if _COMPARES.search(plain) else []
        return
    is_about = demanded or _ABOUT.search(title)  # else a name alone is none that is to be watched
    found.take(number, [each for each in told if is_about or each.meaning != "state"])
