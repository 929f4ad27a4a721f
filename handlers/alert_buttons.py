"""The buttons of an alert's card, the form behind Silence, and the shortcut on any message."""

from __future__ import annotations

from handlers import parse, times
from handlers.door import Reply, Request
from handlers.toolbox import Toolbox


class AlertButtons:
    """Each button carries the number of its alert."""

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools

    def acknowledge(self, request: Request, _reply: Reply) -> None:
        """Somebody has seen it; the card shows who."""
        self.tools.alerts.acknowledge(parse.number(request.value), by=request.actor)

    def silence(self, request: Request, reply: Reply) -> None:
        """Ask for how long, and why."""
        number = parse.number(request.value)
        alert, scope = self.tools.alert_board.alert(number), self.tools.alerts.scope(number)
        reply.open("alert_silence", alert=alert, scope=scope, initial_until=None)

    def silence_form(self, request: Request, reply: Reply) -> None:
        """Silence the alert."""
        number, fields = parse.number(request.value), request.fields
        now, zone = self.tools.clock.now(), self.tools.zone_of(request.actor)
        until = times.silence_end(fields.get("duration") or "", fields.get("until"), now, zone)
        reason = fields.get("reason") or ""
        self.tools.alerts.silence(number, until, by=request.actor, reason=reason, once=request.once)

    def declare(self, request: Request, reply: Reply) -> None:
        """Open the form for an incident, filled with what the alert knows."""
        number = parse.number(request.value)
        self.tools.incidents.must_be_undeclared(number)
        reply.open("incident_declare", **self.tools.board.declaration(number))

    def evidence(self, request: Request, reply: Reply) -> None:
        """Our own finding in full, in the thread of the card; somebody else's words to the person alone."""
        number = parse.number(request.value)
        evidence = self.tools.alert_board.evidence(number)
        if evidence["is_ours"]:
            thread = f"alert:{number}"
            self.tools.explanations.post(evidence["ref"], request.channel, request.actor, thread_of=thread)
        else:
            reply.say("alert_evidence", evidence=evidence)

    def declare_from_message(self, request: Request, reply: Reply) -> None:
        """The shortcut on a message: an alert's card knows its alert, any other message its words."""
        number = self.tools.alert_board.said_in(request.channel, request.ts)
        if number is not None:
            self.tools.incidents.must_be_undeclared(number)
        reply.open("incident_declare", **self.tools.board.declaration_of(number, request.text))
