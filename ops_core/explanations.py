"""Explaining a finding: its evidence in full, for whoever asks what a check means by its verdict."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from ops_core.alerts.group import findings, get_group
from ops_core.checks.finding import Finding
from ops_core.errors import Invalid, NotFound, OpsError
from ops_core.evidence import facts, parts
from ops_core.rhythm.checkups import LatestFinding
from ops_core.rhythm.events import FindingExplained
from ops_core.store.outbox import Artefact
from ops_core.store.transaction import Store

Explain = Callable[[Sequence[Finding], Finding], tuple[str, bytes | None]]
"""What a finding's check asks, and its chart as PNG if it has one, given all findings of its model."""


class Explanations:
    """Posts what a finding rests on."""

    def __init__(self, store: Store, explain: Explain) -> None:
        self.store = store
        self.explain = explain

    def post(self, named: str, room: str, by: str, thread_of: str | None = None) -> None:
        """Explain a check of a model, or the finding that an alert leads with, in a room.

        `named` is `<check> [model]` or `A-7`, `thread_of` the message that it answers.
        Raises `Invalid` or `NotFound` with what there is to explain.
        """
        with self.store.read() as session:
            finding, at = self._found(session, named.split())
            beside = [Finding.from_json(row.finding) for row in _rows(session, finding.model)]
        asks, picture = self._explained(beside, finding)
        with self.store.transaction() as tx:
            chart = None
            if picture is not None:
                kept = Artefact(name=f"{finding.check}.png", content=picture, made_at=tx.now)
                tx.session.add(kept)
                tx.session.flush()
                chart = kept.id
            values = explained(finding, at, asks)
            tx.record(
                FindingExplained(
                    by=by, at=tx.now, room=room, finding=values, chart=chart, thread_of=thread_of
                )
            )

    def _explained(self, beside: Sequence[Finding], finding: Finding) -> tuple[str, bytes | None]:
        try:
            return self.explain(beside, finding)
        except OpsError:
            return "", None  # an explanation without its chart is better than none

    def _found(self, session: Session, words: list[str]) -> tuple[Finding, datetime]:
        if not words or len(words) > 2:
            raise Invalid(
                "Say what to explain.", hint="`/ops explain <check> [model]` or `/ops explain A-7`."
            )
        ref = words[0].upper().removeprefix("A-")
        if ref.isdecimal() and len(words) == 1:
            return _leading(session, int(ref))
        model = words[1] if len(words) == 2 else None
        rows = _rows(session, model)
        named = [row for row in rows if words[0] in (row.check, row.check.partition(".")[2])]
        if not named:
            raise NotFound(_missing(words[0], model, rows), hint=_nearest(words[0], rows))
        if len({row.model for row in named}) > 1:
            models = ", ".join(sorted({row.model for row in named}))
            raise Invalid("Say of which model.", hint=f"{words[0]} has looked at {models}.")
        row = max(named, key=lambda each: Finding.from_json(each.finding).verdict.rank)
        return Finding.from_json(row.finding), row.at


def _leading(session: Session, number: int) -> tuple[Finding, datetime]:
    group = get_group(session, number)
    found = findings(session, group)
    if not found:
        raise NotFound(
            f"{group.ref} is no finding of our own checks.",
            hint=f"`/ops alerts why {group.ref}` tells of it.",
        )
    return found[0], found[0].window_end


def explained(finding: Finding, at: datetime, asks: str) -> dict[str, Any]:
    """The values of the message: what the check asks, what it found, and on what that rests."""
    problems = finding.detail.get("problems") or []
    return {
        "check": finding.check,
        "model": finding.model,
        "version": finding.version,
        "verdict": finding.verdict.value,
        "asks": asks,
        "said": finding.explanation,
        "at": at,
        "since": finding.since,
        "origin": finding.detail.get("origin_sentence"),
        "facts": facts(finding),
        "parts": parts(finding),
        "problems": [f"{each['where']}: {each['what']}" for each in problems],
    }


def _rows(session: Session, model: str | None) -> Sequence[LatestFinding]:
    query = select(LatestFinding)
    return session.exec(query if model is None else query.where(LatestFinding.model == model)).all()


def _missing(check: str, model: str | None, rows: Sequence[LatestFinding]) -> str:
    if not rows:
        return f"No check of “{model}” has run yet." if model else "No check has run yet."
    return f"No finding is called “{check}”" + (f" for {model}." if model else ".")


def _nearest(check: str, rows: Sequence[LatestFinding]) -> str:
    known: Mapping[str, str] = {
        name: row.check for row in rows for name in (row.check, row.check.partition(".")[2])
    }
    near = difflib.get_close_matches(check, known, n=1)
    return f"Did you mean {known[near[0]]}?" if near else "`/ops checks` lists what has run."
