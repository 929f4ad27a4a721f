"""Messages that are edited in place: which template each one has now, and with what values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from ops_core.alerts.card import alert_card
from ops_core.alerts.digest import digest_card
from ops_core.alerts.group import get_group
from ops_core.errors import Invalid
from ops_core.incidents import card, incident
from ops_core.incidents.kinds import IncidentType
from ops_core.incidents.playbook import Playbook
from ops_core.oncall.card import escalation_of, page_card
from ops_core.remediation.card import rollback_card
from ops_core.remediation.rollback import get_rollback
from ops_core.rhythm.runs import run_progress


@dataclass(frozen=True)
class Words:
    """A template and its values. `picture` is the artefact that the message shows, if any; its Slack file is
    given to the template as `chart_file` of the value named by `shown_in`.

    `ready` is False while something that it names, such as a channel, does not exist yet.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    picture: int | None = None
    shown_in: str = "alert"
    ready: bool = True


class Cards:
    """Reads what a card shows at the moment when it is sent, so that the last state always wins."""

    def __init__(self, playbooks: Mapping[IncidentType, Playbook], approvers: Sequence[str] = ()) -> None:
        self.playbooks = playbooks
        self.approvers = approvers

    def words(self, session: Session, subject: str, now: datetime) -> Words:
        """The words of a subject as the rows stand. Raises `Invalid` for one that is no card."""
        noun, _, rest = subject.partition(":")
        number, _, part = rest.partition(":")
        if noun == "alert":
            group = get_group(session, int(number))
            return Words("alert_card", {"alert": alert_card(session, group, now)}, group.chart_id)
        if noun == "digest":
            return Words("alert_digest", {"digest": digest_card(session, int(number))})
        if noun == "rollback":
            rollback = get_rollback(session, int(number))
            template, context = rollback_card(session, rollback, list(self.approvers))
            return Words(template, context)
        if noun == "incident":
            return self._incident(session, int(number), part, now)
        if noun == "page":
            return Words("page", {"page": page_card(session, int(number))})
        if noun == "run":
            return Words("run_progress", {"run": run_progress(session, int(number))})
        raise Invalid(f"“{subject}” is not a card.")

    def _incident(self, session: Session, number: int, part: str, now: datetime) -> Words:
        one = incident.get(session, number)
        if part == "card":
            values = card.incident_card(session, one, now) | {"escalation": escalation_of(session, number)}
            return Words("incident_card", {"incident": values})
        if part == "checklist":
            plan = self.playbooks.get(one.type)
            title = plan.title if plan else one.type.label
            return Words("playbook_checklist", card.checklist(session, one, title))
        brief = card.brief(session, one)
        return Words("incident_announcement", {"incident": brief}, ready=brief["channel"] is not None)
