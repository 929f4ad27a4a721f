"""Words with bold, code, links, people and times as mrkdwn, shortened visibly when they are too long."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, groupby

from bot.rendering import escape
from bot.rendering.tree import Node
from bot.rendering.values import NEWLINE, instant

_MARKS = {"b": "*", "i": "_", "s": "~", "code": "`"}
_TIMES = {
    "time": "{time}", "date": "{date_short_pretty}", "short": "{date_short_pretty} {time}", "ago": "{ago}",
}  # fmt: skip
_LAYOUT = re.compile(r"[ \t\r\n]+")
_PERSON = re.compile(r"[UW][A-Z0-9]{1,20}")
_ROOM = re.compile(r"[CGD][A-Z0-9]{1,20}")
_EMOJI = re.compile(r"[a-z0-9_+'-]{1,100}")
_TOKENS = {
    "user": ("id", _PERSON, "<@{}>"), "channel": ("id", _ROOM, "<#{}>"), "emoji": ("name", _EMOJI, ":{}:"),
}  # fmt: skip
_UNIT = re.compile(r"\S{1,40}\s*|\s+")


@dataclass(frozen=True)
class Run:
    """A stretch of words in one style, or a `token`: finished mrkdwn that is kept whole or left out."""

    text: str
    styles: tuple[str, ...] = ()
    token: bool = False


def mrkdwn(node: Node, limit: int, skip: tuple[str, ...] = ()) -> str:
    """The words of an element, at most `limit` characters long; `skip` names children that are not words."""
    return fit(list(_runs(node, (), skip)), limit)


def plain(text: str, limit: int) -> str:
    """Text for places where Slack shows no formatting: one line, shortened visibly."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    note = _note(len(line)) if limit >= 150 else "…"
    kept = line[: limit - len(note)]
    if " " in kept[-40:]:
        kept = kept.rsplit(" ", 1)[0]
    return kept + (_note(len(line) - len(kept)) if limit >= 150 else note)


def fit(runs: list[Run], limit: int) -> str:
    """Runs as mrkdwn, cut between words when too long, never inside an entity, a mention or a link."""
    whole = _rendered(runs)
    if len(whole) <= limit:
        return whole
    runs = [run for run in runs if run.text or run.token]
    begins = list(accumulate((len(run.text) for run in runs), initial=0))
    ends = [(at, end) for at, run in enumerate(runs) for end in _ends(run)]

    def cut(count: int) -> str:
        at, end = ends[count - 1] if count else (0, 0)
        last = [replace(runs[at], text=runs[at].text[:end])] if count else []
        return _rendered([*runs[:at], *last, Run(_note(begins[-1] - begins[at] - end))])

    count = bisect_right(range(len(ends)), limit, key=lambda count: len(cut(count))) - 1
    while count > 0 and len(cut(count)) > limit:
        count -= 1
    return cut(max(count, 0))


def _note(left_out: int) -> str:
    return f"… (shortened, {left_out} more characters)"


def _ends(run: Run) -> list[int]:
    """Where a run may be cut."""
    return [len(run.text)] if run.token else [unit.end() for unit in _UNIT.finditer(run.text)]


def _runs(node: Node, styles: tuple[str, ...], skip: tuple[str, ...] = ()) -> Iterator[Run]:
    for child in node.children:
        if isinstance(child, str):
            yield Run(_worded(child, styles), styles)
        elif child.tag not in skip:
            yield from _element(child, styles)


def _element(node: Node, styles: tuple[str, ...]) -> Iterator[Run]:
    match node.tag:
        case "br":
            yield Run("\n", styles)
        case "b" | "i" | "s" | "code":
            yield from _runs(node, (*styles, node.tag))
        case "quote" | "pre":
            if styles:
                raise node.fault("may not stand inside another element of text")
            yield from _runs(node, (node.tag,))
        case _:
            yield _token(node, styles)


def _worded(text: str, styles: tuple[str, ...]) -> str:
    if "pre" in styles:
        return text.replace(NEWLINE, "\n").strip("\n")
    return _LAYOUT.sub(" ", text).replace(NEWLINE, " " if "code" in styles else "\n")


def _token(node: Node, styles: tuple[str, ...]) -> Run:
    if node.tag == "link":
        return _link(node, styles)
    if node.tag == "time":
        return Run(_time(node), styles, token=True)
    key, shape, form = _TOKENS[node.tag]
    given = node.get(key)
    if shape.fullmatch(given):
        return Run(form.format(given), styles, token=True)
    return Run(given.replace(NEWLINE, " "), styles)


def _link(node: Node, styles: tuple[str, ...]) -> Run:
    label = plain(node.text(), 300)
    address = escape.link(node.get("href"))
    if address is None:
        return Run(label, styles)
    shown = escape.words(label or address).replace("|", "¦")
    return Run(f"<{escape.entities(address)}|{shown}>", styles, token=True)


def _time(node: Node) -> str:
    given, form = node.get("at"), node.get("format", "short")
    if form not in _TIMES:
        raise node.fault(f"does not know the format {form}; allowed: {', '.join(_TIMES)}")
    try:
        moment = instant(given)
    except ValueError as error:
        raise node.fault(f"needs an ISO time with a zone in at, not “{given[:40]}”") from error
    fallback = moment.strftime("%Y-%m-%d UTC" if form == "date" else "%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(moment.timestamp())}^{_TIMES[form]}|{fallback}>"


def _rendered(runs: Iterable[Run]) -> str:
    parts = []
    for block, group in groupby(runs, key=lambda run: _block(run.styles)):
        text = _block_text(block, list(group))
        if text:
            parts.append(text)
    return "\n".join(parts)


def _block(styles: tuple[str, ...]) -> str:
    return styles[0] if styles and styles[0] in {"quote", "pre"} else ""


def _block_text(block: str, runs: list[Run]) -> str:
    if block == "pre":
        text = escape.code("".join(run.text for run in runs)).rstrip()
        return f"```\n{text}\n```" if text else ""
    lines = "".join(_styled(styles, group) for styles, group in groupby(runs, key=lambda run: run.styles))
    tidy = re.sub(r" *\n *", "\n", re.sub(r"  +", " ", lines)).strip()
    tidy = escape.unquoted(re.sub(r"\n{3,}", "\n\n", tidy))
    return "\n".join(f"> {line}" for line in tidy.split("\n")) if block == "quote" and tidy else tidy


def _styled(styles: tuple[str, ...], group: Iterable[Run]) -> str:
    marks = [_MARKS[style] for style in dict.fromkeys(styles) if style in _MARKS]
    escaped = escape.code if "code" in styles else escape.words
    text = "".join(
        "".join(run.text for run in same) if token else escaped("".join(run.text for run in same))
        for token, same in groupby(group, key=lambda run: run.token)
    )
    opening, closing = "".join(marks), "".join(reversed(marks))
    return "\n".join(_wrapped(line, opening, closing) for line in text.split("\n"))


def _wrapped(line: str, opening: str, closing: str) -> str:
    words = line.strip()
    if not words or not opening:
        return line
    before, _, after = line.partition(words)
    return f"{before}{opening}{words}{closing}{after}"
