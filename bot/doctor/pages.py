"""Pages of runbooks: which of their lines are thresholds, and which are not?"""

from __future__ import annotations

from bot.doctor.answer import Answer, ok
from bot.doctor.patient import Patient
from bot.thresholds import pages_of


def pages(patient: Patient) -> Answer:
    """What was read of each."""
    found = pages_of(patient.settings, patient.folder)
    return ok(" · ".join(each.told() for each in found) or "every line was read")
