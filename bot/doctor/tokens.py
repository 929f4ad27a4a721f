"""The secrets that Slack gave us: are they there, and does it know them?"""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

from bot.doctor.answer import Answer, failed, ok
from bot.doctor.patient import Patient
from bot.doctor.refusal import code_of, reason_of

BOT_FIX = "Copy the “Bot User OAuth Token” (OAuth & Permissions of your Slack app) into SLACK_BOT_TOKEN."
APP_FIX = (
    "Make an app-level token with the scope connections:write (Basic Information of your Slack app) "
    "and copy it into SLACK_APP_TOKEN."
)
SECRET_FIX = "Copy the “Signing Secret” (Basic Information of your Slack app) into SLACK_SIGNING_SECRET."  # noqa: S105 - words


def bot_token(patient: Patient) -> Answer:
    """The bot token is one, and Slack accepts it."""
    token = patient.settings.slack.bot_token.get_secret_value()
    if not token.startswith("xoxb-"):
        return failed(_absent(token, "xoxb-"), BOT_FIX)
    try:
        identity = patient.identify()
    except SlackApiError as error:
        return failed(f"Slack does not accept it: {code_of(error)}", BOT_FIX)
    except OSError as error:
        return _unreachable(patient, error)
    return ok(f"@{identity.user} in {identity.team}")


def app_token(patient: Patient) -> Answer:
    """The app-level token is one, and opens Socket Mode connections."""
    token = patient.settings.slack.app_token.get_secret_value()
    if not token.startswith("xapp-"):
        return failed(_absent(token, "xapp-"), APP_FIX)
    try:
        patient.app_client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        if code_of(error) == "forbidden_for_app_without_socket_mode":
            return failed("Socket Mode is off", "Turn it on in your Slack app, or set slack.mode to http.")
        return failed(f"Slack does not accept it: {code_of(error)}", APP_FIX)
    except OSError as error:
        return _unreachable(patient, error)
    return ok("opens Socket Mode connections")


def signing_secret(patient: Patient) -> Answer:
    """There is one; only a signed request can tell whether it is right."""
    if not patient.settings.slack.signing_secret.get_secret_value():
        return failed("not set", SECRET_FIX)
    return ok("set; the first request from Slack tells whether it is right")


def _absent(token: str, prefix: str) -> str:
    return f"does not begin with {prefix}: another kind of token" if token else "not set"


def _unreachable(patient: Patient, error: OSError) -> Answer:
    where = patient.settings.slack.base_url
    return failed(
        f"Slack at {where} does not answer: {reason_of(error)}", "Check slack.base_url, network and proxy."
    )
