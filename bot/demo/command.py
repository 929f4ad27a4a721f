"""`tocsin demo`: start the stage and leave it to the person, or play the story and say how it went."""

from __future__ import annotations

import signal
import sys
import threading
import time
from pathlib import Path

from bot.demo.patience import Differs
from bot.demo.stage import Stage
from bot.demo.story import Story
from ops_core.errors import OpsError


def demo(*, play: bool, folder: Path, port: int) -> int:
    """Exit code: 0 when all went as it should, 1 when the story differed, 2 when nothing could start."""
    started = time.monotonic()
    _say("Training two models, starting model server, traffic, workspace and bot on loopback …")
    try:
        with Stage(folder, port) as stage:
            _say(f"Ready after {time.monotonic() - started:.1f} s.")
            return _play(stage) if play else _open(stage)
    except OpsError as error:
        print(f"tocsin demo: {error.message}\n{error.hint}".strip(), file=sys.stderr)  # noqa: T201 - command line
        return 2


def _play(stage: Stage) -> int:
    began = time.monotonic()
    try:
        Story(stage.url, _say).play()
    except Differs as difference:
        _say(f"\nNOT AS IT SHOULD BE: {difference}")
        _say(f"The bot's log is {stage.bot_log}.")
        return 1
    took = time.monotonic() - began
    _say(f"\nThe story was played to its end in {took:.0f} s; everything was as it should be.")
    return 0


def _open(stage: Stage) -> int:
    told = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: told.set())
    _say(f"\n    {stage.url}/\n")
    _say("Open it in a browser and look at #ml-alerts: in a few seconds the first alert comes by itself.")
    _say("Pick whom to act as at the left; `/incident help` tells what there is. Ctrl-C ends everything.")
    told.wait()
    return 0


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - this is what the command is for
