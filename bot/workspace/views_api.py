"""views.*: the bot opens, pushes, updates and publishes views."""

from bot.workspace import views
from bot.workspace.calls import Call, Method
from bot.workspace.errors import Refused, invalid
from bot.workspace.modals import View
from bot.workspace.state import Json


def open_view(call: Call) -> Json:
    """views.open: within three seconds of an interaction."""
    view = _view(call)
    views.checked(call.workspace, view, "modal")  # a refused view leaves the trigger unspent
    trigger = call.workspace.triggers.spend(call.need("trigger_id"))
    return {"view": views.open_modal(call.workspace, trigger.user, view).payload}


def push_view(call: Call) -> Json:
    """views.push: within three seconds of an interaction in a modal."""
    view = _view(call)
    trigger = call.workspace.triggers.spend(call.need("trigger_id"))
    if trigger.view_id is None:
        raise Refused("invalid_trigger_id")
    return {"view": views.push(call.workspace, trigger.user, view).payload}


def update_view(call: Call) -> Json:
    """views.update: by view_id or external_id, with an optional hash against races."""
    found = _find(call)
    _same_hash(call, found)
    return {"view": views.update(call.workspace, found, _view(call)).payload}


def publish_view(call: Call) -> Json:
    """views.publish: a person's Home tab."""
    if not call.workspace.app.home_tab:
        raise Refused("not_enabled")
    user = call.workspace.store.user(call.need("user_id"))
    home = call.workspace.modals.homes.get(user.id)
    if home is not None:
        _same_hash(call, home)
    return {"view": views.publish(call.workspace, user.id, _view(call)).payload}


def _view(call: Call) -> object:
    view = call.structure("view")
    if view is None:
        raise invalid("missing required field: view")
    return view


def _find(call: Call) -> View:
    modals, view_id, external_id = call.workspace.modals, call.text("view_id"), call.text("external_id")
    if not view_id and not external_id:
        raise invalid("missing required field: view_id")
    found = modals.find(view_id) if view_id else modals.external(external_id)
    if found is None:
        raise Refused("not_found")
    return found


def _same_hash(call: Call, view: View) -> None:
    given = call.text("hash")
    if given and given != view.payload["hash"]:
        raise Refused("hash_conflict")


METHODS = (
    Method("views.open", open_view),
    Method("views.push", push_view),
    Method("views.update", update_view),
    Method("views.publish", publish_view),
)
