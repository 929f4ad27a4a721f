"""Foreign text made inert for Slack's mrkdwn, without harming what people copy from it.

Slack's control sequences (`<!channel>`, `<@U1>`, `<url|text>`) need `<`, `>` and `&`, which are escaped; with
`verbatim` set on every text object, bare names and addresses are left alone too. The formatting marks
`*`, `_` and `~` only work at the edge of a word, so only there they are replaced by a sign that looks the
same; `mean_radius` and `2 * 3` keep theirs and can be copied. A backtick is always replaced, because it could
swallow the words after it, and a `>` that begins a line, because it would make it a quote.
"""

import re
from urllib.parse import quote, urlsplit

LOOKALIKES = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"}
LINK_SCHEMES = frozenset({"http", "https", "mailto", "slack"})
PICTURE_SCHEMES = frozenset({"http", "https"})

_MARK = re.compile(r"[*_~]")
_QUOTE = re.compile(r"^(\s*)(?:&gt;)+", re.MULTILINE)
_URL_KEPT = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '<>|"`\\^{}')


def entities(text: str) -> str:
    """Slack's three escapes, `&` first."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def words(text: str) -> str:
    """Text for mrkdwn in which nothing links, mentions or formats."""
    return entities(_MARK.sub(_unmarked, text).replace("`", LOOKALIKES["`"]))


def unquoted(lines: str) -> str:
    """Finished mrkdwn in which no line begins with the sign of a quote."""
    return _QUOTE.sub(lambda match: match[1] + "›", lines)


def code(text: str) -> str:
    """Text for between backticks, where nothing but a backtick has a meaning."""
    return entities(text.replace("`", LOOKALIKES["`"]))


def link(address: str, schemes: frozenset[str] = LINK_SCHEMES) -> str | None:
    """An address that may be followed, percent-encoded; None when its scheme or shape is not allowed."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    if parts.scheme.lower() not in schemes or len(address) > 2900:
        return None
    if parts.scheme.lower() in PICTURE_SCHEMES and not parts.netloc:
        return None
    safe = quote(address.strip(), safe=_URL_KEPT)
    return safe if len(safe) <= 3000 else None


def _unmarked(match: re.Match[str]) -> str:
    text, at = match.string, match.start()
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    inside_word = before.isalnum() and after.isalnum()
    between_spaces = before.isspace() and after.isspace()
    return match[0] if inside_word or between_spaces else LOOKALIKES[match[0]]
