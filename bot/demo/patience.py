"""How the story's people press: once and strictly, or again until something comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

from bot.workspace.person import PersonClient
from bot.workspace.state import Json

GONE_SECONDS = 30.0


class Differs(Exception):
    """Something is not as the story has it."""


@dataclass(frozen=True)
class Patience:
    """How often somebody tries, and how many seconds they look for the effect each time.

    Who tries once takes no failed answer. Who tries more often looks whether it was done all the same,
    as a person does before pressing again; while the app is away they wait for it to come back.
    `wait` and `proof` are the seconds for what comes by itself, and for the proof of a rollback.
    """

    tries: int = 1
    seconds: float = 30.0
    wait: float = 30.0
    proof: float = 90.0

    def act(
        self, watcher: PersonClient, act: Callable[[], Json], effect: Callable[[], Any], what: str
    ) -> Any:
        """What `effect` finds after `act`, done again while nothing comes of it. Raises `Differs`."""
        answer: Json = {}
        for _ in range(self.tries):
            answer = act()
            if self.tries == 1 and not answer.get("ok"):
                break
            found = self.look(watcher, effect, self.seconds)
            if found:
                return found
        raise Differs(f"nothing came of it: {what}; the answer was {answer}")

    def look(self, watcher: PersonClient, effect: Callable[[], Any], seconds: float) -> Any:
        """What `effect` finds, once it finds something; None in the end. Time runs while the app is there."""
        deadline, gone_until = monotonic() + seconds, monotonic() + GONE_SECONDS + seconds
        while True:
            page = watcher.workspace()
            found = effect()
            if found:
                return found
            if not page["connected"]:
                deadline = min(monotonic() + seconds, gone_until)
            left = deadline - monotonic()
            if left <= 0:
                return None
            watcher.events(page["seq"], left)
