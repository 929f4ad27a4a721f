"""What people can do: the table of contents of commands, buttons and forms."""

from __future__ import annotations

from handlers.alert_buttons import AlertButtons
from handlers.command import Command
from handlers.door import Door
from handlers.home import Home
from handlers.incident_buttons import IncidentButtons
from handlers.incident_commands import IncidentCommands
from handlers.incident_forms import IncidentForms
from handlers.model_commands import ModelCommands
from handlers.oncall_buttons import OnCallButtons
from handlers.oncall_commands import OnCallCommands
from handlers.ops_commands import OpsCommands
from handlers.rollback_buttons import RollbackButtons
from handlers.step_buttons import StepButtons
from handlers.toolbox import Toolbox
from handlers.unknown import unknown

__all__ = ["Door", "Toolbox", "register"]


def register(door: Door, tools: Toolbox) -> None:
    """Everything that Slack may send us, each with the one who answers it."""
    ops, home = OpsCommands(tools), Home(tools)
    door.command("/incident", Command("/incident", IncidentCommands(tools).verbs()))
    door.command("/model", Command("/model", ModelCommands(tools).verbs()))
    door.command("/ops", Command("/ops", {**ops.verbs(), **OnCallCommands(tools).verbs()}))
    door.button("ops.summary", home.summary)
    _alerts(door, tools, ops)
    _incidents(door, tools)
    _rollbacks(door, tools)
    door.home(home.show)
    door.otherwise(unknown)


def _alerts(door: Door, tools: Toolbox, ops: OpsCommands) -> None:
    alert, duty = AlertButtons(tools), OnCallButtons(tools)
    door.button("alert.acknowledge", alert.acknowledge)
    door.button("alert.silence", alert.silence)
    door.button("alert.declare", alert.declare)
    door.button("alert.evidence", alert.evidence)
    door.button("alert.oncall", duty.who)
    door.button("page.acknowledge", duty.acknowledge)
    door.form("alert.silence", alert.silence_form)
    door.button("silence.make", ops.alerts.confirm)
    door.button("silence.lift", ops.alerts.lift)
    door.message_shortcut("incident.declare_from_message", alert.declare_from_message)


def _incidents(door: Door, tools: Toolbox) -> None:
    card, step, forms = IncidentButtons(tools), StepButtons(tools), IncidentForms(tools)
    door.button("incident.declare", card.declare)
    door.button("incident.take_command", card.take_command)
    door.button("incident.update", card.update)
    door.button("incident.resolve", card.resolve)
    door.button("incident.postmortem", card.postmortem)
    door.button("incident.close", card.close)
    door.button("step.tick", step.tick)
    door.button("step.run", step.run)
    door.form("incident.declare", forms.declare)
    door.form("incident.update", forms.update)
    door.form("incident.resolve", forms.resolve)


def _rollbacks(door: Door, tools: Toolbox) -> None:
    rollback = RollbackButtons(tools)
    door.button("rollback.request", rollback.request)
    door.button("rollback.approve", rollback.approve)
    door.button("rollback.apply", rollback.approve)
    door.button("rollback.reject", rollback.reject)
    door.button("rollback.undo", rollback.undo)
