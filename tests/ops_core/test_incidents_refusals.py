"""What the incident walk refuses, and that a refusal changes nothing."""

from collections.abc import Callable

import pytest

from ops_core.errors import Conflict, Forbidden, Invalid, NotFound, OpsError
from ops_core.incidents import incident
from ops_core.incidents.declaration import Declaration
from ops_core.incidents.kinds import IncidentType
from ops_core.incidents.timeline import TimelineEntry
from ops_core.severity import Severity
from ops_core.store.audit import AuditEntry
from tests.ops_core.world import ANN, BOB, VIC, House

Act = Callable[[House, int, str], object]
ACTS: dict[str, Act] = {
    "take command": lambda house, number, by: house.incidents.take_command(number, by),
    "set severity": lambda house, number, by: house.incidents.set_severity(number, Severity.P0, by),
    "update": lambda house, number, by: house.incidents.update(number, "news", by),
    "resolve": lambda house, number, by: house.incidents.resolve(number, by),
    "close": lambda house, number, by: house.incidents.close(number, by),
    "post-mortem": lambda house, number, by: house.incidents.write_postmortem(number, by),
}
every_act = pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())


@every_act
def test_nothing_can_be_done_to_what_is_not_there(house: House, act: Act) -> None:
    """The hint says where to look."""
    with pytest.raises(NotFound, match="no INC-7") as refusal:
        act(house, 7, BOB)
    assert "/incident list" in refusal.value.hint


@every_act
def test_a_viewer_may_do_nothing(house: House, act: Act) -> None:
    """Whatever it is; they may look."""
    one = house.declare()
    with pytest.raises(Forbidden, match="Only a responder may"):
        act(house, one.number, VIC)
    assert VIC not in house.read(incident.responders, one.number)


@pytest.mark.parametrize("name", [name for name in ACTS if name != "post-mortem"])
def test_a_closed_incident_stays_as_it_is(walked: House, name: str) -> None:
    """A button on an old card is answered; nothing is recorded."""
    before = (walked.said(), len(walked.rows(TimelineEntry)), len(walked.rows(AuditEntry)))
    with pytest.raises(Conflict, match="INC-1 is closed"):
        ACTS[name](walked, 1, BOB)
    assert (walked.said(), len(walked.rows(TimelineEntry)), len(walked.rows(AuditEntry))) == before


def test_a_viewer_may_not_declare(house: House) -> None:
    """The message says which role it takes."""
    with pytest.raises(Forbidden, match="Only a responder may declare an incident; you are a viewer"):
        house.incidents.declare(Declaration("x", Severity.P1, IncidentType.SECURITY), VIC)


def test_command_is_taken_once(house: House) -> None:
    """The same person hears that they have it; another takes it over."""
    one = house.declare()
    house.incidents.take_command(one.number, BOB)
    with pytest.raises(Conflict, match="You already command INC-1"):
        house.incidents.take_command(one.number, BOB)
    assert house.incidents.take_command(one.number, ANN).commander == ANN


def test_the_second_resolve_hears_of_the_first(house: House) -> None:
    """Two people press the same button."""
    one = house.declare()
    house.incidents.resolve(one.number, ANN, root_cause="first")
    with pytest.raises(Conflict, match="resolved already, at 12:00 UTC"):
        house.incidents.resolve(one.number, BOB, root_cause="second")
    with pytest.raises(Conflict, match="resolved already"):
        house.incidents.must_be_unresolved(one.number)
    assert house.read(incident.get, one.number).root_cause == "first"


@pytest.mark.parametrize("name", ["close", "post-mortem"])
def test_what_comes_after_the_resolution_waits_for_it(house: House, name: str) -> None:
    """The hint names the command that comes first."""
    one = house.declare()
    with pytest.raises(Conflict, match="not resolved yet") as refusal:
        ACTS[name](house, one.number, BOB)
    assert "/incident resolve" in refusal.value.hint


def test_the_same_severity_is_no_change(house: House) -> None:
    """Nothing is said about it."""
    one = house.declare()
    with pytest.raises(Conflict, match="INC-1 is already P2"):
        house.incidents.set_severity(one.number, Severity.P2, BOB)


def test_an_alert_has_one_incident(house: House) -> None:
    """The second of two who press the button is told which."""
    alert = house.fire()
    house.declare(alert_group_id=alert.number)
    with pytest.raises(Conflict, match="INC-1 was already declared from A-1"):
        house.declare(alert_group_id=alert.number)
    with pytest.raises(Conflict, match="already declared"):
        house.incidents.must_be_undeclared(alert.number)
    assert len(house.read(incident.open_ones)) == 1


def test_an_alert_that_does_not_exist_declares_nothing(house: House) -> None:
    """No incident remains of it."""
    with pytest.raises(NotFound, match="no alert A-9"):
        house.declare(alert_group_id=9)
    assert house.read(incident.open_ones) == []


@pytest.mark.parametrize("title", ["", " \n", "x" * 141])
def test_a_title_says_something_short(title: str) -> None:
    """The refusal names the field, so that the form can show it there."""
    with pytest.raises(Invalid) as refusal:
        Declaration(title, Severity.P1, IncidentType.SECURITY)
    assert refusal.value.field == "title" and refusal.value.hint


def test_an_empty_update_is_refused(house: House) -> None:
    """Saying nothing does not answer the update that is due."""
    one = house.declare()
    with pytest.raises(Invalid):
        house.incidents.update(one.number, "  ", BOB)


@pytest.mark.parametrize("text", ["P1", "p1", " High ", "HIGH"])
def test_both_spellings_of_a_severity_are_read(text: str) -> None:
    """In any case, with blanks."""
    assert Severity.parse(text) is Severity.P1


@pytest.mark.parametrize("text", ["bias_fairness", "Bias / Fairness", "bias fairness"])
def test_any_spelling_of_a_type_is_read(text: str) -> None:
    """The words count."""
    assert IncidentType.parse(text) is IncidentType.BIAS_FAIRNESS


@pytest.mark.parametrize("parse", [Severity.parse, IncidentType.parse])
def test_what_is_neither_is_refused_with_the_choices(parse: Callable[[str], object]) -> None:
    """The hint lists them."""
    with pytest.raises(OpsError, match="“huge” is not") as refusal:
        parse("huge")
    assert refusal.value.hint.startswith("Use ")
