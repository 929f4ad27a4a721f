"""Who may do what."""

from itertools import pairwise

import pytest

from ops_core.errors import Forbidden
from ops_core.people import TOCSIN, Role, Roles

ROLES = Roles({"U1": Role.VIEWER, "U2": Role.RESPONDER, "U3": Role.COMMANDER, "U4": Role.ADMIN})


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(["U1", "U2", "U3", "U4"])))
def test_each_role_may_what_the_one_before_may(lower: str, higher: str) -> None:
    """And more."""
    ROLES.require(higher, ROLES.of(lower), "look")
    with pytest.raises(Forbidden):
        ROLES.require(lower, ROLES.of(higher), "look")


def test_whoever_is_not_listed_has_the_default() -> None:
    """A responder, unless the settings say otherwise."""
    assert ROLES.of("U9") is Role.RESPONDER and Roles({}, Role.VIEWER).of("U9") is Role.VIEWER


def test_the_bot_itself_may_everything() -> None:
    """Whatever the default is."""
    roles = Roles({}, Role.VIEWER)
    roles.require(TOCSIN, Role.ADMIN, "work")
    with pytest.raises(Forbidden):
        roles.require("U9", Role.ADMIN, "work")
