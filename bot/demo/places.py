"""The names, files and pace of the demo, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

MODEL = "breast-cancer"
ALIAS = "champion"

HISTORY = timedelta(hours=24)
"""How long v1 has served before the demo begins."""


@dataclass(frozen=True)
class Pace:
    """`rate` rows a second, after `burst` rows that were waiting; labels come `delay` later."""

    rate: float = 60
    burst: int = 200
    delay: timedelta = timedelta(seconds=2)


@dataclass(frozen=True)
class Places:
    """Where everything lies below one folder."""

    folder: Path

    @property
    def database(self) -> Path:
        """MLflow's SQLite file."""
        return self.folder / "mlflow.db"

    @property
    def tracking_uri(self) -> str:
        """The same, as MLflow wants to be told."""
        return f"sqlite:///{self.database.absolute()}"

    @property
    def artifacts(self) -> Path:
        """MLflow's artifacts, among them the models."""
        return self.folder / "artifacts"

    @property
    def training(self) -> Path:
        """What the trainer hands to registration: a folder for each version."""
        return self.folder / "training"

    @property
    def moves(self) -> Path:
        """When which version got the alias, as JSON."""
        return self.training / "moves.json"

    @property
    def reference(self) -> Path:
        """v1's validation rows with scores, predictions and labels, as one Parquet file."""
        return self.folder / "reference.parquet"

    @property
    def rows(self) -> Path:
        """The held-out rows, with labels, that come as traffic."""
        return self.folder / "rows.parquet"

    @property
    def predictions(self) -> Path:
        """A folder of Parquet files: request_id, at, model_version, 30 features, score, prediction."""
        return self.folder / "predictions"

    @property
    def labels(self) -> Path:
        """A folder of Parquet files: request_id, at, label."""
        return self.folder / "labels"

    @property
    def logs(self) -> Path:
        """What the child processes print."""
        return self.folder / "logs"

    @property
    def world(self) -> Path:
        """Addresses, process ids and the history of the alias, as JSON."""
        return self.folder / "world.json"

    def all(self) -> tuple[Path, ...]:
        """Everything that a fresh world clears away; nothing else in the folder is touched."""
        return (
            self.database,
            self.artifacts,
            self.training,
            self.reference,
            self.rows,
            self.predictions,
            self.labels,
            self.logs,
            self.world,
        )
