"""Values inside Markdown documents, and Markdown as a page that can be read and printed."""

import re
from typing import Any

from markupsafe import Markup

from bot.rendering.values import NEWLINE, printed

_SPECIAL = re.compile(r"[\\`*\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])")
_ITEM = re.compile(r"^([#+=-])(?=[#+=-]*(?:\s|$))")
_NUMBERED = re.compile(r"^(\d+)([.)])(?=\s|$)")
_CALL = re.compile(r"(?<!\w)@(?=\w)")  # would call people where the document is pasted
_ENTITY = re.compile(r"&(?=#?\w+;)")


def escaped(value: Any) -> Markup:
    """A value as one line of Markdown text in which nothing formats, links, or breaks a table."""
    if isinstance(value, Markup):
        return value
    return Markup(_escaped(printed(value).replace(NEWLINE, " ")))  # noqa: S704 - escaped just there


def paragraphs(value: Any) -> Markup:
    """A value of several lines as several paragraphs."""
    lines = [line.strip() for line in printed(value).split(NEWLINE)]
    return Markup("\n\n").join(escaped(line) for line in lines if line)


def code(value: Any) -> Markup:
    """A value between backticks."""
    text = " ".join(printed(value).replace(NEWLINE, " ").split()) or "–"
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence, room = "`" * (longest + 1), " " if longest else ""
    return Markup(f"{fence}{room}{text}{room}{fence}".replace("|", "\\|"))  # noqa: S704 - inert in a code span


def page_body(markdown: str) -> Markup:
    """The HTML of a document; raw HTML in it stays text."""
    from markdown_it import MarkdownIt  # heavy: 0.07 s, and only post-mortems need it

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    return Markup(parser.render(markdown))  # noqa: S704 - markdown-it escapes, html is off


def title(markdown: str) -> str:
    """The first heading of a document, as plain text."""
    heading = re.search(r"^#\s+(.+)$", markdown, re.MULTILINE)
    return re.sub(r"\\([^\w\s])", r"\1", heading[1]) if heading else "Document"


def _escaped(line: str) -> str:
    text = _SPECIAL.sub(r"\\\g<0>", " ".join(line.split()))
    text = _CALL.sub("\uff20", _ENTITY.sub("&amp;", text))
    return _NUMBERED.sub(r"\1\\\2", _ITEM.sub(r"\\\1", text))
