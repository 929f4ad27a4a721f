"""The buttons about who is on call: on an alert's card, and on the message that pages somebody."""

from __future__ import annotations

from handlers import parse
from handlers.door import Reply, Request
from handlers.toolbox import Toolbox


class OnCallButtons:
    """One tells who is on call, the other that one has it."""

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools

    def who(self, request: Request, reply: Reply) -> None:
        """Who is on call for the alert's model."""
        reply.say("oncall_now", duties=self.tools.duties.for_alert(parse.number(request.value)))

    def acknowledge(self, request: Request, _reply: Reply) -> None:
        """I have it; the message shows who does."""
        self.tools.pages.acknowledge(parse.number(request.value), by=request.actor)
