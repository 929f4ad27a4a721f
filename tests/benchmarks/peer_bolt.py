"""The peer: a plain slack-bolt app with its default listener pool; it is given the workspace's address."""

from __future__ import annotations

import sys
import time

from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk import WebClient

WORK_SECONDS = 2.0


def main(url: str) -> None:
    """Serve until terminated."""
    app = App(client=WebClient(token="xoxb-local", base_url=f"{url}/api/"))

    @app.command("/model")
    def slow(ack: Ack) -> None:
        ack()
        time.sleep(WORK_SECONDS)

    web_client = WebClient(token="xapp-local", base_url=f"{url}/api/")
    SocketModeHandler(app, "xapp-local", web_client=web_client).start()


if __name__ == "__main__":
    main(sys.argv[1])
