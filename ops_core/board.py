"""The board: what people ask to see, as plain values for the answers' templates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from ops_core.alerts.board import listed, number_of
from ops_core.alerts.group import findings, get_group, headline
from ops_core.checks.finding import Finding
from ops_core.checks.overall import together
from ops_core.errors import NotFound, OpsError
from ops_core.incidents import card, incident
from ops_core.incidents.incident import Incident
from ops_core.incidents.kinds import IncidentType
from ops_core.registry import ModelVersion
from ops_core.remediation import ledger
from ops_core.rhythm import checkups, task
from ops_core.rhythm.checkups import LatestFinding
from ops_core.store import audit
from ops_core.store.outbox import Room
from ops_core.store.transaction import Store
from ops_core.world import World

LONGEST_TITLE = 120
MOST_ALERTS = 12
"""Alerts that the Home tab shows."""
FOLLOWED = 10_000
"""The last entries of the audit log whose chain is followed while somebody waits."""


class Board:
    """Reads only; every method opens its own short session."""

    def __init__(self, store: Store, world: World) -> None:
        self.store = store
        self.world = world

    def incident_in(self, channel: str) -> int | None:
        """The number of the incident whose channel this is."""
        with self.store.read() as session:
            room = session.exec(select(Room).where(Room.channel == channel)).first()
        noun, _, number = room.name.partition(":") if room else ("", "", "")
        return int(number) if noun == "incident" else None

    def the_incident(self, named: str, channel: str) -> int:
        """The incident meant by `INC-3` or `3`, by the channel, or by being the only open one."""
        if named:
            return number_of(named, "INC-")
        here = self.incident_in(channel)
        if here is not None:
            return here
        with self.store.read() as session:
            open_ones = incident.open_ones(session)
        if len(open_ones) == 1:
            return open_ones[0].number
        known = ", ".join(one.ref for one in open_ones) or "none is open"
        raise NotFound("Say which incident, or ask in its channel.", hint=f"Open incidents: {known}.")

    def incident(self, number: int) -> dict[str, Any]:
        """One incident, as its card has it."""
        with self.store.read() as session:
            one = incident.get(session, number)
            return card.incident_card(session, one, self._now) | {
                "channel": card.brief(session, one)["channel"]
            }

    def incidents(self) -> list[dict[str, Any]]:
        """Those that are not closed."""
        with self.store.read() as session:
            return [self._line(session, one) for one in incident.open_ones(session)]

    def declaration(self, alert_id: int | None) -> dict[str, Any]:
        """What the form for an incident starts with: what the alert knows, if it is one's."""
        blank = {"title": "", "severity": None, "type": None, "model": None, "impact": "", "metadata": ""}
        if alert_id is None:
            return blank | {"models": [*self.world.models, *self.world.systems]}
        with self.store.read() as session:
            alert = get_group(session, alert_id)
            impact = headline(session, alert)
            found = findings(session, alert)
        kind = IncidentType.of_check(found[0].check if found else "")
        known = {
            "title": alert.title.replace(" is critical", " is beyond its limit"),
            "severity": alert.severity.value,
            "type": kind.value,
            "model": alert.model,
            "impact": impact,
            "metadata": f"alert:{alert.number}",
            "models": [*self.world.models, *self.world.systems],
        }
        return blank | known

    def declaration_of(self, alert_id: int | None, words: str) -> dict[str, Any]:
        """What the form starts with when somebody chose a message: its alert, or else its words."""
        if alert_id is not None:
            return self.declaration(alert_id)
        plain = " ".join(words.split())
        title = plain if len(plain) <= LONGEST_TITLE else f"{plain[: LONGEST_TITLE - 1]}…"
        return self.declaration(None) | {"title": title, "impact": words[:2000]}

    def checks(self, model: str | None = None) -> list[dict[str, Any]]:
        """What each check last said, the worst first. Raises `NotFound` for an unknown model."""
        if model is not None:
            model = self.world.name(model)
        with self.store.read() as session:
            rows = session.exec(select(LatestFinding)).all()
        found = [Finding.from_json(row.finding) for row in rows if model in (None, row.model)]
        told = {(row.model, row.finding["check"]): row.at for row in rows}
        found.sort(key=lambda each: -each.verdict.rank)
        return [_check(some, told[some[0].model, some[0].check]) for some in together(found)]

    def model(self, name: str | None) -> dict[str, Any]:
        """What serves, how it feels, and how well it does."""
        watched = self.world.model(name)
        live = self.world.registry.live(watched.name, watched.alias)
        with self.store.read() as session:
            moves = ledger.moves(session, watched.name)
            found = checkups.latest(session, watched.name)
            last = ledger.last_move(session, watched.name, watched.alias)
        return {
            "name": watched.name,
            "alias": watched.alias,
            "version": live.version,
            "since": last.at if last and last.to_version == live.version else None,
            "health": self._health(watched.serving_url, live.version),
            "metrics": [_metric(one) for one in found if one.check.startswith("performance.")],
            "moves": [_move(one) for one in moves[-5:] if one.from_version],
        }

    def versions(self, name: str | None) -> dict[str, Any]:
        """All versions in the registry, newest first."""
        watched = self.world.model(name)
        live = self.world.registry.live(watched.name, watched.alias)
        with self.store.read() as session:
            alarmed = ledger.alarmed_versions(session, watched.name)
        listed = self.world.registry.versions(watched.name)
        return {
            "name": watched.name,
            "versions": [_version(one, live.version, watched.alias, alarmed) for one in listed],
        }

    def audit(self, limit: int = 15) -> dict[str, Any]:
        """The last entries of the audit log, and whether its chain holds."""
        with self.store.read() as session:
            entries = audit.recent(session, limit)
            followed = FOLLOWED if audit.is_longer(session, FOLLOWED) else None
            intact = audit.first_broken(session, followed) is None
        shown = [{"at": one.at, "actor": one.by, "did": one.verb, "subject": one.subject} for one in entries]
        return {"entries": shown, "intact": intact, "followed": followed}

    def home(self, person: str) -> dict[str, Any]:
        """What waits for a person, and what is going on."""
        with self.store.read() as session:
            open_ones = incident.open_ones(session)
            tasks = [
                _waiting(session, one, self._now) for one in open_ones if _concerns(session, one, person)
            ]
            return {
                "incidents": [self._line(session, one) for one in open_ones],
                "alerts": listed(session, self.store, MOST_ALERTS)["alerts"],
                "tasks": [one for one in tasks if one],
                "updated_at": self._now,
            }

    @property
    def _now(self) -> datetime:
        return self.store.clock.now()

    def _line(self, session: Session, one: Incident) -> dict[str, Any]:
        return card.brief(session, one) | {"elapsed": self._now - one.opened_at}

    def _health(self, url: str | None, version: str) -> dict[str, Any]:
        if not url:
            return {"ok": None, "said": "no serving address is configured"}
        try:
            state = self.world.serving.probe(url)
        except OpsError as error:
            return {"ok": False, "said": error.message}
        if not state.healthy:
            return {"ok": False, "said": state.error or "not healthy"}
        agrees = state.version == version
        return {"ok": agrees, "said": f"healthy, serves version {state.version}"}


