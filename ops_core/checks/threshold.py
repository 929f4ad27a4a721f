"""Reads thresholds as teams write them down: lists, tables and mappings of their runbooks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

from ops_core.checks.finding import Verdict
from ops_core.checks.subjects import checks_about
from ops_core.errors import Invalid

Meaning = Literal["limit", "change", "state"]
FORMS = (
    "`F1 score < 0.75: WARNING`, `Accuracy (≥ 80%)`, `Recall drop > 15%: WARNING` "
    "or `Model server down: CRITICAL`"
)
_SEVERITY = re.compile(r"[:\-–—→]?\s*\b(warning|critical)\b\s*$", re.IGNORECASE)
_NUMBER = r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>%|ms|s|min|h|d|/\s*5)?"
_COMPARED = re.compile(
    rf"^(?P<subject>.*?)\(?\s*(?P<sign><=|>=|≤|≥|<|>)\s*{_NUMBER}\s*(?:\((?P<which>p9[59])\)|capacity)?\s*\)?\s*$",
    re.IGNORECASE,
)
_CHANGE = re.compile(r"\b(drops?|falls?|increases?)\s*$", re.IGNORECASE)
_STATE = re.compile(
    r"^(?P<subject>.*?)\s+(detected|unavailable|down|failures?|issues?|drops)\s*$", re.IGNORECASE
)
_DECISION = re.compile(
    rf"^(?P<subject>[^:<>]*?)\s*(?:(?P<sign>[<>≤≥]=?)\s*{_NUMBER}|(?P<low>\d+(?:\.\d+)?)\s*[-–]\s*\d+(?:\.\d+)?\s*%)"
    r"\s*:\s*(?P<words>.*)$",
)
"""A row of a table of decisions: "Variance 10-20%: Investigate"."""
_EXAMPLES = re.compile(r"\bwhen\b.*\((?P<inside>[^()]*[<>≤≥][^()]*)\)\s*$", re.IGNORECASE)
"""A sentence that says in brackets what it means: "When drift exceeds threshold (PSI >0.2)"."""
_BELOW = re.compile(
    r"\bwhen\s+(?P<subject>.+?)\s+falls?\s+below\s+(?:the\s+)?(?:slo|target)\s*$", re.IGNORECASE
)
"""A sentence whose number stands elsewhere: "When accuracy falls below SLO"."""
_NEW_ROWS = re.compile(
    r"\+?\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[km]?)\s+new\s+(?:samples|rows|records)\b", re.IGNORECASE
)
_SCHEDULED = re.compile(r"^scheduled?\b", re.IGNORECASE)
_WELL = re.compile(r"\b(on track|no action|acceptable)\b", re.IGNORECASE)
_AT_ONCE = re.compile(r"\b(immediate|immediately|escalate)\b", re.IGNORECASE)
_UNITS = {"%": 0.01, "ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}


@dataclass(frozen=True)
class Threshold:
    """One line: what it is about, where the number lies, and what crossing it means; `where` it stands.

    A "limit" is a value, a "change" a share worse than the reference, a "state" has no number.
    """

    checks: tuple[str, ...]
    meaning: Meaning
    value: float
    verdict: Verdict
    where: str

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**asdict(self), "checks": list(self.checks), "verdict": self.verdict.value}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """What `to_json` wrote."""
        return cls(**{**plain, "checks": tuple(plain["checks"]), "verdict": Verdict(plain["verdict"])})


def parse(content: Any, where: str) -> list[Threshold]:
    """The thresholds in text, or in what YAML made of it; `Invalid` with the place of what cannot be read."""
    if isinstance(content, str):
        return list(_lines(repaired(content), where))
    return list(_structure(content, where, Verdict.WARNING))


def repaired(text: str) -> str:
    """The signs of comparison, where UTF-8 was read as Latin."""
    return text.replace("â‰¥", "≥").replace("â‰¤", "≤")


def _structure(content: Any, where: str, verdict: Verdict) -> Iterator[Threshold]:
    if isinstance(content, list):
        for number, each in enumerate(content, 1):
            yield from _item(each, f"{where}[{number}]", verdict)
    elif isinstance(content, Mapping):
        if "metrics" in content and "thresholds" in content:
            yield from paired(content["metrics"], content["thresholds"], where)
            content = {
                name: value for name, value in content.items() if name not in ("metrics", "thresholds")
            }
        for name, value in content.items():
            yield from _entry(str(name), value, f"{where}.{name}", verdict)
    else:
        raise _unread(str(content), where)


def _item(each: Any, where: str, verdict: Verdict) -> Iterator[Threshold]:
    if isinstance(each, str):
        yield from line_of(each, where, verdict)
    elif isinstance(each, Mapping):
        yield from _structure(each, where, verdict)
    else:
        raise _unread(str(each), where)


def _entry(name: str, value: Any, where: str, verdict: Verdict) -> Iterator[Threshold]:
    """A name with a number, with limits by severity, with a severity, or a heading above more."""
    if isinstance(value, Mapping) and set(value) <= {"warning", "critical"} and value:
        for severity, limit in value.items():
            yield from _entry(name, limit, f"{where}.{severity}", Verdict(severity))
    elif isinstance(value, list | Mapping):
        yield from _structure(value, where, headed(name, verdict))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield _threshold(name.replace("_", " "), "limit", float(value), verdict, where)
    elif isinstance(value, str):
        yield from line_of(
            f"{name}: {value}" if _SEVERITY.search(value) else f"{name} {value}", where, verdict
        )
    else:
        raise _unread(f"{name}: {value}", where)


def paired(metrics: Any, limits: Any, where: str) -> Iterator[Threshold]:
    """Seed 003's flags: as many thresholds as metrics, in the same order."""
    names, numbers = (
        [each.strip() for each in given.split(",")] if isinstance(given, str) else given
        for given in (metrics, limits)
    )
    if not isinstance(names, list) or not isinstance(numbers, list) or len(names) != len(numbers):
        raise Invalid(f"{where}: give one threshold for each metric, in the same order.")
    for name, number in zip(names, numbers, strict=True):
        yield from line_of(f"{name} ≥ {number}", f"{where}.{name}", Verdict.WARNING)


