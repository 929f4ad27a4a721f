"""Reading what people typed after a command, and what a form was left with."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ops_core.errors import Invalid

LONGEST_NUMBER = 15
"""More digits than any row has; a database's integers end at 19."""
_NAMED = re.compile(r"^(?:INC-|#)?(\d+)\b\s*", re.IGNORECASE)


def leading_number(text: str) -> tuple[str, str]:
    """Split `INC-3 it is back` into `3` and the rest; without a number the first part is empty."""
    match = _NAMED.match(text)
    return (match[1], text[match.end() :]) if match else ("", text)


def leading_ref(text: str) -> tuple[str, str]:
    """Split `INC-3 it is back` into `3` and the rest; a bare number may be part of the words and is left."""
    match = re.match(r"^INC-(\d+)\b\s*", text, re.IGNORECASE)
    return (match[1], text[match.end() :]) if match else ("", text)


def number(value: str) -> int:
    """The number that a button carries. Raises `Invalid` for anything else."""
    if not value.isdecimal() or len(value) > LONGEST_NUMBER:
        raise Invalid(
            "This button no longer says what it belongs to.", hint="Use the newest card in the channel."
        )
    return int(value)


def alert_id(metadata: str) -> int | None:
    """The alert that a form was opened from."""
    noun, _, digits = metadata.partition(":")
    return int(digits) if noun == "alert" and digits.isdecimal() else None


@dataclass(frozen=True)
class RollbackWords:
    """`/model rollback [model] [to <version>] [because <reason>]`."""

    model: str | None
    version: str | None
    reason: str


def rollback(text: str) -> RollbackWords:
    """Read what follows `/model rollback`. Raises `Invalid` when it cannot be read."""
    text, _, reason = _split(text, r"(?:^|\s)because\s+")
    head, _, version = _split(text, r"(?:^|\s)(?:to|--to)\s+")
    words = head.split()
    if len(words) == 2 and not version:  # `/model rollback churn v1`
        head, version = words
    if len(head.split()) > 1 or len(version.split()) > 1:
        raise Invalid(
            f"“{text}” cannot be read.", hint="`/model rollback [model] [to <version>] [because <reason>]`"
        )
    return RollbackWords(head.strip() or None, version.strip() or None, reason.strip())


def _split(text: str, at: str) -> tuple[str, str, str]:
    parts = re.split(at, text, maxsplit=1, flags=re.IGNORECASE)
    return (parts[0], "", parts[1]) if len(parts) == 2 else (text, "", "")


def silence_number(text: str) -> int:
    """The number of a silence, from `S-2` or `2`. Raises `Invalid` for anything else."""
    digits = text.strip().upper().removeprefix("S-")
    if not digits.isdecimal() or len(digits) > LONGEST_NUMBER:
        raise Invalid(f"“{text}” names no silence.", hint="`/ops silence list` shows them: S-1, S-2 …")
    return int(digits)
