"""`tocsin run`: settings in, a running bot out."""

from __future__ import annotations

import gc
import logging
import os
from pathlib import Path

from bot.cli import config
from bot.cli.starting import meant
from bot.process import run_until_told
from bot.settings import Settings
from bot.wiring.building import build
from ops_core.errors import Invalid

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
SECRETS = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "TOCSIN_SMTP_PASSWORD",
    "TOCSIN_PAGERDUTY_ROUTING_KEY",
    "TOCSIN_PAGERDUTY_TOKEN",
    "TOCSIN_OPSGENIE_API_KEY",
    "TOCSIN_WEBHOOK_SECRET",
    "TOCSIN_SMS_SECRET",
)
OURS = ("bot", "handlers", "ops_core")


def run(path: Path | None, *, verbose: bool) -> None:
    """Run until told to stop. Raises `OpsError` with a sentence when it cannot start."""
    start_log("DEBUG" if verbose else os.environ.get("TOCSIN_LOG_LEVEL") or "INFO")
    settings, folder = config.read(path)
    require_secrets(settings)
    for name in SECRETS:
        os.environ.pop(name, None)  # not for child processes; and bolt would read the token a second time
    with meant(settings):
        tocsin = build(settings, folder)
        for name in _source_secrets(settings):
            os.environ.pop(name, None)
        gc.freeze()  # what there is now stays, so that no collection need look at it
        gc.enable()
        run_until_told(tocsin)


def _source_secrets(settings: Settings) -> list[str]:
    """The variables with secrets of other monitors."""
    named = [name for one in settings.sources.values() for name in (one.secret_env, one.url_token_env)]
    return [name for name in named if name]


def start_log(level: str) -> None:
    """Log to stderr: ours at this level, libraries only warnings, because their details can hold secrets."""
    if level.upper() not in LEVELS:
        raise Invalid(
            f"TOCSIN_LOG_LEVEL is “{level}”, which is no level.", hint=f"Use one of {', '.join(LEVELS)}."
        )
    logging.basicConfig(format="%(asctime)s %(levelname)-7s %(name)s: %(message)s", level=logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
    # It warns of each look that takes longer than the time to the next one, which is no fault.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)


def require_secrets(settings: Settings) -> None:
    """Raise `Invalid` when what this mode needs is not there at all."""
    slack = settings.slack
    if not slack.bot_token.get_secret_value():
        raise Invalid("There is no bot token.", hint="Put it (xoxb-…) into SLACK_BOT_TOKEN.")
    if slack.mode == "socket" and not slack.app_token.get_secret_value():
        raise Invalid(
            "There is no app-level token, which Socket Mode needs.",
            hint="Put it (xapp-…, with the scope connections:write) into SLACK_APP_TOKEN.",
        )
    if slack.mode == "http" and not slack.signing_secret.get_secret_value():
        raise Invalid(
            "There is no signing secret, which HTTP mode needs.", hint="Put it into SLACK_SIGNING_SECRET."
        )
    if slack.mode == "http" and settings.http.port is None:
        raise Invalid("slack.mode is http, but http.port names no port to listen on.", hint="Set http.port.")
