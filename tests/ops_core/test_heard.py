"""Which alert is which."""

from __future__ import annotations

from datetime import UTC, datetime

from ops_core.alerts.heard import Heard
from ops_core.severity import Severity

AT = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


def heard(source: str = "alertmanager", **labels: str) -> Heard:
    """An alert with these labels."""
    return Heard(source, labels, {}, AT)


def test_labels_in_another_order_are_the_same_alert() -> None:
    """Sources order labels as they like."""
    assert heard(a="1", b="2").fingerprint == heard(b="2", a="1").fingerprint


def test_another_severity_is_another_alert_where_it_is_a_label() -> None:
    """As two rules of one name are; what the source says beside its labels makes no difference."""
    assert heard(a="1", severity="warning").fingerprint != heard(a="1", severity="critical").fingerprint
    assert heard(a="1")._replace(severity=Severity.P0).fingerprint == heard(a="1").fingerprint


def test_another_source_or_label_is_another_alert() -> None:
    """Nothing is merged that may be two things."""
    prints = {heard(a="1").fingerprint, heard("grafana", a="1").fingerprint, heard(a="1", b="").fingerprint}
    assert len(prints) == 3


def test_text_cannot_be_moved_between_labels() -> None:
    """Labels that read the same when written one after the other are still different alerts."""
    assert heard(a="1:b", c="").fingerprint != heard(a="1", b="", c="").fingerprint
    assert heard(ab="c").fingerprint != heard(a="bc").fingerprint
