"""`/incident`: declare, look, update, resolve, write up, close."""

from __future__ import annotations

from collections.abc import Mapping

from handlers import parse
from handlers.command import Verb
from handlers.door import Reply, Request
from handlers.toolbox import Toolbox
from ops_core.severity import Severity


class IncidentCommands:
    """Each verb says what it does; without a number the channel tells which incident is meant."""

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools

    def verbs(self) -> Mapping[str, Verb]:
        """What may follow `/incident`."""
        return {
            "declare": self.declare,
            "status": self.status,
            "list": self.list,
            "take": self.take,
            "severity": self.severity,
            "update": self.update,
            "contain": self.contain,
            "resolve": self.resolve,
            "postmortem": self.postmortem,
            "close": self.close,
            "help": self.help,
        }

    def declare(self, _request: Request, reply: Reply, rest: str) -> None:
        """Open the form, with the title if one was typed."""
        values = self.tools.board.declaration(None)
        reply.open("incident_declare", **values | {"title": rest[:120]})

    def status(self, request: Request, reply: Reply, rest: str) -> None:
        """Where an incident stands."""
        number = self._number(request, rest)
        reply.say("incident_status", incident=self.tools.board.incident(number))

    def list(self, _request: Request, reply: Reply, _rest: str) -> None:
        """Those that are open."""
        reply.say("incident_list", incidents=self.tools.board.incidents())

    def take(self, request: Request, _reply: Reply, rest: str) -> None:
        """Take command."""
        self.tools.incidents.take_command(self._number(request, rest), by=request.actor)

    def severity(self, request: Request, _reply: Reply, rest: str) -> None:
        """Change the severity."""
        named, word = parse.leading_number(rest) if " " in rest else ("", rest)
        number = self._number(request, named)
        self.tools.incidents.set_severity(number, Severity.parse(word), by=request.actor)

    def update(self, request: Request, reply: Reply, rest: str) -> None:
        """Tell everybody where it stands; without words the form asks for them."""
        named, words = parse.leading_ref(rest)
        number = self._number(request, named)
        if words:
            self.tools.incidents.update(number, words, by=request.actor)
        else:
            reply.open("incident_update", incident=self.tools.board.incident(number), status="")

    def contain(self, request: Request, _reply: Reply, rest: str) -> None:
        """The damage has stopped; the cause may still be there."""
        named, how = parse.leading_ref(rest)
        self.tools.incidents.say_contained(self._number(request, named), how, by=request.actor)

    def resolve(self, request: Request, reply: Reply, rest: str) -> None:
        """Ask what caused and what fixed it."""
        named, fix = parse.leading_number(rest)
        number = self._number(request, named)
        self.tools.incidents.must_be_unresolved(number)
        incident = self.tools.board.incident(number)
        reply.open("incident_resolve", incident=incident, root_cause="", fix=fix)

    def postmortem(self, request: Request, _reply: Reply, rest: str) -> None:
        """Write the account and put it into the channel."""
        self.tools.incidents.write_postmortem(self._number(request, rest), by=request.actor)

    def close(self, request: Request, _reply: Reply, rest: str) -> None:
        """Nothing is left to do."""
        self.tools.incidents.close(self._number(request, rest), by=request.actor)

    def help(self, _request: Request, reply: Reply, _rest: str) -> None:
        """What may follow `/incident`."""
        reply.say("help_incident")

    def _number(self, request: Request, named: str) -> int:
        return self.tools.board.the_incident(named, request.channel)
