"""What people may write about who is on call, and what is refused at start."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.adapters.directory import Directory
from bot.settings import Settings
from bot.wiring.oncall import roster_of, schedule_of
from bot.wiring.policies import gaps_of, policies_of
from ops_core.errors import Invalid
from ops_core.oncall.roster import Roster

PEOPLE: dict[str, Any] = {"ana": {"slack": "U0ANA"}, "ben": {"slack": "U0BEN"}, "vp": {"slack": "U0VP"}}
# Without retries, which wait for a second each.
NOBODY = Directory(WebClient("xoxb-x", base_url="http://127.0.0.1:1/api/", retry_handlers=[]))


def settings(**oncall: Any) -> Settings:
    """Settings with these people."""
    return Settings.model_validate({"oncall": {"people": PEOPLE} | oncall})


def roster(given: Settings) -> Roster:
    """The roster of these settings."""
    return roster_of(given, Path(), NOBODY)


def layers(*given: dict[str, Any]) -> dict[str, Any]:
    """A schedule of these layers."""
    return {"ml": {"timezone": "Europe/Berlin", "layers": list(given)}}


def test_a_rotation_as_people_write_it() -> None:
    """Words for lengths and days, a local time without seconds."""
    office = {"people": ["ana"], "every": "daily", "only": ["mon-fri 9:00-17:00", "sat,sun"]}
    given = settings(schedules=layers(office, {"people": ["ben"], "begins": "2026-01-05 08:00"}))
    schedule = schedule_of("ml", given.oncall.schedules["ml"])
    first, second = schedule.layers[0].only
    assert (first.days, first.start, first.end) == (frozenset(range(5)), time(9), time(17))
    assert second.days == frozenset({5, 6}) and schedule.layers[1].begins.hour == 8
    assert schedule.person(datetime(2026, 11, 20, 17, tzinfo=UTC)) == "ben"


@pytest.mark.parametrize(
    "wrong",
    [
        {"schedules": layers({"people": ["ana"], "only": ["every day"]})},
        {"schedules": layers({"people": ["ana"], "only": ["mon-foo"]})},
        {"schedules": layers({"people": ["ana"], "only": ["mon 25:00-26:00"]})},
        {"schedules": layers({"people": [], "every": "daily"})},
        {"schedules": layers({"people": ["ana"], "every": "1m"})},
        {"schedules": layers({"people": ["ana"], "begins": "2026-01-05T09:00:00Z"})},
        {"schedules": {"ml": {"ical": "a.ics", "pagerduty": "P1"}}},
        {"schedules": {"ml": {"timezone": "Mars/Olympus", "ical": "a.ics"}}},
        {"policies": {"mine": {"steps": []}}},
        {"policies": {"mine": {"types": ["flood"], "steps": [{"page": ["ana"]}]}}},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    """When the settings are read."""
    with pytest.raises(ValueError, match="oncall"):
        settings(**wrong)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"schedules": layers({"people": ["zoe"]})}, "layers.0.people: there is no “zoe”"),
        ({"schedules": layers({"people": ["ana"], "only": ["mon-fri"]})}, "Saturday 00:00 to Monday 00:00"),
        ({"policies": {"mine": {"steps": [{"page": ["zoe"]}]}}}, "policies.mine.steps.0.page"),
        ({"main": "nose"}, "oncall.main: there is no “nose”"),
        ({"people": {"zoe": {"email": "zoe@example.test"}}}, "zoe: there is no way to reach them"),
    ],
)
def test_names_and_gaps_are_refused_at_start(wrong: dict[str, Any], said: str) -> None:
    """With their place, and the hours."""
    with pytest.raises(Invalid, match=said.replace(".", r"\.")):
        roster(settings(**wrong))


def test_without_policies_the_runbook_s_path_holds_for_those_who_exist() -> None:
    """Steps that page nobody here are left out."""
    given = settings(schedules=layers({"people": ["ana"]}))
    (policy,) = policies_of(given, roster(given))
    assert [step.page for step in policy.steps] == [("on_call",), ("vp",)]
    assert gaps_of(given, roster(given))[0] == "nobody is “lead”, whom the policy default pages after 30 min"
    alone = Settings()
    assert policies_of(alone, roster(alone)) == () and len(gaps_of(alone, roster(alone))) == 5


def routing(policy: str) -> Settings:
    """Settings with two policies and a route that names one."""
    steps = {"steps": [{"page": ["ana"]}]}
    return Settings.model_validate(
        {
            "oncall": {"people": PEOPLE, "policies": {"Risk": steps, "all": steps | {"at": ["P0"]}}},
            "alerts": {"routes": [{"matchers": ["team=risk"], "policy": policy}]},
        }
    )


def test_a_route_names_its_policy_in_any_case() -> None:
    """It then starts by routes alone; what begins at nothing grave is told."""
    given = routing("RISK ")
    assert [(one.name, one.by_route) for one in policies_of(given, roster(given))] == [
        ("risk", True),
        ("all", False),
    ]
    assert gaps_of(given, roster(given)) == ["no policy begins by itself at P1"]


def test_a_route_to_no_policy_is_refused() -> None:
    """With those that there are."""
    given = routing("riks")
    with pytest.raises(Invalid, match=r"alerts\.routes\.0\.policy: there is no policy “riks”") as caught:
        policies_of(given, roster(given))
    assert caught.value.hint == "There are: all, risk."
