"""Sets up the demo's world and keeps it running: registry, model server and traffic."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.adapters.serving import HttpServing
from bot.demo.child import WITH_PARENT, last_words, start_child, stop_child
from bot.demo.places import ALIAS, MODEL, Pace, Places
from ops_core.clock import Clock, SystemClock
from ops_core.errors import Unavailable

READY_SECONDS = 60
LOOK_SECONDS = 0.05


class World(AbstractContextManager["World"]):
    """A model that served well as v1 for a day and has just been replaced by v2, below `folder`.

    The model server and the traffic are processes of their own, on loopback; they end with us, even
    when we are killed. Only the files named by `Places` are cleared away and written.
    """

    def __init__(self, folder: Path, pace: Pace = Pace(), clock: Clock | None = None) -> None:  # noqa: B008 - frozen
        self.places = Places(folder.absolute())
        self.serving_url = ""
        self._pace = pace
        self._clock = clock or SystemClock()
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop when the block ends."""
        self.stop()

    def prepare(self) -> None:
        """Files and registry only: train and register both versions, write v1's day, promote v2."""
        self._clear()
        self._start_registration()
        self._wait_for_registration()
        self._promote()

    def start(self) -> None:
        """All of it; returns when v2 answers and the traffic is on its way."""
        with ExitStack() as undone:
            undone.callback(self.stop)
            self.begin()
            self.promote()
            undone.pop_all()

    def begin(self) -> None:
        """v1 answers, as it has for a day, and the traffic is on its way."""
        self._clear()
        self._start_registration()  # the slowest, so first; the server waits for it
        self.start_server()
        self._wait_for_registration()
        self.wait_until_serving("1")
        self.start_traffic()

    def promote(self) -> None:
        """Somebody promotes v2; returns when it answers."""
        self._promote()
        self.wait_until_serving("2")
        self._describe()

    def stop(self) -> None:
        """End all processes, the last started first."""
        while self._children:
            stop_child(self._children.popitem()[1])

    @property
    def processes(self) -> dict[str, int]:
        """The process id of each part that we have started and not stopped."""
        return {name: child.pid for name, child in self._children.items()}

    def start_server(self) -> None:
        """Start the model server on a free port of loopback."""
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))  # bound here, so that nobody else can take the port
            self.serving_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            descriptor = listening.fileno()
            args = ["--dir", str(self.places.folder), "--fd", str(descriptor), WITH_PARENT]
            self._start("server", args, keep=(descriptor,))

    def start_traffic(self) -> None:
        """Start asking the model server."""
        args = ["--dir", str(self.places.folder), "--server", self.serving_url, WITH_PARENT]
        args += ["--rate", f"{self._pace.rate:g}", "--burst", str(self._pace.burst)]
        self._start("traffic", [*args, "--label-delay", f"{self._pace.delay.total_seconds():g}"])

    def wait_until_serving(self, version: str) -> None:
        """Return when the model server answers with `version`; raises `Unavailable` when it does not."""
        serving = HttpServing(timedelta(seconds=1))
        deadline = time.monotonic() + READY_SECONDS
        while (state := serving.probe(self.serving_url)).version != version or not state.healthy:
            if time.monotonic() > deadline or self._children["server"].poll() is not None:
                raise Unavailable(f"The model server does not serve v{version}: {state.error}")
            time.sleep(LOOK_SECONDS)

    def _start(self, name: str, args: list[str], keep: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
        child = start_child(f"bot.demo.{name}", args, self._log(name), keep)
        self._children[name] = child
        return child

    def _start_registration(self) -> None:
        now = self._clock.now().isoformat()
        self._start("registration", ["--dir", str(self.places.folder), "--now", now])

    def _wait_for_registration(self) -> None:
        registration = self._children["registration"]
        while not self.places.moves.exists():
            if registration.poll() is not None:
                reason = last_words(self._log("registration"))
                raise Unavailable(f"The demo's models could not be made: {reason}", may_retry=False)
            time.sleep(LOOK_SECONDS)

    def _promote(self) -> None:
        registration = self._children.pop("registration")
        if registration.stdin is not None:
            registration.stdin.write(b"promote\n")
            registration.stdin.flush()
        code = registration.wait(READY_SECONDS)
        stop_child(registration)
        if code:
            reason = last_words(self._log("registration"))
            raise Unavailable(f"Version 2 could not be promoted: {reason}", may_retry=False)

    def _log(self, name: str) -> Path:
        return self.places.logs / f"{name}.log"

    def _clear(self) -> None:
        for place in self.places.all():
            if place.is_dir():
                shutil.rmtree(place)
            else:
                place.unlink(missing_ok=True)
        self.places.folder.mkdir(parents=True, exist_ok=True)

    def _describe(self) -> None:
        description = {
            "model": MODEL,
            "alias": ALIAS,
            "aliases": json.loads(self.places.moves.read_text()),
            "tracking_uri": self.places.tracking_uri,
            "serving_url": self.serving_url,
            "reference": str(self.places.reference),
            "predictions": str(self.places.predictions),
            "labels": str(self.places.labels),
            "processes": self.processes,
        }
        self.places.world.write_text(json.dumps(description, indent=2))
