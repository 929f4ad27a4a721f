"""The words: Jinja2 templates rendered to Slack's Block Kit and to documents."""

from bot.rendering.engine import TEMPLATES, Message, Rendering
from bot.rendering.errors import TemplateError

__all__ = ["TEMPLATES", "Message", "Rendering", "TemplateError"]
