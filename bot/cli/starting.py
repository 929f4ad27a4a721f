"""What a library's failure while the bot starts means to the person who started it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException

import yaml
from slack_bolt.error import BoltError
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy.exc import SQLAlchemyError

from bot.doctor.refusal import code_of, reason_of
from bot.settings import Settings
from ops_core.errors import Invalid, OpsError, Unavailable

DOCTOR = "`tocsin doctor` looks over everything that it needs."


@contextmanager
def meant(settings: Settings) -> Iterator[None]:
    """Raise an `OpsError` for what can go wrong outside of us."""
    try:
        yield
    except BoltError as error:
        raise _refused("bot token", error.__context__) from error
    except SlackApiError as error:
        raise _refused("app-level token", error) from error
    except SQLAlchemyError as error:
        raise _database(error) from error
    except yaml.YAMLError as error:
        raise Invalid(f"A playbook is not YAML: {error}") from error
    except ModuleNotFoundError as error:
        raise Invalid(f"The Python package {error.name} is needed and not installed.", hint=DOCTOR) from error
    except (OSError, HTTPException, SlackClientError) as error:
        raise _unreachable(settings, error) from error


def _refused(token: str, error: BaseException | None) -> OpsError:
    why = f": {code_of(error)}" if isinstance(error, SlackApiError) else ""
    return Unavailable(f"Slack did not accept the {token}{why}.", hint=DOCTOR, may_retry=False)


def _database(error: SQLAlchemyError) -> OpsError:
    # Without SQLAlchemy's own text, which goes on with the statement and its values.
    reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    return Unavailable(f"The database cannot be used: {reason}.", hint=DOCTOR, may_retry=False)


def _unreachable(settings: Settings, error: Exception) -> OpsError:
    if isinstance(error, OSError) and error.filename:
        return Invalid(f"{error.filename} cannot be used: {error.strerror}.")
    return Unavailable(f"Slack at {settings.slack.base_url} did not answer: {reason_of(error)}.", hint=DOCTOR)
