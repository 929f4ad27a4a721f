"""The outermost door: loopback names only, no other site's pages, and a way to cut a connection."""

import urllib.parse

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.workspace.core import Workspace

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Guard:
    """Refuses what a browser on this machine could be tricked into sending."""

    def __init__(self, app: ASGIApp, workspace: Workspace) -> None:
        self.app = app
        self.workspace = workspace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it here."""
        if scope["type"] in ("http", "websocket"):
            headers = Headers(scope=scope)
            host, origin = headers.get("host", ""), headers.get("origin")
            if _name(f"//{host}") not in LOOPBACK or (origin is not None and not _is_own(origin, scope)):
                await _refuse(scope, receive, send)
                return
            server = scope.get("server") or ("127.0.0.1", 80)
            self.workspace.url = f"http://127.0.0.1:{server[1]}"
        await self.app(scope, receive, send)


def _name(address: str) -> str | None:
    try:
        return urllib.parse.urlsplit(address).hostname
    except ValueError:
        return None


def _is_own(origin: str, scope: Scope) -> bool:
    try:
        parts = urllib.parse.urlsplit(origin)
        port = parts.port or 80
    except ValueError:
        return False
    return (
        parts.scheme == "http"
        and parts.hostname in LOOPBACK
        and port == (scope.get("server") or ("", port))[1]
    )


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await PlainTextResponse("This workspace answers to this machine's own page only.", 403)(
        scope, receive, send
    )
