"""First stage: which alert a word is about, within the limits that we keep for foreign text and clocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from ops_core.alerts import firing
from ops_core.alerts.alert import OURS
from ops_core.alerts.batch import Batch, Word
from ops_core.alerts.heard import Heard
from ops_core.checks.finding import Verdict
from ops_core.clock import CLOCKS_APART
from ops_core.severity import Severity

LONGEST_NAME = 200
LONGEST_LABEL = 1000
LONGEST_ANNOTATION = 4000
MOST = 128
"""Labels of an alert, and annotations, that are kept; identity is taken from all of them."""
OLDEST = timedelta(days=366)
UNKNOWN = Severity.P2
"""The severity of an alert whose source names none."""


def fingerprint(batch: Batch) -> None:
    """Merge the words of one alert."""
    seen: dict[str, Word] = {}
    for word in batch.heard:
        known = seen.get(word.firing)
        if known is None:
            seen[word.firing] = word
        else:
            _merge(known, word)
    batch.words = list(seen.values())


def named(heard: Heard, now: datetime) -> Word:
    """The alert that was heard, with its name."""
    fingerprint = heard.fingerprint
    labels = kept(heard.labels, LONGEST_LABEL)
    starts_at, ends_at, remark = _times(heard, now)
    severity = heard.severity or UNKNOWN
    rank, shape = _weight(heard, severity)
    return Word(
        heard=heard,
        fingerprint=fingerprint,
        firing=firing.name_of(fingerprint, heard.starts_at),
        name=labels.get("alertname", "")[:LONGEST_NAME] or heard.source,
        labels=labels,
        annotations=kept(heard.annotations, LONGEST_ANNOTATION),
        severity=severity,
        starts_at=starts_at,
        ends_at=ends_at,
        remark=remark or heard.remark,
        rank=rank,
        shape=shape,
        fired=ends_at is None,
    )


def _merge(first: Word, later: Word) -> None:
    """The later word wins, but that it was heard to fire stays true."""
    fired = first.fired or later.fired
    for name in ("heard", "annotations", "severity", "ends_at", "rank", "shape"):
        setattr(first, name, getattr(later, name))
    first.fired = fired


def _times(heard: Heard, now: datetime) -> tuple[datetime, datetime | None, str]:
    starts_at, ends_at, remark = heard.starts_at, heard.ends_at, ""
    if not now - OLDEST < starts_at <= now + CLOCKS_APART:
        remark = f"Its source says that it began at {starts_at:%Y-%m-%d %H:%M} UTC; counted from now instead."
        starts_at = now
    starts_at = min(starts_at, now)
    if ends_at is not None:
        # In the future, Alertmanager means "unless I say so again"; in the year 1, Go means "never".
        ends_at = (
            None if ends_at > now + CLOCKS_APART or ends_at.year < 1900 else min(max(ends_at, starts_at), now)
        )
    return starts_at, ends_at, remark


def _weight(heard: Heard, severity: Severity) -> tuple[int, str]:
    """Place on the card, and shape: what a model does comes before what it is fed, F1 first (seed 004)."""
    if heard.source != OURS or heard.finding is None:
        return int(severity[1]) * 10, severity.value
    check, verdict = str(heard.finding["check"]), Verdict(str(heard.finding["verdict"]))
    fed = 0 if check.startswith(("performance.", "service.")) else 100
    first = 0 if heard.finding["signal"] == "f1" else 1
    return fed + (10 - verdict.rank) * 5 + first, f"{verdict} {heard.finding.get('version')}"


def kept(words: Mapping[str, str], longest: int) -> dict[str, str]:
    """Foreign words within limits: no longer and no more than allowed, and text that can be stored."""
    said = "".join(words.values())  # looked at as one, which is quicker, and nearly always enough
    short = len(words) <= MOST and len(said) <= longest and len("".join(words)) <= LONGEST_NAME
    if short and said.isascii() and "\0" not in said:
        return dict(words)
    first = list(words.items())[:MOST]
    return {_clean(name, LONGEST_NAME): _clean(value, longest) for name, value in first}


def _clean(value: str, longest: int) -> str:
    text = value.replace("\0", "").encode("utf-8", "replace").decode()
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
