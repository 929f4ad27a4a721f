"""The kinds of values that settings have, each read from what people write."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from ops_core.errors import Invalid
from ops_core.people import Role
from ops_core.severity import Severity

_SPAN = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)\s*$")
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


def span(value: object) -> object:
    """Read "90s", "15m", "24h" or "7d"; a number alone could mean any unit, and is refused."""
    if isinstance(value, timedelta):
        return value
    match = _SPAN.match(str(value))
    if match is None:
        raise ValueError('write a span as "90s", "15m", "24h" or "7d"')
    return timedelta(seconds=float(match[1]) * _UNITS[match[2]])


def _role(value: object) -> Role:
    if str(value).upper() not in Role.__members__:
        raise ValueError(f"a role is {', '.join(role.name.lower() for role in Role)}")
    return Role[str(value).upper()]


def _severity(value: object) -> Severity:
    try:
        return Severity.parse(str(value))
    except Invalid as error:
        raise ValueError(f"{error.message} {error.hint}".rstrip(".")) from None


def _cron_line(value: str) -> str:
    from apscheduler.triggers.cron import CronTrigger  # heavy: 0.05 s

    CronTrigger.from_crontab(value, timezone="UTC")
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder, such as "Europe"
        raise ValueError("there is no such time zone; one is Europe/Berlin") from None
    return value


Span = Annotated[timedelta, BeforeValidator(span), Field(ge=timedelta(0))]
LongSpan = Annotated[timedelta, BeforeValidator(span), Field(ge=timedelta(seconds=0.1))]
RoleName = Annotated[Role, BeforeValidator(_role, json_schema_input_type=str)]
SeverityName = Annotated[Severity, BeforeValidator(_severity, json_schema_input_type=str)]
TimezoneName = Annotated[str, AfterValidator(_timezone)]
CronLine = Annotated[str, AfterValidator(_cron_line)]


class Part(BaseModel):
    """A block of settings: what it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
