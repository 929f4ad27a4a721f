"""`/ops oncall` and `/ops page`: who is on call, taking over, and paging by hand."""

from __future__ import annotations

from collections.abc import Mapping

from handlers import oncall_words as words
from handlers.command import Verb
from handlers.door import Reply, Request
from handlers.toolbox import Toolbox
from ops_core.errors import Invalid


class OnCallCommands:
    """The words after `/ops oncall`, and `/ops page`."""

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools

    def verbs(self) -> Mapping[str, Verb]:
        """What may follow `/ops`."""
        return {"oncall": self.oncall, "page": self.page}

    def oncall(self, request: Request, reply: Reply, rest: str) -> None:
        """`who` (or nothing), `list`, `cover …` or `lift C-1`."""
        word, _, more = rest.partition(" ")
        known = {"": self.who, "who": self.who, "list": self.list, "cover": self.cover, "lift": self.lift}
        verb = known.get(word.lower())
        if verb is None:
            raise Invalid(f"“{word}” is nothing that `/ops oncall` can do.", hint=words.USAGE)
        verb(request, reply, more.strip())

    def who(self, _request: Request, reply: Reply, rest: str) -> None:
        """Who is on call, for all schedules or for one."""
        reply.say("oncall_now", duties=self.tools.duties.now(rest))

    def list(self, _request: Request, reply: Reply, rest: str) -> None:
        """The turns of the next two weeks."""
        reply.say("oncall_list", **self.tools.duties.coming(rest))

    def cover(self, request: Request, reply: Reply, rest: str) -> None:
        """Take over: `cover [schedule] [@person] from … to …`."""
        asked = words.cover(rest)
        zone = self.tools.duties.zone(asked.schedule)
        starts_at, ends_at = asked.span(self.tools.clock.now(), zone)
        who = asked.person or request.actor
        made = self.tools.covers.take(asked.schedule, who, starts_at, ends_at, by=request.actor)
        reply.say("covered", cover=self.tools.duties.cover(made))

    def lift(self, request: Request, reply: Reply, rest: str) -> None:
        """Take a cover back."""
        made = self.tools.covers.lift(words.cover_number(rest), by=request.actor)
        reply.say("covered", cover=self.tools.duties.cover(made))

    def page(self, request: Request, reply: Reply, rest: str) -> None:
        """Page a person, a schedule or a policy: `page lead the vendor is down`."""
        target, why = words.page(rest)
        one = self.tools.pages.page(target, why, by=request.actor)
        reply.say("paged", page=self.tools.duties.paged(one))
