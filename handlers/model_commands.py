"""`/model`: what serves, which versions there are, and back to the last good one."""

from __future__ import annotations

from collections.abc import Mapping

from handlers import parse
from handlers.command import Verb
from handlers.door import Reply, Request
from handlers.toolbox import Toolbox
from ops_core.remediation.rollbacks import Ask


class ModelCommands:
    """Without a name the only model under watch is meant, or that of the channel's incident."""

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools

    def verbs(self) -> Mapping[str, Verb]:
        """What may follow `/model`."""
        return {
            "status": self.status,
            "versions": self.versions,
            "rollback": self.rollback,
            "help": self.help,
        }

    def status(self, _request: Request, reply: Reply, rest: str) -> None:
        """What serves, how it feels, and how well it does."""
        reply.say("model_status", model=self.tools.board.model(rest or None))

    def versions(self, _request: Request, reply: Reply, rest: str) -> None:
        """All versions in the registry."""
        reply.say("model_versions", **self.tools.board.versions(rest or None))

    def rollback(self, request: Request, _reply: Reply, rest: str) -> None:
        """Show what a rollback would do; in an incident's channel it belongs to the incident."""
        words = parse.rollback(rest)
        number = self.tools.board.incident_in(request.channel)
        room = request.channel if number is None else f"incident:{number}"
        ask = Ask(words.model, room, words.version, number, words.reason)
        self.tools.rollbacks.propose(ask, by=request.actor)

    def help(self, _request: Request, reply: Reply, _rest: str) -> None:
        """What may follow `/model`."""
        reply.say("help_model")
