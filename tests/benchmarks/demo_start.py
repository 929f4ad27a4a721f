"""How long a stranger waits from `make demo` to the first alert card, the first time and the second."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from bot.demo.child import last_words
from tests.benchmarks.figure import PUBLISHED, Figure, spread
from tests.benchmarks.stand import ROOT

LONGEST_SECONDS = 300
LOOK_SECONDS = 0.05
CARD = "alert.acknowledge"
TREE = "BENCH_TREE"
"""Set to `working` to measure the working tree instead of the last commit."""
PEERS = PUBLISHED.format("9–14 manual steps and a Slack administrator")
FORGOTTEN = ("PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV", "UV_CACHE_DIR", "PIP_CACHE_DIR", "XDG_CACHE_HOME")
OF_MAKE = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "ONLY", "PORT", "PLAY")


def measure(folder: Path) -> Iterator[Figure]:
    """The real target, with an empty home, so that every package is downloaded."""
    clone, home = folder / "clone", folder / "home"
    home.mkdir()
    _copy(clone)
    cold = _first_card(clone, home)
    yield Figure("make demo to the first alert card, cold", cold, "s", bar=90, peer=PEERS)
    warm = sorted(_first_card(clone, home) for _ in range(3))
    yield Figure(
        "make demo to the first alert card, warm",
        warm[1],
        "s",
        bar=15,
        note=spread(warm),
    )


def _copy(clone: Path) -> None:
    if os.environ.get(TREE) != "working":
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)  # noqa: S607 - git of the PATH
        return
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - the same
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, clone / name)


def _first_card(clone: Path, home: Path) -> float:
    port, log = _free_port(), clone.parent / "demo.log"
    began = time.monotonic()
    with _make(clone, home, port, log) as make:
        while not _shows_card(port):
            if make.poll() is not None or time.monotonic() - began > LONGEST_SECONDS:
                raise TimeoutError(f"make demo showed no alert:\n{last_words(log)}")
            time.sleep(LOOK_SECONDS)
        return time.monotonic() - began


@contextmanager
def _make(clone: Path, home: Path, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {name: value for name, value in os.environ.items() if name not in (*FORGOTTEN, *OF_MAKE)}
    with log.open("wb") as output:
        make = subprocess.Popen(
            ["make", "demo", f"PORT={port}"],  # noqa: S607 - make of the PATH
            cwd=clone,
            env=environment | {"HOME": str(home)},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    family = psutil.Process(make.pid)
    try:
        yield make
    finally:
        started = family.children(recursive=True) if family.is_running() else []
        os.killpg(make.pid, signal.SIGINT)  # Ctrl-C, as a person would
        _, left = psutil.wait_procs([*started, family], timeout=20)
        for one in left:
            one.kill()
        make.wait()


def _shows_card(port: int) -> bool:
    try:
        page = httpx.get(
            f"http://127.0.0.1:{port}/person/channels/ml-alerts", params={"as": "ana"}, trust_env=False
        )
    except httpx.TransportError:
        return False
    return CARD in page.text


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
