"""The Slack app as it is installed, against what the code needs."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime

from bot import manifest
from bot.doctor.answer import Answer, failed, ok, warning
from bot.doctor.patient import Patient
from bot.doctor.registered import registered
from ops_core.clock import SystemClock

SKEW_SECONDS = 30
SIGNATURE_SECONDS = 300
"""Slack's requests are signed with their time; older ones are refused, as Slack advises."""
REINSTALL = (
    "Paste `tocsin manifest` into your Slack app (App Manifest) and install it to the workspace again."
)


def scopes(patient: Patient) -> Answer:
    """Granted are those of the manifest, no fewer and no more."""
    told = patient.known().headers.get("x-oauth-scopes")
    if told is None:
        return warning("could not be told: Slack did not list them")
    granted = {scope.strip() for scope in told.split(",") if scope.strip()}
    wanted = set(manifest.values()["oauth_config"]["scopes"]["bot"])
    if missing := wanted - granted:
        return failed(f"missing: {', '.join(sorted(missing))}", REINSTALL)
    if more := granted - wanted:
        return warning(f"more than Tocsin needs: {', '.join(sorted(more))}", REINSTALL)
    return ok(f"all {len(wanted)} granted, none too many")


def commands(_patient: Patient) -> Answer:
    """The manifest's slash commands are those that the code answers."""
    ours = set(registered().commands)
    theirs = {each["command"] for each in manifest.values()["features"]["slash_commands"]}
    if ours != theirs:
        return failed(
            f"in code or manifest only: {', '.join(sorted(ours ^ theirs))}", "Install Tocsin afresh."
        )
    return ok(f"{', '.join(sorted(ours))} in code and manifest; Slack does not tell which are installed")


def clock(patient: Patient) -> Answer:
    """Our clock and Slack's agree."""
    date = patient.known().headers.get("date")
    if date is None:
        return warning("could not be told: Slack sent no date")
    theirs = parsedate_to_datetime(date).astimezone(UTC)
    skew = abs((SystemClock().now() - theirs).total_seconds())
    if skew <= SKEW_SECONDS:
        return ok("agrees with Slack's")
    found, fix = f"{skew:.0f} s away from Slack's", "Let NTP set this machine's clock."
    refused = patient.settings.slack.mode == "http" and skew > SIGNATURE_SECONDS
    return failed(f"{found}; signed requests are refused", fix) if refused else warning(found, fix)