def _lines(text: str, where: str) -> Iterator[Threshold]:
    """Markdown: lists, tables, headings and the flags of scripts."""
    verdict = Verdict.WARNING
    flags = flags_in(text)
    if flags:
        yield from paired(flags["metrics"], flags["thresholds"], where)
    for number, line in enumerate(text.splitlines(), 1):
        plain = plain_of(line)
        here = f"{where}, line {number}"
        if line.lstrip().startswith("|"):
            yield from row(plain, here)
        elif is_heading(line, plain):
            verdict = headed(plain, Verdict.WARNING)
        elif not plain.startswith(("--", "python ")):
            yield from line_of(plain, here, verdict)


def plain_of(line: str) -> str:
    """A line without the marks of Markdown."""
    return re.sub(r"^\s*(?:[-*•]|\d+\.)\s+", "", line).replace("**", "").replace("`", "").strip()


def is_heading(line: str, plain: str) -> bool:
    """Whether a line is a title; `plain` is it without its marks."""
    titled = re.search(r"\balerts?\b", plain, re.IGNORECASE) and not _COMPARED.match(plain)
    return not plain or line.lstrip().startswith("#") or plain.endswith(":") or bool(titled)


def headed(name: str, otherwise: Verdict) -> Verdict:
    """What a heading such as "Critical Alerts (Immediate Action)" says of what stands below."""
    return next(
        (each for each in (Verdict.CRITICAL, Verdict.WARNING) if each.value in name.lower()), otherwise
    )


def flags_in(text: str) -> dict[str, str]:
    """The flags `--metrics` and `--thresholds` of a script, if both are there."""
    found = dict(re.findall(r'--(metrics|thresholds)[ =]"?([^"\s\\]+)"?', text))
    return found if len(found) == 2 else {}


