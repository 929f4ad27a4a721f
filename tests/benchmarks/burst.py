"""Slash commands sent at the same moment, by a client so slim that it does not measure itself."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
COMMAND = {"as": "ana", "command": "/model", "text": "status", "channel": "general"}


@dataclass(frozen=True)
class Acknowledged:
    """Milliseconds until each was acknowledged, and how many never were."""

    took: list[float]
    lost: int


def fire(url: str, commands: int) -> Acknowledged:
    """Send as many `/model status` at once, each on a connection that is open before."""
    return asyncio.run(_fire(url, commands))


async def _fire(url: str, commands: int) -> Acknowledged:
    place = urlsplit(url)
    opened = [asyncio.open_connection(place.hostname, place.port) for _ in range(commands)]
    connections = await asyncio.gather(*opened)
    outcomes = await asyncio.gather(*(_send(connection) for connection in connections))
    return Acknowledged([took for took, _ in outcomes], sum(not ok for _, ok in outcomes))


async def _send(connection: Connection) -> tuple[float, bool]:
    reader, writer = connection
    began = time.perf_counter()
    writer.write(_REQUEST)
    answer = (await reader.read()).partition(b"\r\n\r\n")[2]  # to the end, because we ask it to close
    took = (time.perf_counter() - began) * 1000
    writer.close()
    return took, bool(json.loads(answer)["ok"])


_BODY = json.dumps(COMMAND).encode()
_REQUEST = (
    b"POST /person/command HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(_BODY), _BODY)
)
