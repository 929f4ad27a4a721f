"""The pager: turns a row of the outbox into a notice and hands it to the way that it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.rendering import Rendering
from ops_core.clock import Clock
from ops_core.errors import Invalid
from ops_core.oncall import card, escalation
from ops_core.oncall.escalation import Page
from ops_core.oncall.person import People, Way
from ops_core.oncall.reach import Act, Notice, Reach, key_of
from ops_core.store.database import Database
from ops_core.store.outbox import OutboxRow


class Pager:
    """Knows the means behind each way. `names` gives the name of a Slack user id."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        rendering: Rendering,
        people: People,
        reaches: Mapping[Way, Reach],
        names: Callable[[str], str | None],
    ) -> None:
        self.database = database
        self.clock = clock
        self.rendering = rendering
        self.people = people
        self.reaches = reaches
        self.names = names

    def carry(self, row: OutboxRow) -> None:
        """Send a notice, unless what it is about is not known any more. Raises what `Reach.send` raises."""
        way, act = Way(row.context["way"]), Act(row.context["act"])
        reach = self.reaches.get(way)
        if reach is None:
            raise Invalid(
                f"Nothing is set up to reach people by {way.label}.", hint="See `oncall` in the settings."
            )
        notice = self._notice(row, act)
        if notice is not None:
            reach.send(notice)

    def _notice(self, row: OutboxRow, act: Act) -> Notice | None:
        with self.database.read() as session:
            page = session.get(Page, row.context["page"])
            if page is None:
                return None
            one = escalation.get(session, page.escalation_id)
            values = card.notice_of(session, page, act.value)
        return Notice(
            key=key_of(one.number, page.person),
            number=f"tocsin-page-{row.id}",
            act=act,
            person=self.people.get(page.person),
            severity=one.severity,
            ref=values["ref"],
            title=one.title,
            text=self.rendering.text("page", page=self._named(values)),
            at=row.created_at,
            model=one.model,
        )

    def _named(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values with names of people beside their ids, since no pager knows Slack's ids."""
        named = {
            f"{of}_name": (self.names(values[of]) if values[of] else None) or values[of]
            for of in ("started_by", "acknowledged_by")
        }
        return {**values, **named}
