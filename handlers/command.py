"""A slash command: its first word says what to do."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping

from handlers.door import Reply, Request

Verb = Callable[[Request, Reply, str], None]
"""Takes what follows the verb."""


class Command:
    """Finds the verb; an unknown one is answered with the nearest that there is."""

    def __init__(self, name: str, verbs: Mapping[str, Verb]) -> None:
        self.name = name
        self.verbs = verbs

    def __call__(self, request: Request, reply: Reply) -> None:
        """Run the verb, or help."""
        word, rest = [*request.text.split(None, 1), "", ""][:2]
        verb = self.verbs.get(word.lower() or "help")
        if verb is not None:
            verb(request, reply, rest.strip())
            return
        near = difflib.get_close_matches(word.lower(), self.verbs, n=1)
        reply.say(
            "unknown_command",
            command=self.name,
            given=word,
            suggestion=near[0] if near else None,
            known=sorted(self.verbs),
        )
