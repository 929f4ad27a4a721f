"""The Home tab: what needs me, then what is going on."""

from __future__ import annotations

from handlers.door import Reply, Request
from handlers.toolbox import Toolbox


class Home:
    """Published afresh each time that somebody looks."""

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools

    def show(self, request: Request, reply: Reply) -> None:
        """Publish the person's Home tab."""
        view = reply.words.view("home", **self.tools.board.home(request.actor))
        reply.client.views_publish(user_id=request.actor, view=view)

    def summary(self, request: Request, _reply: Reply) -> None:
        """Send the summary to the person alone."""
        self.tools.summaries.post(by=request.actor, room=f"@{request.actor}")
