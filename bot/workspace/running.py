"""A workspace that runs in a thread of its own for as long as a `with` block lasts."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import uvicorn

from bot.workspace.core import Workspace
from bot.workspace.server import build


@dataclass(frozen=True)
class Running:
    """A workspace that answers at `url`."""

    workspace: Workspace
    url: str

    @property
    def api_url(self) -> str:
        """The base URL for Slack clients."""
        return f"{self.url}/api/"


def listen(port: int) -> socket.socket:
    """A socket on the loopback address; port 0 takes a free one."""
    # asyncio turns Nagle's algorithm off (40 ms a request) only where the protocol is named.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(256)  # from here on clients wait instead of being refused while the server starts
    return listener


def server_of(workspace: Workspace) -> uvicorn.Server:
    """The web server of a workspace, not started."""
    config = uvicorn.Config(
        build(workspace),
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
        ws_per_message_deflate=False,
    )
    return uvicorn.Server(config)


@contextlib.contextmanager
def running(workspace: Workspace, port: int = 0) -> Iterator[Running]:
    """Serve a workspace from a thread until the block ends."""
    listener = listen(port)
    server = server_of(workspace)
    ready = threading.Event()

    async def serve() -> None:
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started and not task.done():
            await asyncio.sleep(0.005)
        ready.set()
        await task
        await workspace.delivery.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="workspace", daemon=True)
    thread.start()
    if not ready.wait(10) or not server.started:
        raise RuntimeError("the local workspace did not start")
    try:
        yield Running(workspace, f"http://127.0.0.1:{listener.getsockname()[1]}")
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