def _concerns(session: Session, one: Incident, person: str) -> bool:
    return person == one.commander or person in incident.responders(session, one.number)


def _waiting(session: Session, one: Incident, now: datetime) -> dict[str, Any] | None:
    step = card.next_step(session, one)
    coming = [due for due in task.waiting(session, one.room) if due.label]
    if step is None:
        return None
    return {
        "label": step["label"].removesuffix(" …"),
        "at": coming[0].due_at if coming else None,
        "overdue": bool(coming) and coming[0].due_at <= now,
        "incident_ref": one.ref,
        "button_id": step["button_id"],
        "value": step["value"],
        "button": step["label"].partition(":")[0],
    }


def _check(some: Sequence[Finding], at: datetime) -> dict[str, Any]:
    finding = some[0]
    names = [each.check if each.subject is None else f"{each.check} ({each.subject})" for each in some]
    return {
        "name": ", ".join(names),
        "count": len(names),
        "model": finding.model,
        "verdict": finding.verdict.value,
        "said": finding.explanation,
        "last_run_at": at,
        "next_run_at": None,
    }


def _metric(finding: Finding) -> dict[str, Any]:
    return {
        "name": finding.signal,
        "value": finding.value,
        "limit": finding.limit,
        "n": finding.n,
        "verdict": finding.verdict.value,
    }


def _move(move: ledger.AliasMove) -> dict[str, Any]:
    return {"from_version": move.from_version, "to_version": move.to_version, "by": move.by, "at": move.at}


def _version(one: ModelVersion, live: str, alias: str, alarmed: dict[str, str]) -> dict[str, Any]:
    return {
        "version": one.version,
        "aliases": [alias] if one.version == live else [],
        "created_at": one.created_at,
        "serving": one.version == live,
        "metrics": dict(one.metrics),
        "note": alarmed.get(one.version) or one.description or None,
    }
