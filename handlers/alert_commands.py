"""`/ops alerts`, `ack` and `silence`: what fires, why it was told or not, and who does not want to know."""

from __future__ import annotations

from collections.abc import Mapping

from handlers import parse, silence_words
from handlers.command import Verb
from handlers.door import Reply, Request
from handlers.toolbox import Toolbox
from ops_core.alerts.silences import TooWide


class AlertCommands:
    """People name an alert A-3 and a silence S-2."""

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools

    def verbs(self) -> Mapping[str, Verb]:
        """What may follow `/ops`."""
        return {"alerts": self.alerts, "ack": self.ack, "silence": self.silence}

    def alerts(self, _request: Request, reply: Reply, rest: str) -> None:
        """What fires; `why A-3` says what was told of one, and what not."""
        word, _, named = rest.partition(" ")
        if word.lower() == "why":
            number = self.tools.alert_board.the_alert(named.strip())
            reply.say("alert_why", why=self.tools.alert_board.why(number))
        else:
            reply.say("alerts_list", **self.tools.alert_board.alerts())

    def ack(self, request: Request, reply: Reply, rest: str) -> None:
        """Acknowledge an alert, or several, and show what still fires."""
        named = rest.replace(",", " ").split() or [""]
        numbers = [self.tools.alert_board.the_alert(one) for one in dict.fromkeys(named)]
        self.tools.alerts.acknowledge_all(numbers, by=request.actor)
        self.alerts(request, reply, "")

    def silence(self, request: Request, reply: Reply, rest: str) -> None:
        """`A-3 4h because …`, `model=churn 4h because …`, `list` or `lift S-2`."""
        word, _, named = rest.partition(" ")
        if word.lower() == "list" or not rest:
            reply.say("silences_list", silences=self.tools.alert_board.silences())
        elif word.lower() == "lift":
            self._lift(request, reply, parse.silence_number(named))
        else:
            now, zone = self.tools.clock.now(), self.tools.zone_of(request.actor)
            self._make(request, reply, silence_words.read(rest, now, zone))

    def confirm(self, request: Request, reply: Reply) -> None:
        """The button of somebody who does mean to silence everything."""
        asked = silence_words.unpack(request.value)
        silence = self.tools.silences.make(
            asked.matchers, asked.until, by=request.actor, reason=asked.reason, everything=True
        )
        reply.say("silence_made", silence=self.tools.alert_board.silence(silence.id or 0))

    def lift(self, request: Request, reply: Reply) -> None:
        """The button beside a silence."""
        self._lift(request, reply, parse.number(request.value))

    def _lift(self, request: Request, reply: Reply, number: int) -> None:
        self.tools.silences.lift(number, by=request.actor)
        reply.say("silences_list", silences=self.tools.alert_board.silences())

    def _make(self, request: Request, reply: Reply, asked: silence_words.Asked) -> None:
        if asked.alert:
            number = self.tools.alert_board.the_alert(asked.alert)
            silence = self.tools.alerts.silence(number, asked.until, by=request.actor, reason=asked.reason)
        else:
            try:
                silence = self.tools.silences.make(
                    asked.matchers, asked.until, by=request.actor, reason=asked.reason
                )
            except TooWide as error:
                packed = silence_words.pack(asked)
                reply.say("silence_everything", asked=asked.values, why=error.message, packed=packed)
                return
        reply.say("silence_made", silence=self.tools.alert_board.silence(silence.id or 0))
