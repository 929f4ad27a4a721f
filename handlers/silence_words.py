"""Reading a silence: which alerts, for how long, and why."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers import parse
from ops_core.alerts import matcher
from ops_core.alerts.matcher import Matcher
from ops_core.errors import Invalid

HINT = (
    "`/ops silence A-3 4h because a backfill runs`, or by labels: `/ops silence model=churn 4h because …`; "
    "spans are 30m, 4h, 2d or monday. `/ops silence list` and `lift S-2`."
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


def read(text: str, now: datetime) -> Asked:
    """Read what follows `/ops silence`. Raises `Invalid` when it cannot be read."""
    head, _, reason = _because(text.strip())
    named = re.match(r"^(A-\d+|\d+)\s+", head, re.IGNORECASE)
    found, rest = ([], head[named.end() :]) if named else matcher.read(head.translate(_CURLY))
    if not (named or found) or len(rest.split()) != 1:
        raise Invalid(f"“{text}” cannot be read.", hint=HINT)
    until = parse.silence_end(rest.strip().lower(), None, now)
    return Asked(named[1] if named else "", found, until, reason[:LONGEST_REASON])


def _because(text: str) -> tuple[str, str, str]:
    parts = re.split(r"\s+because\b\s*", text, maxsplit=1, flags=re.IGNORECASE)
    return (parts[0], "", parts[1]) if len(parts) == 2 else (text, "", "")


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
