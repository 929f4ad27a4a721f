"""What happens by the clock: tasks by their kind, jobs by their trigger."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import handlers
from bot.clockwork import Do, Job
from bot.settings import Settings
from ops_core.incidents import diagnostics
from ops_core.remediation.runner import Runner


def tasks(tools: handlers.Toolbox, runner: Runner, diagnosis: diagnostics.Diagnostics) -> Mapping[str, Do]:
    """Who does a task of each kind."""
    return {
        "summary.post": tools.summaries.post_due,
        "incident.response_due": tools.incidents.remind,
        "incident.update_due": tools.incidents.remind,
        "incident.postmortem_due": tools.incidents.remind,
        "alert.rejudge": tools.alerts.groups.rejudge_due,
        "alert.settle": tools.alerts.groups.settle,
        "step.run": diagnosis.run,
        "rollback.apply": runner.apply,
        "rollback.verify": runner.verify,
        "rollback.undo": runner.undo,
    }


def jobs(settings: Settings, tools: handlers.Toolbox) -> list[Job]:
    """The summary, and a checkup of each model and system."""
    summary = Job(
        "daily summary",
        task="summary.post",
        cron=settings.schedule.summary,
        timezone=settings.schedule.timezone,
    )
    return [summary] + [
        Job(f"checkup of {name}", partial(tools.checkups.run, name), every=model.every)
        for name, model in (*settings.models.items(), *settings.systems.items())
    ]
