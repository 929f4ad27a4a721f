"""The labels that matchers see, the same for inhibitions, silences, quiet hours, maintenance and routes."""

from __future__ import annotations

from ops_core.alerts.matcher import SEVERITY_AS_SAID
from ops_core.alerts.rules import Labels, Rules
from ops_core.severity import Severity

_CODES = frozenset(one.value for one in Severity)


def matchable(rules: Rules, source: str, labels: Labels, severity: Severity) -> Labels:
    """The alert's own labels, what the settings know of its model, its source and its severity.

    `severity` is ours, P0 to P3; the word that the alert's own label has for it may be matched as well, but
    a source that writes our codes does not decide which of them it is.
    """
    known = rules.known.get(labels.get("model", ""), {})
    said = labels.get("severity") or severity.value
    said = severity.value if said in _CODES else said
    return {**known, **labels, "source": source, "severity": severity.value, SEVERITY_AS_SAID: said}
