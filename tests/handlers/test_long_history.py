"""After years in use: what happens often, or is waited for, does not read all that ever happened."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from bot.metrics import Metrics
from tests.handlers.test_alerts import ask, hear
from tests.handlers.test_oncall import direct
from tests.wire import Scene, has_button

GROWING = ("alert", "alert_group", "outbox", "task", "audit", "timeline_entry", "page", "escalation")
"""Tables that get rows as long as the bot runs, and never lose any."""
SCRAPED = ("GROUP BY alert.state, alert_group.state", "GROUP BY outbox.state")
"""What monitors ask for counts all rows, by an index that has nothing else."""
Asked = dict[str, Any]


def test_nothing_reads_a_whole_history(stage: Scene) -> None:
    """From an alert to the end of its incident, and what is listed, counted and looked for meanwhile."""
    with asked(stage.tocsin.database.engine) as questions:
        card = hear(stage, "gpu-1")
        hear(stage, "gpu-2", severity="P0", alertname="Down")
        stage.ana.press(card, "alert.acknowledge")
        stage.ana.wait_message("ml-alerts", "Acknowledged by Ana Ruiz")
        ask(stage, "silence service=ranker alertname=Disk.* 4h because a move", "silent until")
        ask(stage, "alerts", "A-1")
        ask(stage, "alerts why A-1", "A-1")
        ask(stage, "audit", "The chain of entries is whole")
        stage.ana.command("/ops", "summary", "ml-ops")
        stage.ana.wait_message("ml-ops", "Daily summary")
        stage.ana.open_home()
        stage.ben.shortcut("incident.declare_from_message", card)
        stage.ben.submit(stage.ben.wait_view("ranker"))
        stage.ana.wait_message("ml-alerts", "Handled as")
        stage.resolved(stage.ben)
        stage.declare(stage.ben, severity="P0")
        stage.ana.wait_message(direct(stage), "You are paged")
        stage.tocsin.rehearsal.run()
        stage.tocsin.alert_loop.groups.work_all()
        Metrics(stage.tocsin.store, stage.tocsin.sender.courier.slack.traffic, {}, {}).text()
        stage.ana.wait_message("ml-alerts", lambda each: not has_button("alert.acknowledge")(each))
    assert len(questions) > 60
    assert whole_reads(str(stage.folder / "tocsin.db"), questions) == []


@contextmanager
def asked(engine: Engine) -> Iterator[Asked]:
    """Every statement that reads or changes rows, with parameters with which it was once asked."""
    questions: Asked = {}

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            questions.setdefault(statement, given[0] if many else given)

    event.listen(engine, "before_cursor_execute", note)
    yield questions
    event.remove(engine, "before_cursor_execute", note)


def whole_reads(path: str, questions: Asked) -> list[tuple[str, str]]:
    """The statements for which SQLite goes through a growing table row by row, and how it says so."""
    found = []
    with sqlite3.connect(path) as connection:
        for statement, given in questions.items():
            plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", given).fetchall()
            words = " ".join(statement.split())
            found += [(said, words) for *_, said in plan if _is_whole(said) and not _is_bounded(words)]
    connection.close()
    return found


def _is_whole(said: str) -> bool:
    """A partial index holds what is open: what fires, what waits to be told."""
    table = re.match(r"SCAN (\w+)(?! .*(_firing|_dirty))", said)
    return table is not None and table[1] in GROWING


def _is_bounded(words: str) -> bool:
    newest_first = re.search(r"FROM (\w+) ORDER BY \1\.id DESC LIMIT", words)
    return newest_first is not None or any(counted in words for counted in SCRAPED)
