"""Which bot scopes open which Web API method, as Slack's method pages list them."""

# Any one of a row's scopes is enough; `{kind}` stands for the kind of conversation that is touched,
# `{manage}` for Slack's uneven spelling of changing one.
SCOPES: dict[str, tuple[str, ...]] = {
    "apps.connections.open": (),
    "auth.test": (),
    "bookmarks.add": ("bookmarks:write",),
    "bookmarks.edit": ("bookmarks:write",),
    "bookmarks.list": ("bookmarks:read",),
    "bookmarks.remove": ("bookmarks:write",),
    "chat.delete": ("chat:write",),
    "chat.getPermalink": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.archive": ("{manage}",),
    "conversations.create": ("channels:manage", "groups:write"),
    "conversations.history": ("{kind}:history",),
    "conversations.info": ("{kind}:read",),
    "conversations.invite": ("{manage}", "{kind}:write.invites"),
    "conversations.join": ("channels:join",),
    "conversations.kick": ("{manage}",),
    "conversations.leave": ("{manage}",),
    "conversations.list": ("{kind}:read",),
    "conversations.members": ("{kind}:read",),
    "conversations.open": ("im:write", "mpim:write"),
    "conversations.rename": ("{manage}",),
    "conversations.replies": ("{kind}:history",),
    "conversations.setPurpose": ("{manage}", "{kind}:write.topic"),
    "conversations.setTopic": ("{manage}", "{kind}:write.topic"),
    "conversations.unarchive": ("{manage}",),
    "files.completeUploadExternal": ("files:write",),
    "files.delete": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "pins.add": ("pins:write",),
    "pins.list": ("pins:read",),
    "pins.remove": ("pins:write",),
    "reactions.add": ("reactions:write",),
    "reactions.get": ("reactions:read",),
    "reactions.remove": ("reactions:write",),
    "team.info": ("team:read",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    "users.conversations": ("{kind}:read",),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "users.lookupByEmail": ("users:read.email",),
    "users.profile.get": ("users.profile:read",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}

FAMILIES = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


def needed_scopes(method: str, kind: str | None = None) -> tuple[str, ...]:
    """The scopes of which one is needed for a method on a kind of conversation (None: on any kind)."""
    kinds = [kind] if kind else list(FAMILIES)
    found = [_spell(scope, FAMILIES[k]) for k in kinds for scope in SCOPES.get(method, ())]
    return tuple(dict.fromkeys(found))


def _spell(scope: str, family: str) -> str:
    manage = "channels:manage" if family == "channels" else f"{family}:write"
    return scope.replace("{manage}", manage).replace("{kind}", family)
