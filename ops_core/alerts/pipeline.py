"""The pipeline, in Alertmanager's vocabulary: what happens to an alert, stage by stage.

The first two lists work on a batch of what was heard, before and in the transaction that makes it durable;
the last on one group at a time, in the transaction that records what is said of it.
"""

from __future__ import annotations

from collections.abc import Callable

from ops_core.alerts.batch import Batch
from ops_core.alerts.stages.deduplicate import deduplicate
from ops_core.alerts.stages.fingerprint import fingerprint
from ops_core.alerts.stages.group import group
from ops_core.alerts.stages.inhibit import inhibit
from ops_core.alerts.stages.keep import keep
from ops_core.alerts.stages.notify import notify
from ops_core.alerts.stages.quiet import quiet
from ops_core.alerts.stages.record import record
from ops_core.alerts.stages.rise import rise
from ops_core.alerts.stages.route import route
from ops_core.alerts.stages.settle import settle
from ops_core.alerts.stages.silence import silence
from ops_core.alerts.stages.weigh import weigh
from ops_core.alerts.telling import Telling

NAMING: tuple[Callable[[Batch], None], ...] = (fingerprint,)
"""What needs no database: it is done before the turn to write has come."""
INTAKE: tuple[Callable[[Batch], None], ...] = (
    deduplicate,
    group,
    inhibit,
    silence,
    quiet,
    keep,
)
JUDGING: tuple[Callable[[Batch], None], ...] = (inhibit, silence, quiet)
"""Those that find a reason not to tell; run again when a silence is made or lifted, or one ends."""
TELLING: tuple[Callable[[Telling], None], ...] = (weigh, route, rise, settle, notify, record)
