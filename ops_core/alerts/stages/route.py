"""Eighth stage: where a group goes, by the labels of the alert that leads and what is known of its model."""

from __future__ import annotations

from collections.abc import Iterable

from ops_core.alerts.matchable import matchable
from ops_core.alerts.matcher import all_match
from ops_core.alerts.rules import Labels, Route, Rules
from ops_core.alerts.telling import Telling

DEFAULT_ROOM = "alerts"


def route(telling: Telling) -> None:
    """Choose rooms, people and policies before the first word, and again when it gets worse.

    A card does not move: rooms and people only join those that there are.
    """
    group = telling.group
    if telling.lead is None or (group.rooms and not telling.rose):
        return
    labels = labels_of(telling)
    taken = list(_taken(telling.rules, labels))
    rooms = [*group.rooms, *(one.room for one in taken if one.room)]
    group.rooms = list(dict.fromkeys(rooms)) or [DEFAULT_ROOM]
    group.people = list(dict.fromkeys([*group.people, *(person for one in taken for person in one.people)]))
    group.policies = list(dict.fromkeys(one.policy for one in taken if one.policy))


def labels_of(telling: Telling) -> Labels:
    """The labels that routes see."""
    lead, group = telling.lead, telling.group
    own = lead.labels if lead else group.labels
    return matchable(telling.rules, group.source, own, group.severity)


def _taken(rules: Rules, labels: Labels) -> Iterable[Route]:
    for one in rules.routes:
        if all_match(one.matchers, labels):
            yield one
            if not one.go_on:
                return
