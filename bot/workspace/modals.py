"""Which views each person has open: a stack of at most three modals, and one App Home."""

from dataclasses import dataclass, field

from bot.workspace.state import Json

DEEPEST_STACK = 3


@dataclass
class View:
    """A view in front of a person: Slack's view object, and what has been filled in so far."""

    payload: Json
    user: str
    values: Json = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The view's id."""
        return str(self.payload["id"])


class Modals:
    """The open views of everybody."""

    def __init__(self) -> None:
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def stack(self, user: str) -> list[View]:
        """A person's open modals, the last on top."""
        return self.stacks.setdefault(user, [])

    def all(self) -> list[View]:
        """Every view that is open anywhere."""
        return [*(view for stack in self.stacks.values() for view in stack), *self.homes.values()]

    def find(self, view_id: str) -> View | None:
        """An open view by its id."""
        return next((view for view in self.all() if view.id == view_id), None)

    def external(self, external_id: str) -> View | None:
        """An open view by the id that the app gave it."""
        return next((view for view in self.all() if view.payload.get("external_id") == external_id), None)
