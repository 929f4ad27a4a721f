"""Message text as Slack keeps it: control characters escaped, mentions typed by people turned into ids."""

import json
import re

from bot.workspace.state import Json, Store

# What may stand between angle brackets: a mention, a channel, a special word or a link.
_BRACKETED = re.compile(r"<(?:[@#!][^<>\n]+|(?:https?|mailto|tel|slack)[^<>\n]*)>")
_BARE_AMPERSAND = re.compile(r"&(?!amp;|lt;|gt;)")
_MENTION = re.compile(r"<[@!](U\w+|channel|here|everyone)[|>]")
_TYPED_MENTION = re.compile(r"(?<![\w<@])@([a-z0-9][a-z0-9._-]*)")
_TYPED_CHANNEL = re.compile(r"(?<![\w<#&/])#([a-z0-9][a-z0-9_-]*)")


def escaped(text: str) -> str:
    """Text with what is not markup escaped; text that is escaped already stays as it is."""
    parts, end = [], 0
    for match in _BRACKETED.finditer(text):
        parts += [_escape(text[end : match.start()]), match.group()]
        end = match.end()
    return "".join([*parts, _escape(text[end:])])


def typed(store: Store, text: str) -> str:
    """What a person typed, as it is stored: `@ben` and `#ml-ops` become ids."""
    return _link(store, escaped(text), with_names=False)


def command_text(store: Store, text: str, *, should_escape: bool) -> str:
    """A slash command's text: as typed, or with mentions as `<@U1|ben>` if the manifest asks for it."""
    return _link(store, text, with_names=True) if should_escape else text


def called_in(message: Json) -> frozenset[str]:
    """Whom a message mentions, by id; `channel`, `here` or `everyone` when it calls all of them."""
    words = f"{message.get('text', '')}{json.dumps(message['blocks']) if 'blocks' in message else ''}"
    return frozenset(_MENTION.findall(words))


def _escape(text: str) -> str:
    return _BARE_AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")


def _link(store: Store, text: str, *, with_names: bool) -> str:
    def person(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in ("here", "channel", "everyone"):
            return f"<!{name}>"
        for group in store.groups:
            if group.handle == name:
                return f"<!subteam^{group.id}|@{name}>" if with_names else f"<!subteam^{group.id}>"
        found = store.person(name)
        if found is None or found.name != name:
            return match.group()
        return f"<@{found.id}|{name}>" if with_names else f"<@{found.id}>"

    def channel(match: re.Match[str]) -> str:
        found = store.named(match.group(1))
        return f"<#{found.id}|{found.name}>" if found is not None and found.is_public else match.group()

    return _TYPED_CHANNEL.sub(channel, _TYPED_MENTION.sub(person, text))
