"""auth.test, users.*, usergroups.* and team.info: who is there."""

from bot.workspace.calls import Call, Method
from bot.workspace.core import Workspace
from bot.workspace.errors import Refused
from bot.workspace.paging import page
from bot.workspace.people import Person, UserGroup
from bot.workspace.state import Json


def auth_test(call: Call) -> Json:
    """auth.test: who the bot is."""
    ws = call.workspace
    return {
        "url": f"{ws.url}/",
        "team": ws.name,
        "user": ws.bot.name,
        "team_id": ws.team_id,
        "user_id": ws.bot.id,
        "bot_id": ws.bot_id,
        "is_enterprise_install": False,
    }


def users_info(call: Call) -> Json:
    """users.info."""
    return {"user": described(call.workspace, call.workspace.store.user(call.need("user", "user_not_found")))}


def users_list(call: Call) -> Json:
    """users.list."""
    shown, more = page(call, list(call.workspace.store.people.values()))
    return {"members": [described(call.workspace, person) for person in shown], **more}


def users_by_email(call: Call) -> Json:
    """users.lookupByEmail."""
    email = call.need("email", "users_not_found").lower()
    for person in call.workspace.store.people.values():
        if person.email.lower() == email and not person.is_bot:
            return {"user": described(call.workspace, person)}
    raise Refused("users_not_found")


def users_profile(call: Call) -> Json:
    """users.profile.get."""
    person = call.workspace.store.user(call.text("user") or call.workspace.bot.id)
    return {"profile": _profile(call.workspace, person)}


def usergroups_list(call: Call) -> Json:
    """usergroups.list."""
    with_users = call.flag("include_users")
    return {
        "usergroups": [_group(call.workspace, group, with_users) for group in call.workspace.store.groups]
    }


def usergroups_users(call: Call) -> Json:
    """usergroups.users.list."""
    wanted = call.need("usergroup")
    for group in call.workspace.store.groups:
        if group.id == wanted:
            return {"users": list(group.users)}
    raise Refused("no_such_subteam")


def team_info(call: Call) -> Json:
    """team.info."""
    ws = call.workspace
    return {"team": {"id": ws.team_id, "name": ws.name, "domain": "local", "url": f"{ws.url}/"}}


def described(ws: Workspace, person: Person) -> Json:
    """Slack's user object."""
    return {
        "id": person.id,
        "team_id": ws.team_id,
        "name": person.name,
        "deleted": False,
        "color": person.color.removeprefix("#"),
        "real_name": person.real_name,
        "tz": person.tz,
        "profile": _profile(ws, person),
        "is_admin": False,
        "is_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": 0,
    }


def _profile(ws: Workspace, person: Person) -> Json:
    profile = {
        "title": person.title,
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "team": ws.team_id,
    }
    if person.is_bot:
        return {**profile, "bot_id": ws.bot_id, "api_app_id": ws.app_id}
    may_read = "users:read.email" in ws.app.scopes
    return {**profile, "email": person.email} if may_read else profile


def _group(ws: Workspace, group: UserGroup, with_users: bool) -> Json:
    shown = {
        "id": group.id,
        "team_id": ws.team_id,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "date_delete": 0,
        "user_count": len(group.users),
    }
    return {**shown, "users": list(group.users)} if with_users else shown


METHODS = (
    Method("auth.test", auth_test),
    Method("users.info", users_info),
    Method("users.list", users_list),
    Method("users.lookupByEmail", users_by_email),
    Method("users.profile.get", users_profile),
    Method("usergroups.list", usergroups_list),
    Method("usergroups.users.list", usergroups_users),
    Method("team.info", team_info),
)
