"""Where files lie: a file, folder or glob of this machine, or of an object store behind an address."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from glob import glob
from typing import Any

ENDINGS = (".parquet", ".pq", ".csv", ".csv.gz")
CLOCK_SLACK_SECONDS = 2.0
MOST_STALE_FILES = 2000
NEVER_TOLD = 2**62
"""For the time of a file of which nobody says when it was written: it is always read."""
PARTITION = re.compile(r"^([A-Za-z_][\w.-]*)=(.*)$")
REFUSALS = (
    ("botocore.exceptions", "BotoCoreError"),
    ("botocore.exceptions", "ClientError"),
    ("gcsfs.retry", "HttpError"),
    ("google.auth.exceptions", "GoogleAuthError"),
    ("azure.core.exceptions", "AzureError"),
    ("aiohttp", "ClientError"),
)
"""Modules of file systems, and what these raise beside Python's own errors."""
DAY_NAMES = ("day", "date", "dt", "ds")


class Unlistable(Exception):
    """A place that cannot be looked at; the text says why and what to do."""


@dataclass(frozen=True)
class Stored:
    """A file as it was when it was listed; `store` is None on this machine, else fsspec's file system."""

    modified_ns: int
    path: str
    size: int
    store: Any = field(default=None, compare=False)

    @property
    def modified(self) -> float:
        """Seconds since 1970."""
        return self.modified_ns / 1e9

    @property
    def is_parquet(self) -> bool:
        """By its ending; else it is CSV."""
        return self.path.endswith((".parquet", ".pq"))

    @property
    def partitions(self) -> Mapping[str, str]:
        """What the folders above say of every row: {"day": "2026-11-20"} for …/day=2026-11-20/….parquet."""
        told = map(PARTITION.match, self.path.split("/")[:-1])
        return {match[1]: match[2] for match in told if match}

    @property
    def day(self) -> date | None:
        """The day of all its rows, when a folder above is named by one."""
        for folder in reversed(self.path.split("/")[:-1]):
            name, _, value = folder.rpartition("=")
            if not name or name in DAY_NAMES:
                try:
                    return date.fromisoformat(value)
                except ValueError:
                    continue
        return None

    def open(self) -> Any:
        """What pyarrow can read from: a path of this machine, else an open file."""
        return self.path if self.store is None else self.store.open(self.path, "rb")


def list_files(place: str) -> list[Stored]:
    """The files of a file, directory (all below it) or glob, oldest first, without hidden and `_` ones.

    Addresses such as s3://bucket/folder are looked up through fsspec; Unlistable when that cannot be.
    """
    found = _elsewhere(place) if "://" in place else filter(None, map(_stored, _paths(place)))
    return sorted(found, key=lambda stored: (stored.modified_ns, stored.path))


def _paths(place: str) -> list[str]:
    if os.path.isdir(place):  # noqa: PTH112 - os.walk is three times as fast as Path.rglob on many files
        return [os.path.join(at, name) for at, _, names in os.walk(place) for name in names]  # noqa: PTH118 - same
    return glob(place, recursive=True)  # noqa: PTH207 - the pattern may be absolute, which Path.glob refuses


def _is_ours(path: str) -> bool:
    name = path.rpartition("/")[2]
    return not name.startswith((".", "_")) and name.endswith(ENDINGS)


def _stored(path: str) -> Stored | None:
    if not _is_ours(path):
        return None
    try:
        status = os.stat(path)  # noqa: PTH116 - called for thousands of files
    except OSError:  # it vanished between the listing and now: compacted or renamed
        return None
    return Stored(status.st_mtime_ns, path, status.st_size)


def _elsewhere(address: str) -> Iterator[Stored]:
    try:
        import fsspec  # of the extra “cloud”

        store, path = fsspec.core.url_to_fs(address)
    except ImportError as error:
        hint = 'needs more packages: pip install "tocsin[cloud]"'
        raise Unlistable(f"an address of the kind {address.partition(':')[0]}:// {hint} ({error})") from error
    except ValueError as error:
        raise Unlistable(f"is no address that can be read ({error})") from error
    try:
        found = store.glob(path, detail=True) if set(path) & set("*?[") else store.find(path, detail=True)
    except FileNotFoundError:
        return
    except _refusals() as error:
        raise Unlistable(f"cannot be listed ({type(error).__name__}: {str(error)[:120]})") from error
    for name, told in found.items():
        if told.get("type") == "file" and _is_ours(name):
            yield Stored(_modified(told), name, int(told.get("size") or 0), store)


def _refusals() -> tuple[type[Exception], ...]:
    """What file systems raise; each library's own errors once it is loaded, for before it raises none."""
    theirs = (getattr(sys.modules.get(module), name, None) for module, name in REFUSALS)
    usual = (OSError, ValueError, LookupError, TypeError, RuntimeError, ImportError)
    return (*usual, *(each for each in theirs if isinstance(each, type) and issubclass(each, Exception)))


def _modified(told: Mapping[str, Any]) -> int:
    """Nanoseconds since 1970; every store calls it something else."""
    for name in ("mtime", "LastModified", "last_modified", "updated", "modified", "created"):
        at = told.get(name)
        if isinstance(at, int | float):
            return int(at * 1e9)
        if isinstance(at, str):
            at = datetime.fromisoformat(at)
        if isinstance(at, datetime):
            return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1e9)
    return NEVER_TOLD


def recent(files: Sequence[Stored], start: float) -> list[Stored]:
    """The files that can hold rows after `start`, seconds since 1970: rows are written after they happened.

    Only while files still come: when the newest is older than `start`, the files' clock may not be ours, and
    the newest `MOST_STALE_FILES` are all read. Folders named by a day before are left out in any case.
    """
    first = (datetime.fromtimestamp(start, UTC) - timedelta(days=1)).date()
    files = [each for each in files if each.day is None or each.day >= first]
    if not files or files[-1].modified < start:
        return list(files[-MOST_STALE_FILES:])
    return [each for each in files if each.modified >= start - CLOCK_SLACK_SECONDS]
