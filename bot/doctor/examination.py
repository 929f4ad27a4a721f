"""Looks at all points at once, each for a limited time, whatever the others do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from queue import SimpleQueue
from threading import Thread

from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.doctor.answer import Answer, Untold, failed, warning
from bot.doctor.patient import Patient
from bot.doctor.refusal import code_of, reason_of
from ops_core.errors import OpsError


@dataclass(frozen=True)
class Point:
    """One thing to look at; `seconds` is how long it may take."""

    name: str
    look: Callable[[Patient], Answer]
    seconds: float = 10


def examine(points: Sequence[Point], patient: Patient) -> Iterator[Answer]:
    """The answers, in the order of the points."""
    begun = [_Looking(point, patient) for point in points]
    for looking in begun:
        yield looking.answer().of(looking.point.name)


class _Looking:
    """A point that is being looked at, in a thread that nobody waits for when it hangs."""

    def __init__(self, point: Point, patient: Patient) -> None:
        self.point = point
        self._answers: SimpleQueue[Answer] = SimpleQueue()
        self._deadline = time.monotonic() + point.seconds
        self._thread = Thread(target=self._look, args=[patient], name=point.name, daemon=True)
        self._thread.start()

    def answer(self) -> Answer:
        """What was found, or that nothing was in time."""
        self._thread.join(max(0.0, self._deadline - time.monotonic()))
        if not self._answers.empty():
            return self._answers.get()
        if self._thread.is_alive():
            return failed(f"no answer within {self.point.seconds:g} s", "Is it up, and is the network open?")
        return failed("the examination itself broke", "A fault in Tocsin: please report the trace.")

    def _look(self, patient: Patient) -> None:
        self._answers.put(_looked(self.point, patient))


def _looked(point: Point, patient: Patient) -> Answer:
    try:
        return point.look(patient)
    except Untold as error:
        return warning(f"could not be told: {error}")
    except OpsError as error:
        return failed(error.message, error.hint)
    except SlackApiError as error:
        return failed(f"Slack says {code_of(error)}")
    except SQLAlchemyError as error:
        return failed(str(getattr(error, "orig", None) or error).splitlines()[0])
    except (OSError, HTTPException) as error:
        return failed(reason_of(error))
