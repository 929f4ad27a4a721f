"""Those who are called or have a role: does Slack know them?"""

from __future__ import annotations

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.doctor.answer import Answer, failed, ok, warning
from bot.doctor.patient import Patient
from bot.doctor.refusal import code_of
from bot.settings import Settings

UNKNOWN = frozenset({"users_not_found", "user_not_found", "user_not_visible"})


def people(patient: Patient) -> Answer:
    """Everybody in the settings is known to Slack and still active."""
    patient.known()
    settings = patient.settings
    everybody = _everybody(settings)
    unknown = [person for person in everybody if not _is_known(patient.client, person)]
    if unknown:
        return failed(
            f"not known to Slack, or deactivated: {', '.join(unknown)}",
            "Correct them under `people` and `models.….owner`: Slack user id or the account's e-mail.",
        )
    always, schedules = len(settings.people.on_call), len(settings.oncall.schedules)
    if not always and not schedules:
        return warning(
            "nobody is on call",
            "Name somebody under `people.on_call`, or those who take turns under `oncall.schedules`.",
        )
    turns = f", {schedules} schedule{'' if schedules == 1 else 's'}" if schedules else ""
    return ok(f"{len(everybody)} known, {always} on call{' always' if schedules else ''}{turns}")


def _everybody(settings: Settings) -> list[str]:
    owners = [model.owner for model in settings.models.values() if model.owner]
    return list(dict.fromkeys([*settings.people.on_call, *settings.people.roles, *owners]))


def _is_known(client: WebClient, person: str) -> bool:
    try:
        found = client.users_lookupByEmail(email=person) if "@" in person else client.users_info(user=person)
    except SlackApiError as error:
        if code_of(error) in UNKNOWN:
            return False
        raise
    return not found["user"].get("deleted")
