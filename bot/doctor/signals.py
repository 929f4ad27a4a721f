"""What is read outside for a model or system: does each query, address and file answer?"""

from __future__ import annotations

from bot.doctor.answer import Answer, failed, ok, warning
from bot.doctor.patient import Patient
from bot.wiring.signals import signal_plans
from ops_core.clock import SystemClock
from ops_core.errors import OpsError
from ops_core.signals.gather import gather


def signals(patient: Patient, name: str) -> Answer:
    """Everything that is set can be read."""
    try:
        plan = signal_plans(patient.settings, patient.folder)[name]
    except OpsError as error:
        return failed(error.message, error.hint)
    if not plan.gauges:
        return ok("nothing is read outside")
    found = [one for each in gather(plan.gauges, SystemClock().now()).values() for one in each]
    unread = [one for one in found if one.error or one.absent]
    if unread:
        first = unread[0]
        more = f", and {len(unread) - 1} more" if len(unread) > 1 else ""
        return warning(
            f"{first.name}: {first.error or first.said}{more}", f"Correct `{name}`, or mend the source."
        )
    return ok(f"{len(found)} signal{'' if len(found) == 1 else 's'} can be read")
