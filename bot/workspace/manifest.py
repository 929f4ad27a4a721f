"""What the app's manifest grants and declares: the only things that the workspace lets it do and tells it."""

from dataclasses import dataclass
from typing import Any

from bot.workspace.state import Json

# What Slack asks of an app that subscribes to an event.
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "channel_archive": "channels:read",
    "channel_created": "channels:read",
    "channel_deleted": "channels:read",
    "channel_rename": "channels:read",
    "channel_unarchive": "channels:read",
    "file_shared": "files:read",
    "group_archive": "groups:read",
    "group_rename": "groups:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "pin_added": "pins:read",
    "pin_removed": "pins:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "team_join": "users:read",
    "user_change": "users:read",
}


@dataclass(frozen=True)
class App:
    """An installed app as its manifest describes it."""

    name: str
    bot_name: str
    home_tab: bool
    commands: tuple[Json, ...]
    shortcuts: tuple[Json, ...]
    scopes: frozenset[str]
    events: frozenset[str]
    interactive: bool
    socket_mode: bool

    def command(self, name: str) -> Json | None:
        """The slash command with this name, when the manifest has it."""
        return next((c for c in self.commands if c["command"] == name), None)

    def shortcut(self, callback_id: str) -> Json | None:
        """The shortcut with this callback id, when the manifest has it."""
        return next((s for s in self.shortcuts if s["callback_id"] == callback_id), None)


def read_app(manifest: Json) -> App:
    """The app of a manifest; raises ValueError with a sentence for what Slack would not install."""
    features, settings = _part(manifest, "features"), _part(manifest, "settings")
    name = str(_part(manifest, "display_information").get("name", "App"))
    app = App(
        name=name,
        bot_name=str(_part(features, "bot_user").get("display_name", name)),
        home_tab=bool(_part(features, "app_home").get("home_tab_enabled", False)),
        commands=tuple(features.get("slash_commands") or ()),
        shortcuts=tuple(features.get("shortcuts") or ()),
        scopes=frozenset(_part(_part(manifest, "oauth_config"), "scopes").get("bot") or ()),
        events=frozenset(_part(settings, "event_subscriptions").get("bot_events") or ()),
        interactive=bool(_part(settings, "interactivity").get("is_enabled", False)),
        socket_mode=bool(settings.get("socket_mode_enabled", False)),
    )
    if problems := [*_command_problems(app), *_event_problems(app)]:
        raise ValueError("The manifest cannot be installed: " + "; ".join(problems) + ".")
    return app


def _part(manifest: dict[str, Any], key: str) -> Json:
    part = manifest.get(key) or {}
    return part if isinstance(part, dict) else {}


def _command_problems(app: App) -> list[str]:
    problems = []
    names = [str(c.get("command", "")) for c in app.commands]
    problems += [
        f"slash command {n!r} must start with / and have no space" for n in names if not _is_command(n)
    ]
    problems += [
        f"slash command {n} is declared twice" for n in sorted({n for n in names if names.count(n) > 1})
    ]
    problems += [
        f"slash command {c.get('command')} has no description"
        for c in app.commands
        if not c.get("description")
    ]
    if (app.commands or app.shortcuts) and "commands" not in app.scopes:
        problems.append("slash commands and shortcuts need the bot scope commands")
    if app.shortcuts and not app.interactive:
        problems.append("shortcuts need settings.interactivity.is_enabled")
    return problems


def _is_command(name: str) -> bool:
    return name.startswith("/") and 1 < len(name) <= 32 and " " not in name and name == name.lower()


def _event_problems(app: App) -> list[str]:
    problems = []
    for event in sorted(app.events):
        if event == "app_home_opened":
            continue
        scope = EVENT_SCOPES.get(event)
        if scope is None:
            problems.append(f"event {event} is unknown")
        elif scope not in app.scopes:
            problems.append(f"event {event} needs the bot scope {scope}")
    return problems
