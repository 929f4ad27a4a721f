"""The buttons of an incident's card."""

from __future__ import annotations

from handlers import parse
from handlers.door import Reply, Request
from handlers.toolbox import Toolbox


class IncidentButtons:
    """Each button carries the number of its incident."""

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools

    def declare(self, _request: Request, reply: Reply) -> None:
        """Open the form, from the Home tab."""
        reply.open("incident_declare", **self.tools.board.declaration(None))

    def take_command(self, request: Request, _reply: Reply) -> None:
        """Become the one who decides, unless somebody was faster."""
        self.tools.incidents.take_command(parse.number(request.value), by=request.actor, only_vacant=True)

    def update(self, request: Request, reply: Reply) -> None:
        """Ask where it stands."""
        incident = self.tools.board.incident(parse.number(request.value))
        reply.open("incident_update", incident=incident, status="")

    def resolve(self, request: Request, reply: Reply) -> None:
        """Ask what caused and what fixed it."""
        number = parse.number(request.value)
        self.tools.incidents.must_be_unresolved(number)
        reply.open("incident_resolve", incident=self.tools.board.incident(number), root_cause="", fix="")

    def postmortem(self, request: Request, _reply: Reply) -> None:
        """Write the account and put it into the channel."""
        self.tools.incidents.write_postmortem(parse.number(request.value), by=request.actor)

    def close(self, request: Request, _reply: Reply) -> None:
        """Nothing is left to do."""
        self.tools.incidents.close(parse.number(request.value), by=request.actor)