def row(line: str, where: str) -> Iterator[Threshold]:
    """A row of a table: the target is a warning, the alert beside it critical (seed 001)."""
    name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
    if not name.strip(":- ") or name.lower() == "metric":
        return
    told = [cell for cell in cells if _COMPARED.match(cell)]
    if not told:
        state = next((cell for cell in cells if _STATE.match(cell)), None)
        if state is None or not checks_about(name):
            raise _unread(line, where)
        yield _threshold(name, "state", 0.0, Verdict.WARNING, where)
        return
    verdicts = (Verdict.WARNING, Verdict.CRITICAL) if len(told) > 1 else (Verdict.WARNING,)
    which = next((found[0] for cell in told if (found := re.findall(r"p9[59]", cell, re.IGNORECASE))), "")
    for cell, verdict in zip((told[0], told[-1]), verdicts, strict=False):
        yield from line_of(
            f"{name} {which} {re.sub(r'[(]p9[59][)]', '', cell, flags=re.IGNORECASE)}", where, verdict
        )


def line_of(line: str, where: str, verdict: Verdict) -> Iterator[Threshold]:
    """What one line says; `Invalid` with the place when that is no threshold."""
    severity = _SEVERITY.search(line)
    if severity:
        line, verdict = line[: severity.start()].strip(), Verdict(severity[1].lower())
    sentence = _sentence(line, where, verdict)
    if sentence is not None:
        yield from sentence
        return
    examples, decision = _EXAMPLES.search(line), _DECISION.match(line)
    if examples:
        for each in examples["inside"].removeprefix("e.g.,").split(","):
            yield from line_of(each.strip(), where, verdict)
        return
    if decision and not severity:
        yield from _decided(decision, where, verdict)
        return
    compared = _COMPARED.match(line)
    if compared:
        subject, value = compared["subject"], _value(compared["number"], compared["unit"])
        if compared["which"]:
            subject = f"{subject} {compared['which']}"
        changed = _CHANGE.search(subject)
        meaning: Meaning = "change" if changed else "limit"
        yield _threshold(_CHANGE.sub("", subject), meaning, value, verdict, where)
        return
    state = _STATE.match(line)
    if state is None and not checks_about(line):
        raise _unread(line, where)
    yield _threshold(state["subject"] if state else line, "state", 0.0, verdict, where)


def _sentence(line: str, where: str, verdict: Verdict) -> list[Threshold] | None:
    """When to retrain, in words (seed 001); None for a line that is no such sentence."""
    if _SCHEDULED.match(line):
        return []  # a schedule is no limit
    if below := _BELOW.search(line):
        return [_threshold(below["subject"], "state", 0.0, verdict, where)]
    if new := _NEW_ROWS.search(line):
        rows = float(new["number"]) * {"k": 1e3, "m": 1e6}.get(new["unit"].lower(), 1.0)
        return [_threshold("new data", "limit", rows, verdict, where)]
    return None


def _decided(decision: re.Match[str], where: str, verdict: Verdict) -> Iterator[Threshold]:
    """Where a decision begins to hold; what is well needs none, what is to be done at once is critical."""
    words = decision["words"]
    if _WELL.search(words):
        return
    value = _value(decision["low"], "%") if decision["low"] else _value(decision["number"], decision["unit"])
    told = Verdict.CRITICAL if _AT_ONCE.search(words) else verdict
    yield _threshold(decision["subject"], "limit", value, told, where)


def _value(number: str, unit: str | None) -> float:
    """A number in the unit of checks: shares of 1, seconds; "3.5/5" stays 3.5."""
    return round(float(number) * _UNITS.get((unit or "").lower(), 1.0), 12)


def _threshold(subject: str, meaning: Meaning, value: float, verdict: Verdict, where: str) -> Threshold:
    checks = checks_about(subject)
    if not checks:
        raise Invalid(
            f"{where}: nothing here is called {subject.strip()[:60]!r}.",
            hint="README, “Checks”, lists what there is.",
        )
    return Threshold(checks, meaning, value, verdict, where)


def _unread(line: str, where: str) -> Invalid:
    return Invalid(f"{where}: {line.strip()[:80]!r} is no threshold.", hint=f"Write {FORMS}.")
