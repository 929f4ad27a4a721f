"""HTTP to what tests start on this machine."""

from __future__ import annotations

import httpx

from bot.workspace.person import NOBODY

# As `httpx.get` and its kin, each of whose calls reads all certificates: 50 ms for one that needs none.
# Connections are not kept, else a server that is to stop waits for them.
_CLIENT = httpx.Client(verify=NOBODY, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))
get, post, delete = _CLIENT.get, _CLIENT.post, _CLIENT.delete
