"""The same values with hostile words."""

from collections.abc import Callable
from typing import Any

HOSTILE = (
    "<!channel> <@U0ANN> <#C1> <https://evil.example|click> &lt;!here&gt; *b* _i_ `c` ~s~ @here </section>\n"
    "> q | \"x\" 'y' {{ 7 * 7 }} {% raw %} \x00\u202e <script>alert(1)</script> [a](javascript:b) ]]> &amp; "
)
STRUCTURE = frozenset({
    "id", "state", "code", "style", "button_id", "value", "verdict", "kind", "status", "ok",
    "incident_channel", "channel", "chart_file", "file", "type", "severity", "metadata",
    "actor", "commander", "opened_by", "started_by", "slack", "by",
    "acknowledged_by", "resolved_by", "closed_by", "requested_by", "approved_by", "done_by", "owner", "who",
    "approvers", "responders", "packed", "who_may", "version", "proposed", "incident_id", "current",
})  # fmt: skip


def hostile(value: Any, words: str = HOSTILE) -> Any:
    """The same context with every free text replaced; ids, states and people keep their values."""
    return _mapped(value, lambda _text: words)


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case dict():
            return {key: part if key in STRUCTURE else _mapped(part, change) for key, part in value.items()}
        case list():
            return [_mapped(part, change) for part in value]
        case str():
            return change(value)
        case _:
            return value
