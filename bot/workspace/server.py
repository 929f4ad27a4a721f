"""The workspace as one web application: Slack's wire protocol, the page, and doors for people and tests."""

import asyncio
import contextlib
import json
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.workspace import control_api, files, person_api, person_views, responses, transports, webapi
from bot.workspace.core import Workspace
from bot.workspace.errors import Refused
from bot.workspace.guard import Guard
from bot.workspace.people import Person
from bot.workspace.state import Json

__all__ = ["Workspace", "build"]

PAGE = Path(__file__).parent / "page"


def build(workspace: Workspace) -> Starlette:
    """The application that serves a workspace."""
    doors = Doors(workspace)
    routes: list[BaseRoute] = [
        Route("/api/{method}", doors.api, methods=["GET", "POST"]),
        WebSocketRoute("/socket", workspace.sockets.serve),
        Route("/response/{key}", doors.response, methods=["POST"]),
        Route("/upload/{key}", doors.upload, methods=["POST"]),
        Route("/files/{file_id}/{name:path}", doors.file),
        Route("/archives/{channel}/{message}", doors.archive),
        Route("/person/workspace", doors.workspace),
        Route("/person/channels/{channel}", doors.channel),
        Route("/person/channels/{channel}/threads/{ts}", doors.thread),
        Route("/person/home", doors.home),
        Route("/person/views", doors.views),
        Route("/person/wait", doors.wait),
        WebSocketRoute("/person/feed", doors.feed),
        Route("/person/{act}", doors.act, methods=["POST"]),
        Route("/control/{what:path}", doors.control, methods=["GET", "POST", "DELETE"]),
        Route("/", doors.page),
    ]
    if PAGE.is_dir():
        routes.append(Mount("/page", StaticFiles(directory=PAGE)))
    app = Application(routes=routes, exception_handlers={Refused: _refused})
    app.state.workspace = workspace
    app.add_middleware(Guard, workspace=workspace)
    return app


class Application(Starlette):
    """Starlette that remembers each connection before any middleware hides it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or WebSocket."""
        transports.remember(scope, send)
        await super().__call__(scope, receive, send)


class Doors:
    """The HTTP endpoints of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.ws = workspace

    async def api(self, request: Request) -> Response:
        """Slack's Web API."""
        return await webapi.serve(self.ws, request)

    async def response(self, request: Request) -> Response:
        """A response_url."""
        return await responses.serve(self.ws, request)

    async def upload(self, request: Request) -> Response:
        """Where the bytes of a file are sent."""
        return await files.receive(self.ws, request)

    async def file(self, request: Request) -> Response:
        """A file."""
        return files.hand_out(self.ws, request)

    async def archive(self, request: Request) -> Response:
        """A permalink: the page, at that message."""
        channel, message = request.path_params["channel"], request.path_params["message"]
        return RedirectResponse(f"/#/{channel}/{message}")

    async def page(self, request: Request) -> Response:
        """The page in the browser."""
        index = PAGE / "index.html"
        if not index.is_file():
            return PlainTextResponse("The workspace runs; its page is not installed.")
        return FileResponse(index)

    async def workspace(self, request: Request) -> Response:
        """What a person sees around the conversation."""
        return JSONResponse(person_views.workspace(self.ws, self._me(request)))

    async def channel(self, request: Request) -> Response:
        """A channel with its messages."""
        me = self._me(request)
        act = person_api.Act(self.ws, me, {"channel": request.path_params["channel"]})
        page = person_views.conversation_page(self.ws, act.conversation(), me)
        return JSONResponse({**page, "seq": self.ws.feed.seq})

    async def thread(self, request: Request) -> Response:
        """A thread."""
        me, ts = self._me(request), request.path_params["ts"]
        found = person_api.Act(self.ws, me, {"channel": request.path_params["channel"]}).conversation()
        if ts not in found.messages:
            raise Refused("thread_not_found")
        return JSONResponse({**person_views.thread_page(found, ts, me), "seq": self.ws.feed.seq})

    async def home(self, request: Request) -> Response:
        """A person's Home tab."""
        home = self.ws.modals.homes.get(self._me(request).id)
        return JSONResponse({"view": home.payload if home else None, "seq": self.ws.feed.seq})

    async def views(self, request: Request) -> Response:
        """A person's open modals."""
        stack = self.ws.modals.stack(self._me(request).id)
        return JSONResponse({"stack": [view.payload for view in stack], "seq": self.ws.feed.seq})

    async def act(self, request: Request) -> Response:
        """Something that a person does."""
        body = {**request.query_params, **(await _json(request))}
        status, answer = await person_api.perform(self.ws, request.path_params["act"], body)
        return JSONResponse(answer, status_code=status)

    async def control(self, request: Request) -> Response:
        """Something that a test asks."""
        what = request.path_params["what"]
        status, answer = await control_api.perform(self.ws, request.method, what, await _json(request))
        return JSONResponse(answer, status_code=status)

    async def wait(self, request: Request) -> Response:
        """The feed as a long poll."""
        me, query = self._me(request), request.query_params
        since, seconds = int(query.get("since", "0")), min(float(query.get("seconds", "10")), 60.0)
        events = await self.ws.feed.wait(since, me.id, seconds)
        return JSONResponse({"seq": self.ws.feed.seq, "events": events})

    async def feed(self, socket: WebSocket) -> None:
        """The feed as a stream."""
        me = self.ws.store.person(socket.query_params.get("as", ""))
        if me is None:
            await socket.close(code=1008)
            return
        await socket.accept()
        since = int(socket.query_params.get("since", self.ws.feed.seq))
        sending = asyncio.create_task(self._send_feed(socket, me, since))
        try:
            while True:
                await socket.receive_text()  # only to notice that the page went away
        except WebSocketDisconnect:
            sending.cancel()

    async def _send_feed(self, socket: WebSocket, me: Person, since: int) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # the page went away
            while True:
                for event in await self.ws.feed.wait(since, me.id, 60.0):
                    await socket.send_text(json.dumps(event))
                    since = event["seq"]

    def _me(self, request: Request) -> Person:
        name = request.query_params.get("as") or next(iter(self.ws.store.people))
        me = self.ws.store.person(name)
        if me is None:
            raise Refused("unknown_person")
        return me


async def _json(request: Request) -> Json:
    try:
        body: Any = json.loads(await request.body() or b"{}")
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


async def _refused(request: Request, error: Exception) -> Response:
    body = error.body() if isinstance(error, Refused) else {"ok": False}
    seq = request.app.state.workspace.feed.seq  # those who wait for a channel to come go on from here
    return JSONResponse({**body, "seq": seq}, status_code=404)
