"""`/ops`: the summary, the checks, the alerts, the outbox and the audit log."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.alert_commands import AlertCommands
from handlers.command import Verb
from handlers.door import Reply, Request
from handlers.toolbox import Toolbox


class OpsCommands:
    """What concerns no single incident."""

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools
        self.alerts = AlertCommands(tools)

    def verbs(self) -> Mapping[str, Verb]:
        """What may follow `/ops`."""
        return {
            "summary": self.summary,
            "checks": self.checks,
            "run": self.run,
            "explain": self.explain,
            "review": self.review,
            **self.alerts.verbs(),
            "audit": self.audit,
            "doctor": self.doctor,
            "resend": self.resend,
            "help": self.help,
        }

    def summary(self, request: Request, _reply: Reply, _rest: str) -> None:
        """Post the summary here."""
        self.tools.summaries.post(by=request.actor, room=request.channel)

    def checks(self, _request: Request, reply: Reply, rest: str) -> None:
        """What each check last said."""
        reply.say("checks_list", checks=self.tools.board.checks(rest or None))

    def run(self, request: Request, reply: Reply, rest: str) -> None:
        """Look at a model now, with one check or all."""
        findings = self.tools.runs.run(rest, room=request.channel, by=request.actor)
        reply.say("checks_list", checks=self.tools.board.checks(findings[0].model if findings else None))

    def review(self, request: Request, _reply: Reply, rest: str) -> None:
        """Post the weekly review or the monthly audit here."""
        self.tools.reviews.post(rest, room=request.channel, by=request.actor)

    def explain(self, request: Request, _reply: Reply, rest: str) -> None:
        """Post what a finding rests on."""
        self.tools.explanations.post(rest, room=request.channel, by=request.actor)

    def audit(self, _request: Request, reply: Reply, _rest: str) -> None:
        """The last entries of the audit log."""
        reply.say("audit_list", **self.tools.board.audit())

    def doctor(self, _request: Request, reply: Reply, _rest: str) -> None:
        """What waits to be said, and what Slack would not take."""
        self._health(reply, None)

    def resend(self, request: Request, reply: Reply, rest: str) -> None:
        """Send a dead letter again, or all: `/ops resend 17`."""
        self._health(reply, self.tools.letters.resend(rest, by=request.actor))

    def _health(self, reply: Reply, resent: int | None) -> None:
        health, gaps = self.tools.letters.health(), list(self.tools.pages.gaps)
        reply.say("outbox_health", health=health, gaps=gaps, resent=resent)

    def help(self, _request: Request, reply: Reply, _rest: str) -> None:
        """What may follow `/ops`."""
        reply.say("help_ops")
