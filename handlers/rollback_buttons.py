"""The buttons of a rollback: ask for it, agree, refuse, undo."""

from __future__ import annotations

from handlers import parse
from handlers.door import Reply, Request
from handlers.toolbox import Toolbox
from ops_core.remediation.rollbacks import Ask


class RollbackButtons:
    """`request` carries the number of an incident, the others that of a rollback."""

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools

    def request(self, request: Request, _reply: Reply) -> None:
        """Show what returning to the last good version would do."""
        number = parse.number(request.value)
        ask = Ask(model=None, room=f"incident:{number}", incident_id=number)
        self.tools.rollbacks.propose(ask, by=request.actor)

    def approve(self, request: Request, _reply: Reply) -> None:
        """Agree and start it."""
        self.tools.rollbacks.approve(parse.number(request.value), by=request.actor)

    def reject(self, request: Request, _reply: Reply) -> None:
        """Say no."""
        self.tools.rollbacks.reject(parse.number(request.value), by=request.actor)

    def undo(self, request: Request, _reply: Reply) -> None:
        """Return to the version from before."""
        self.tools.rollbacks.undo(parse.number(request.value), by=request.actor)
