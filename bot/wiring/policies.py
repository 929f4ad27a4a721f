"""The policies of escalation, from the settings: those of the team, or the runbook's."""

from __future__ import annotations

from bot.settings import Settings
from bot.settings.oncall import PolicySettings, StepSettings
from ops_core.errors import Invalid
from ops_core.oncall.policy import (
    ON_CALL,
    RUNBOOK,
    Policy,
    PolicyStep,
    Until,
    known_only,
    unattended,
    unmanned,
)
from ops_core.oncall.roster import Roster
from ops_core.severity import Severity


def policies_of(settings: Settings, roster: Roster) -> tuple[Policy, ...]:
    """The policies of the settings; without any, the runbook's with those who exist.

    Raises `Invalid` for a route whose policy there is not.
    """
    routed = {one.policy for one in settings.alerts.routes if one.policy}
    found = tuple(
        _policy(name.lower(), one, by_route=name.lower() in routed)
        for name, one in settings.oncall.policies.items()
    ) or known_only(RUNBOOK, _targets(roster))
    _must_exist(settings, found)
    return found


def gaps_of(settings: Settings, roster: Roster) -> list[str]:
    """What the policies lack, in words."""
    policies = policies_of(settings, roster)
    lacking = [] if settings.oncall.policies else unmanned(RUNBOOK, _targets(roster))
    return lacking or unattended(policies)


def _targets(roster: Roster) -> frozenset[str]:
    anybody = [ON_CALL] if roster.names or roster.always else []
    return frozenset([*roster.people.by_key, *roster.names, *anybody])


def _policy(name: str, one: PolicySettings, *, by_route: bool) -> Policy:
    steps = tuple(map(_step, one.steps))
    return Policy(name, steps, frozenset(one.at or Severity), frozenset(one.types), by_route)


def _step(one: StepSettings) -> PolicyStep:
    until, at_once_at = Until(one.until), frozenset(one.at_once_at)
    return PolicyStep(tuple(one.page), one.after, until, at_once_at, one.again, one.times)


def _must_exist(settings: Settings, policies: tuple[Policy, ...]) -> None:
    known = {one.name for one in policies}
    for position, route in enumerate(settings.alerts.routes):
        if route.policy and route.policy not in known:
            raise Invalid(
                f"alerts.routes.{position}.policy: there is no policy “{route.policy}”.",
                hint=f"There are: {', '.join(sorted(known)) or 'none; write one under `oncall.policies`'}.",
            )
