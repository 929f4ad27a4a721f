"""Environments of the peers, each with the versions that it needs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Peer:
    """A tool that does a part of the same job; `pins` are what it can be installed with."""

    name: str
    pins: tuple[str, ...]

    def python(self, folder: Path) -> Path | None:
        """The Python of its environment, made unless it is there; None when it cannot be installed."""
        place = folder / self.name
        done = place / ".done"
        if not done.exists() and not self._install(place):
            return None
        done.touch()
        return place / "bin" / "python"

    def _install(self, place: Path) -> bool:
        uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
        make = (
            [uv, "venv", "-q", "--clear", "--python", sys.executable]
            if uv
            else [sys.executable, "-m", "venv"]
        )
        pip = [uv, "pip"] if uv else [str(place / "bin" / "python"), "-m", "pip"]
        environment = {**os.environ, "VIRTUAL_ENV": str(place)}
        for command in ([*make, str(place)], [*pip, "install", "-q", *self.pins]):
            ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            if ran.returncode:
                print(f"{self.name} cannot be installed: {ran.stderr[-300:]}", file=sys.stderr)
                return False
        return True


EVIDENTLY = Peer("evidently", ("evidently", "pandas<3", "pyarrow"))
NANNYML = Peer(
    "nannyml",
    (
        "nannyml",
        "pandas<2.3",
        "numpy<2.3",
        "scikit-learn<1.6",
        "category-encoders<2.7",
        "statsmodels",
        "pyarrow",
    ),
)
ALIBI_DETECT = Peer("alibi-detect", ("alibi-detect", "pyarrow<20", "pandas"))
RIVER = Peer("river", ("river",))
