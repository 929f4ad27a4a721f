"""What nobody listens to."""

from __future__ import annotations

from handlers.door import Reply, Request
from ops_core.errors import NotFound


def unknown(_request: Request, reply: Reply) -> None:
    """An old button or a command that this version does not know."""
    reply.fail(
        NotFound(
            "This version of Tocsin does not know that button, form or command.",
            hint="`/incident help`, `/model help` and `/ops help` tell what there is.",
        )
    )
