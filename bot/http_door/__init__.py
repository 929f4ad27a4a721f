"""The HTTP door: health for probes, other monitors' alerts, and Slack's signed requests in HTTP mode."""

from bot.http_door.door import HttpDoor

__all__ = ["HttpDoor"]
