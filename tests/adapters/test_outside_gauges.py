"""Ages of files and addresses, and the feature store's health, against real files and sockets."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from bot.adapters.ages import AgeGauge
from bot.adapters.feast import FeatureStoreGauge
from bot.adapters.outside import LARGEST_BYTES, Outside
from ops_core.errors import Unavailable
from ops_core.signals.signal import Signal

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def aged(path: Path, age: timedelta, content: str = "x") -> Path:
    """A file that was written that long ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    at = (NOW - age).timestamp()
    os.utime(path, (at, at))
    return path


def read(place: Path | str, **other: object) -> Signal:
    """The one signal of a place."""
    (signal,) = AgeGauge("backup.age", "models", str(place), **other).read(NOW)  # type: ignore[arg-type]  # by name
    return signal


@contextmanager
def answering(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of a server that says the same to every GET."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_newest_file_of_a_folder_counts(tmp_path: Path) -> None:
    """However deep it lies."""
    aged(tmp_path / "old.tar", 30 * HOUR)
    aged(tmp_path / "2026" / "new.tar", 2 * HOUR)
    assert read(tmp_path).value == 7200.0
    assert read(tmp_path, within=26 * HOUR).planned == 26 * 3600.0


def test_a_glob_looks_only_at_what_it_names(tmp_path: Path) -> None:
    """The log beside the backups is newer, and no backup."""
    aged(tmp_path / "a" / "models.tar", 3 * HOUR)
    aged(tmp_path / "a" / "backup.log", HOUR)
    assert read(tmp_path / "*" / "*.tar").value == 3 * 3600.0


def test_an_empty_file_is_no_backup_but_a_heartbeat(tmp_path: Path) -> None:
    """A disk that is full leaves such."""
    aged(tmp_path / "models.tar", HOUR, content="")
    assert read(tmp_path, empty_counts=False).absent
    assert read(tmp_path).value == 3600.0


@pytest.mark.parametrize("place", ["nowhere", "nowhere/*.tar", "no[where"])
def test_what_is_not_there_is_absent(tmp_path: Path, place: str) -> None:
    """It was looked for: that is an answer, not an error."""
    signal = read(tmp_path / place)
    assert signal.absent and signal.value is None and "nothing is at" in signal.said


def test_what_cannot_be_looked_at_is_told(tmp_path: Path) -> None:
    """Such as a name that no file system has."""
    with pytest.raises(Unavailable, match="cannot be looked at: File name too long"):
        read(tmp_path / ("x" * 300))


def test_an_address_tells_its_time() -> None:
    """As JSON, in its header, or by answering at all."""
    told = json.dumps({"at": "2026-11-25T11:00:00Z"}).encode()
    with answering(200, told) as url:
        assert read(url).value == 3600.0
    with answering(200, b"", {"Last-Modified": "Wed, 25 Nov 2026 10:00:00 GMT"}) as url:
        assert read(url).value == 7200.0
    with answering(200, b"fine") as url:
        assert read(url).value == 0.0


def test_an_address_without_a_page_is_absent() -> None:
    """404: nothing was ever written there."""
    with answering(404) as url:
        assert read(url).absent


@pytest.mark.parametrize(
    ("status", "body"), [(500, b""), (200, b'{"at": "yesterday"}'), (200, b'{"at": 1e40}')]
)
def test_an_address_that_makes_no_sense_is_told(status: int, body: bytes) -> None:
    """The status, or what it gave for a time."""
    with answering(status, body) as url, pytest.raises(Unavailable, match=r"answered 500|is no time"):
        read(url)


def test_a_feature_store_that_answers_is_well() -> None:
    """Feast says 200 and nothing else."""
    with answering(200) as url:
        (signal,) = FeatureStoreGauge(f"{url}/").read(NOW)
    assert (signal.value, signal.said) == (1.0, "answers")


def test_a_feature_store_that_is_down_says_why() -> None:
    """Port 9 of loopback refuses; another one is not well."""
    (down,) = FeatureStoreGauge("http://127.0.0.1:9").read(NOW)
    with answering(503) as url:
        (ill,) = FeatureStoreGauge(url).read(NOW)
    assert down.value == ill.value == 0.0
    assert "refused" in down.said and ill.said == "is unavailable: it answered 503"


def test_an_answer_without_end_is_cut_off() -> None:
    """Memory is bounded, whatever is sent."""
    with (
        answering(200, b"x" * (LARGEST_BYTES + 1)) as url,
        pytest.raises(Unavailable, match="more than 8 MB"),
    ):
        Outside("it", timedelta(seconds=20)).get(url)
