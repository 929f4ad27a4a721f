"""What a silence that is made from a card is about: that card's alerts, as bad as they are, and no others."""

from __future__ import annotations

import re

from sqlmodel import Session

from ops_core.alerts.alert import firing_in
from ops_core.alerts.group import AlertGroup
from ops_core.alerts.matcher import Matcher, exactly, one_of
from ops_core.alerts.pattern import LONGEST
from ops_core.alerts.rules import Rules
from ops_core.severity import Severity


def scope_of(session: Session, rules: Rules, group: AlertGroup) -> list[Matcher]:
    """Its source and its labels; a label that it could have, and has not, must be missing.

    It holds up to the severity that the card has: what is worse rings. Our own alerts share one card a model,
    and so do those of a report: of these it is only the names that fire now.
    """
    labels = {name: value for name, value in group.labels.items() if name != "source"}
    found = [Matcher("source", "=", group.source), *exactly(labels), *_no_worse(group.severity)]
    if group.is_ours and group.model:
        return [*found, *_names(session, group)]
    never_missing = {*labels, "source", "severity", *rules.known.get(labels.get("model", ""), {})}
    if group.source in rules.reports:
        never_missing.add("alertname")
        found += _names(session, group)
    return [*found, *(Matcher(name, "=", "") for name in rules.group_by if name not in never_missing)]


def _no_worse(severity: Severity) -> list[Matcher]:
    """Nothing for the worst of all."""
    taken = [one.value for one in Severity if one >= severity]
    return [one_of("severity", taken)] if len(taken) < len(Severity) else []


def _names(session: Session, group: AlertGroup) -> list[Matcher]:
    """The names that fire; if a pattern cannot hold them all, our families of names, or any of a report's."""
    names = sorted({alert.name for alert in firing_in(session, [group.number])})
    if len(names) > 1 and sum(len(re.escape(name)) + 1 for name in names) > LONGEST:
        if not group.is_ours:
            return []
        families = sorted({name.partition(".")[0] for name in names})
        return [Matcher("alertname", "=~", rf"({'|'.join(families)})\..*")]
    return [one_of("alertname", names)] if names else []
