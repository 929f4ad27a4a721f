"""Who is on call: do the schedules name somebody, and would pages get through?"""

from __future__ import annotations

import smtplib
from datetime import datetime
from itertools import pairwise

from bot.adapters.directory import Directory
from bot.adapters.mail import Mail
from bot.doctor.answer import Answer, failed, ok, warning
from bot.doctor.patient import Patient
from bot.wiring.oncall import reaches_of, roster_of, schedule_of
from bot.wiring.policies import gaps_of, policies_of
from ops_core.clock import SystemClock
from ops_core.errors import OpsError
from ops_core.oncall.fetched import AHEAD
from ops_core.oncall.turn import Turn, joined


def schedule(patient: Patient, *, name: str) -> Answer:
    """It has no gap; one that another system keeps can be fetched, and names people whom we know."""
    now = SystemClock().now()
    one = patient.settings.oncall.schedules[name]
    if one.layers:
        return ok(f"{schedule_of(name, one).person(now)} is on call")
    patient.known()
    roster = roster_of(patient.settings, patient.folder, Directory(patient.client))
    try:
        turns = roster.sources[name].turns(now, now + AHEAD)
    except OpsError as error:
        return failed(error.message, error.hint or "Correct its address and key in the settings.")
    unknown = sorted({turn.person for turn in turns if roster.people.find(turn.person) is None})
    if unknown:
        return warning(
            f"names {', '.join(unknown)}, who are not known here",
            "Add them under `oncall.people`, by the same name or e-mail address.",
        )
    gap = _gap(joined(turns), now)
    if gap is not None:
        return warning(
            f"names nobody at {gap:%Y-%m-%d %H:%M} UTC", "Whoever `people.on_call` names is paged then."
        )
    return ok(f"{len(turns)} turns in {AHEAD.days} days")


def mail(patient: Patient) -> Answer:
    """The mail server answers, encrypts and knows us; nothing is sent."""
    ours = patient.settings.oncall.mail
    try:
        with Mail(ours).connected() as server:
            server.noop()
    except smtplib.SMTPAuthenticationError as error:
        return failed(f"does not accept the password: {error.smtp_code}", "Correct TOCSIN_SMTP_PASSWORD.")
    except (OSError, smtplib.SMTPException) as error:
        return failed(f"{ours.server}:{ours.port}: {error}", "Correct `oncall.mail`: server, port and tls.")
    return ok(f"{ours.server} takes mail from {ours.sender}")


def ways(patient: Patient) -> Answer:
    """Everybody can be reached; how, and by how many."""
    patient.known()
    roster = roster_of(patient.settings, patient.folder, Directory(patient.client))
    people = roster.people.by_key.values()
    unreachable = [one.key for one in people if not one.ways]
    if unreachable:
        return failed(
            f"no way to reach {', '.join(unreachable)}: Slack does not know the account",
            "Correct `oncall.people.….slack`, or give another address.",
        )
    means = ["Slack", *(way.label for way in reaches_of(patient.settings))]
    return ok(f"{len(roster.people.by_key)} people, by {', '.join(means)}")


def policies(patient: Patient) -> Answer:
    """Every step of escalation has somebody, and what is grave begins one."""
    patient.known()
    roster = roster_of(patient.settings, patient.folder, Directory(patient.client))
    gaps = gaps_of(patient.settings, roster)
    if gaps:
        return warning(
            "; ".join(gaps), "Name the people under `oncall.people`, or write your own `oncall.policies`."
        )
    return ok(", ".join(one.name for one in policies_of(patient.settings, roster)))


def _gap(turns: list[Turn], now: datetime) -> datetime | None:
    """The first moment of the next two weeks at which nobody has a turn."""
    if not turns or turns[0].starts_at > now:
        return now
    gaps = [one.ends_at for one, other in pairwise(turns) if one.ends_at < other.starts_at]
    last = turns[-1].ends_at
    return next(iter(gaps), last if last < now + AHEAD else None)
