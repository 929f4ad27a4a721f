"""A file between its announcement and its arrival."""

from dataclasses import dataclass

from bot.workspace.state import Json


@dataclass
class Upload:
    """A file on its way: the description promised, and the bytes when they have come."""

    file: Json
    length: int
    content: bytes | None = None
