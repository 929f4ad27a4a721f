"""Reading a silence: which alerts, for how long, and why."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from handlers import times
from ops_core.alerts import matcher
from ops_core.alerts.matcher import Matcher
from ops_core.errors import Invalid

HINT = (
    "`/ops silence A-3 4h because a backfill runs`, or by labels: `/ops silence model=churn 4h because …`; "
    "spans are 30m, 4h, 2d, 2w, `until monday` or `until fri 18:00`. `/ops silence list` and `lift S-2`."
)
_CURLY = str.maketrans("“”„’", '"""\'')
LONGEST_REASON = 300


@dataclass(frozen=True)
class Asked:
    """An alert by its name or matchers, until when, and why."""

    alert: str
    matchers: Sequence[Matcher]
    until: datetime
    reason: str

    @property
    def values(self) -> dict[str, Any]:
        """For the question whether it is meant."""
        return {
            "scope": " ".join(map(str, self.matchers)),
            "until": self.until,
            "reason": self.reason or None,
        }


def read(text: str, now: datetime, zone: ZoneInfo) -> Asked:
    """Read what follows `/ops silence`; days and times of day are a zone's. Raises `Invalid`."""
    text = text.strip()
    named = re.match(r"^(A-\d+|\d+)(?:\s+|$)", text, re.IGNORECASE)
    found, rest = ([], text[named.end() :]) if named else matcher.read(text.translate(_CURLY))
    words = text[len(text) - len(rest) :].split() if rest else []
    if not (named or found):
        raise Invalid(f"“{text}” cannot be read.", hint=HINT)
    if not words:
        raise Invalid("Say for how long.", hint=HINT)
    until, many = times.leading_end(words, now, zone)
    reason = re.sub(r"^because\b\s*", "", " ".join(words[many:]), flags=re.IGNORECASE)
    return Asked(named[1] if named else "", found, until, reason[:LONGEST_REASON])


def pack(asked: Asked) -> str:
    """As the value of a button, which holds 2,000 characters."""
    packed = json.dumps([asked.until.isoformat(), asked.reason, matcher.dump(asked.matchers)])
    if len(packed) > 2000:
        raise Invalid("These matchers are too long.", hint="Use fewer, or shorter patterns.")
    return packed


def unpack(value: str) -> Asked:
    """The inverse of `pack`."""
    until, reason, rows = json.loads(value)
    return Asked("", matcher.load(rows), datetime.fromisoformat(until), reason)
