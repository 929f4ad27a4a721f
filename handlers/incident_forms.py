"""The forms of incidents: what they ask for becomes one call."""

from __future__ import annotations

from handlers import parse
from handlers.door import Reply, Request
from handlers.toolbox import Toolbox
from ops_core.incidents.declaration import Declaration
from ops_core.incidents.kinds import IncidentType
from ops_core.severity import Severity


class IncidentForms:
    """A wrong value raises `Invalid` with the name of its field."""

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools

    def declare(self, request: Request, _reply: Reply) -> None:
        """Open the incident; its channel invites the person, so there is nothing else to say."""
        fields = request.fields
        declaration = Declaration(
            title=fields.get("title") or "",
            severity=Severity.parse(fields.get("severity") or ""),
            type=IncidentType.parse(fields.get("type") or ""),
            model=fields.get("model"),
            impact=fields.get("impact") or "",
            alert_group_id=parse.alert_id(request.value),
        )
        self.tools.incidents.declare(declaration, by=request.actor, once=request.once)

    def update(self, request: Request, _reply: Reply) -> None:
        """Tell everybody where it stands."""
        text = request.fields.get("status") or ""
        self.tools.incidents.update(parse.number(request.value), text, by=request.actor, once=request.once)

    def resolve(self, request: Request, _reply: Reply) -> None:
        """It is over."""
        self.tools.incidents.resolve(
            parse.number(request.value),
            by=request.actor,
            root_cause=request.fields.get("root_cause") or "",
            resolution=request.fields.get("fix") or "",
            once=request.once,
        )
