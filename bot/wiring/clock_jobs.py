"""What happens by the clock: tasks by their kind, jobs by their trigger."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import handlers
from bot.clockwork import Do, Job
from bot.settings import Settings
from ops_core.alerts import responses
from ops_core.checks.cadence import Cadence
from ops_core.incidents import diagnostics
from ops_core.remediation.runner import Runner


def tasks(tools: handlers.Toolbox, runner: Runner, diagnosis: diagnostics.Diagnostics) -> Mapping[str, Do]:
    """Who does a task of each kind."""
    return {
        "summary.post": tools.summaries.post_due,
        "review.weekly": tools.reviews.post_due,
        "review.monthly": tools.reviews.post_due,
        "incident.response_near": tools.incidents.warn,
        "incident.response_due": tools.incidents.remind,
        "incident.update_due": tools.incidents.remind,
        "incident.postmortem_due": tools.incidents.remind,
        responses.NEAR: tools.alert_responses.warn,
        responses.DUE: tools.alert_responses.remind,
        "alert.rejudge": tools.alerts.groups.rejudge_due,
        "alert.settle": tools.alerts.groups.settle,
        "step.run": diagnosis.run,
        "rollback.apply": runner.apply,
        "rollback.verify": runner.verify,
        "rollback.undo": runner.undo,
    }


def jobs(settings: Settings, tools: handlers.Toolbox) -> list[Job]:
    """The summary and the reviews, and the checkups of each model and system."""
    schedule = settings.schedule
    crons = {each: getattr(schedule, each.value) for each in Cadence if each is not Cadence.LIVE}
    posts = {"daily summary": ("summary.post", schedule.summary)}
    posts |= {f"{each} review": (f"review.{each}", crons[each]) for each in (Cadence.WEEKLY, Cadence.MONTHLY)}
    posted = [
        Job(name, task=kind, cron=cron, timezone=schedule.timezone) for name, (kind, cron) in posts.items()
    ]
    watched = {**settings.models, **settings.systems}
    looks = [
        Job(f"checkup of {name}", partial(tools.checkups.run, name, Cadence.LIVE), every=one.every)
        for name, one in watched.items()
    ]
    seldom = [
        Job(
            f"{each} checkup of {name}",
            partial(tools.checkups.run, name, each),
            cron=cron,
            timezone=schedule.timezone,
        )
        for name in settings.models
        for each, cron in crons.items()
    ]
    return [*posted, *looks, *seldom]
