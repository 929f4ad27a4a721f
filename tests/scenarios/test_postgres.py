"""The bot on PostgreSQL: the same walk as on SQLite."""

from pathlib import Path

from tests.databases import Postgres
from tests.wire import scene


def test_an_incident_goes_its_way_on_postgresql(tmp_path: Path, server: Postgres) -> None:
    """From the form over a restart to the end; the rows are where the settings say."""
    with scene(tmp_path, more={"database": server.make()}) as stage:
        card = stage.resolved()
        stage.stop()
        stage.start()
        assert stage.ana.press(card, "incident.postmortem")["ok"]
        assert stage.ana.press(stage.offering(card, "incident.close"), "incident.close")["ok"]
        stage.showing(card, "closed")
