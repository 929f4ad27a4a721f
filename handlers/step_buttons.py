"""The buttons of a playbook's checklist."""

from __future__ import annotations

from handlers import parse
from handlers.door import Reply, Request
from handlers.toolbox import Toolbox
from ops_core.incidents.playbook import StepKind
from ops_core.remediation.rollbacks import Ask


class StepButtons:
    """Each button carries the number of its step."""

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools

    def tick(self, request: Request, _reply: Reply) -> None:
        """A person did it."""
        self.tools.steps.tick(parse.number(request.value), by=request.actor)

    def run(self, request: Request, _reply: Reply) -> None:
        """Run a diagnostic, or prepare the action that the step names."""
        step = self.tools.steps.get(parse.number(request.value))
        if step.kind is StepKind.ACTION:
            room = f"incident:{step.incident_id}"
            ask = Ask(model=None, room=room, incident_id=step.incident_id)
            self.tools.rollbacks.propose(ask, by=request.actor)
        else:
            self.tools.steps.start(step.number, by=request.actor)
