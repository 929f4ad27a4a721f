"""A matter: what an escalation is about, whether an alert, an incident or a person's own page."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from ops_core.alerts.group import AlertGroup, get_group
from ops_core.incidents.incident import Incident
from ops_core.oncall.policy import Policy
from ops_core.severity import Severity


@dataclass(frozen=True)
class Matter:
    """What to page about. `type` is the incident's; an alert and a page by a person have none.

    `policies` are those of an alert's routes, and take the place of those that its severity asks for.
    """

    subject: str
    title: str
    severity: Severity
    model: str | None = None
    type: str | None = None
    incident: int | None = None
    policies: tuple[str, ...] = ()

    def asks_for(self, policy: Policy) -> bool:
        """Whether a policy is to be at work on it."""
        if policy.name in self.policies:
            return self.severity in policy.at
        if policy.by_route or (self.policies and not policy.types):
            return False
        return policy.serves(self.severity, self.type)


def of_incident(session: Session, one: Incident) -> Matter:
    """An incident as a matter; it goes on with the policies of its alert."""
    policies = get_group(session, one.alert_group_id).policies if one.alert_group_id else ()
    return Matter(
        one.room, one.title, one.severity, one.model, one.type.value, one.number, policies=tuple(policies)
    )


def of_group(group: AlertGroup) -> Matter:
    """An alert group as a matter; its routes may name the policies themselves."""
    return Matter(group.card, group.title, group.severity, group.model, policies=tuple(group.policies))
