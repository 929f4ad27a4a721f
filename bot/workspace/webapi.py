"""Slack's Web API: the one list of methods, and how a call is let in, answered and recorded."""

import asyncio
import json
import time
import urllib.parse

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.workspace import chat, conversations_api, directory, files, history, marks, transports, views_api
from bot.workspace.calls import Call, Method
from bot.workspace.core import Workspace
from bot.workspace.errors import Refused
from bot.workspace.faults import Fault
from bot.workspace.scopes import needed_scopes
from bot.workspace.state import Json


def open_connection(call: Call) -> Json:
    """apps.connections.open: a WebSocket address that works once."""
    ws = call.workspace
    if not ws.app.socket_mode:
        raise Refused("forbidden_for_app_without_socket_mode")
    return {"url": f"{ws.url.replace('http', 'ws', 1)}/socket?ticket={ws.sockets.ticket()}"}


METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method("apps.connections.open", open_connection, token="app"),  # noqa: S106 - a kind, not a token
        *directory.METHODS,
        *chat.METHODS,
        *conversations_api.METHODS,
        *history.METHODS,
        *views_api.METHODS,
        *marks.METHODS,
        *files.METHODS,
    )
}


async def serve(ws: Workspace, request: Request) -> Response:
    """Answer one call over HTTP, with the fault that a test asked for, if any."""
    started = time.perf_counter()
    name = request.path_params["method"]
    args = await read_arguments(request)
    fault = ws.faults.take(name) or _limit(ws, name, args)
    if fault is not None and not fault.is_late:
        answer: Json = {
            "ok": False,
            "error": fault.error if fault.kind == "ok_false" else f"fault_{fault.kind}",
        }
    else:
        answer = respond(ws, name, args, _token(request, args))
    response = (
        JSONResponse(answer, headers=_scope_headers(ws, name)) if fault is None else _spoiled(fault, answer)
    )
    ws.log.add(name, args, started, answer, response.status_code)
    if fault is not None and fault.kind == "hang":
        await asyncio.sleep(fault.seconds)
    if fault is not None and fault.kind in ("hang", "close", "late_close"):
        transports.abort(request.scope)
    return response


def _limit(ws: Workspace, name: str, args: Json) -> Fault | None:
    """What a call over the limit gets, when limits are kept."""
    wait = ws.limits.wait(name, args) if ws.limits else 0
    return Fault(name, "429", retry_after=wait) if wait else None


def respond(ws: Workspace, name: str, args: Json, token: str) -> Json:
    """Slack's answer to one call."""
    try:
        method = _allowed(ws, name, token)
        call = Call(ws, name, args)
        if not granted(ws, name):
            call.require(needed_scopes(name))
        return {"ok": True, **method.answer(call)}
    except Refused as refusal:
        return refusal.body()


def granted(ws: Workspace, name: str) -> bool:
    """Whether the app has any scope that opens the method."""
    scopes = needed_scopes(name)
    return not scopes or bool(ws.app.scopes.intersection(scopes))


async def read_arguments(request: Request) -> Json:
    """Arguments from the query, and from a form or JSON body."""
    args: Json = dict(request.query_params)
    body, content_type = await request.body(), request.headers.get("content-type", "")
    if content_type.startswith("application/json"):
        try:
            sent = json.loads(body or b"{}")
        except ValueError:
            sent = {}
        return args | (sent if isinstance(sent, dict) else {})
    if content_type.startswith("multipart/form-data"):
        return args | {key: str(value) for key, value in (await request.form()).items()}
    return args | dict(urllib.parse.parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _allowed(ws: Workspace, name: str, token: str) -> Method:
    method = METHODS.get(name)
    if method is None:
        raise Refused("unknown_method", req_method=name)
    if not token:
        raise Refused("not_authed")
    kind = ws.tokens.get(token)
    if kind is None:
        raise Refused("invalid_auth")
    if kind != method.token and name != "auth.test":
        raise Refused("not_allowed_token_type")
    return method


def _token(request: Request, args: Json) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else str(args.get("token") or "")


def _scope_headers(ws: Workspace, name: str) -> dict[str, str]:
    return {
        "x-oauth-scopes": ",".join(sorted(ws.app.scopes)),
        "x-accepted-oauth-scopes": ",".join(needed_scopes(name)),
    }


def _spoiled(fault: Fault, answer: Json) -> Response:
    if fault.kind == "429":
        body = {"ok": False, "error": "ratelimited"}
        seconds = f"{fault.retry_after:g}"
        return JSONResponse(body, status_code=429, headers={"Retry-After": seconds})
    if fault.kind == "ok_false":
        return JSONResponse(answer)
    return PlainTextResponse("Internal Server Error", status_code=500)
