"""Who is called, and who may do what."""

from __future__ import annotations

from pydantic import Field

from bot.settings.values import Part, RoleName
from ops_core.people import Role


class People(Part):
    """Who is called, and who may do what; each person by Slack user id or e-mail address."""

    on_call: list[str] = Field(default_factory=list, description="invited to every incident")
    roles: dict[str, RoleName] = Field(
        default_factory=dict, description="viewer, responder, commander, admin"
    )
    default_role: RoleName = Field(Role.RESPONDER, description="of everybody who is not listed")
