"""Slack's signed requests in HTTP mode; bolt checks the signature."""

from __future__ import annotations

from slack_bolt import App, BoltRequest
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

LARGEST_BODY = 1_000_000


class SlackDoor:
    """Hands requests to bolt, in a thread, since bolt is synchronous."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def events(self, request: Request) -> Response:
        """Commands, buttons, forms and events."""
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                return JSONResponse({"error": "too large"}, status_code=413)
        try:
            asked = BoltRequest(
                body=body.decode(), headers=dict(request.headers), query=str(request.query_params)
            )
        except ValueError:  # no UTF-8, or no JSON where Slack sends some
            return JSONResponse({"error": "not a request of Slack's"}, status_code=400)
        answer = await run_in_threadpool(self.app.dispatch, asked)
        headers = {name: values[0] for name, values in answer.headers.items()}
        return Response(answer.body, answer.status, headers)
