"""The one way in which the workspace says no: Slack's error code and whatever Slack sends with it."""

from typing import Any


class Refused(Exception):
    """A request that Slack would answer with `ok: false`; `code` is Slack's, `details` go beside it."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def body(self) -> dict[str, Any]:
        """The JSON answer that Slack gives."""
        return {"ok": False, "error": self.code, **self.details}


def invalid(*messages: str, code: str = "invalid_arguments") -> Refused:
    """Arguments that break a rule, each sentence with its JSON pointer as Slack writes them."""
    return Refused(code, response_metadata={"messages": [f"[ERROR] {message}" for message in messages]})
