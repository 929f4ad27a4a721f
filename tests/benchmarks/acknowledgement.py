"""Many commands at once: how soon each is acknowledged, and whether every one is answered."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bot.workspace.person import PersonClient
from tests.benchmarks.burst import Acknowledged, fire
from tests.benchmarks.figure import Figure, percentile
from tests.benchmarks.stand import bot, configured, program, until, workspace

WORK_SECONDS = 2.0
AT_ONCE = 50
ROUNDS = 3
PEER = "slack-bolt's default listener pool"


def measure(folder: Path) -> Iterator[Figure]:
    """`/model status` of a model whose server takes 2 s to say how it is, against `ack(); sleep(2)`."""
    ours, answered = _ours(folder)
    few, many = (_peer(folder, commands) for commands in (20, AT_ONCE))
    sent = AT_ONCE * ROUNDS
    yield Figure(
        f"slash acknowledgement p99, {AT_ONCE} commands at once of 2 s each",
        percentile(ours.took, 99),
        "ms",
        bar=300,
        peer=PEER,
        peer_value=percentile(many.took, 99),
        note=f"p50 {percentile(ours.took, 50):.0f}; {ROUNDS} rounds; {answered} of {sent} answered",
        is_sound=ours.lost == 0 and answered == sent,
    )
    yield Figure(f"lost of {sent} commands", ours.lost, "commands", bar=0, peer=PEER, peer_value=many.lost,
                 note=f"the peer lost {few.lost} of 20 and {many.lost} of {AT_ONCE}")  # fmt: skip


def _ours(folder: Path) -> tuple[Acknowledged, int]:
    with workspace(folder) as url, _slow_server() as serving:
        _register(folder / "registry.db")
        config = configured(folder, url, serving_url=serving)
        with bot(config, url), PersonClient(url, "ana") as ana:
            ana.command("/model", "status", "general")  # the worker that asks MLflow starts with it
            ana.wait_message("general", _is_answer, 30)
            rounds = []
            for number in range(1, ROUNDS + 1):
                rounds.append(fire(url, AT_ONCE))
                awaited = AT_ONCE * number
                until(partial(_has_more, ana, awaited), "answers", folder / "bot.log")
            answered = _answers(ana) - 1
    return Acknowledged([ms for one in rounds for ms in one.took], sum(one.lost for one in rounds)), answered


def _has_more(ana: PersonClient, answers: int) -> bool:
    return _answers(ana) > answers


def _peer(folder: Path, commands: int) -> Acknowledged:
    with workspace(folder) as url, program("tests.benchmarks.peer_bolt", [url], folder / "peer.log", url):
        return fire(url, commands)


def _answers(person: PersonClient) -> int:
    return sum(map(_is_answer, person.messages("general")))


def _is_answer(message: dict[str, object]) -> bool:
    return bool(message.get("ephemeral")) and "churn" in str(message)


def _register(database: Path) -> None:
    from mlflow import MlflowClient  # heavy: 0.7 s

    client = MlflowClient(f"sqlite:///{database}")
    client.create_registered_model("churn")
    client.create_model_version("churn", source="file:///models/churn")
    client.set_registered_model_alias("churn", "champion", "1")


class _Slow(BaseHTTPRequestHandler):
    """A model server that thinks for 2 s."""

    def do_GET(self) -> None:
        time.sleep(WORK_SECONDS)
        body = b'{"status": "ok", "model": "churn", "version": "1"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


@contextmanager
def _slow_server() -> Iterator[str]:
    with _Server(("127.0.0.1", 0), _Slow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
