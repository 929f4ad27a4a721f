"""Views, documents, and templates that a team puts in the place of ours."""

from pathlib import Path

import pytest

from bot.rendering import TEMPLATES, Rendering, TemplateError
from tests.rendering.given import POSTMORTEMS, VIEWS, hostile
from tests.rendering.given.variants import VARIANTS


def test_a_team_overrides_one_template(tmp_path: Path) -> None:
    """The first directory wins, the others still serve what it lacks."""
    (tmp_path / "messages").mkdir()
    (tmp_path / "messages/welcome.xml.j2").write_text('<message text="Servus"/>')
    rendering = Rendering([tmp_path, TEMPLATES])
    assert rendering.message("welcome").text == "Servus"
    assert rendering.message("help_ops").text == "What /ops can do"


def test_a_modal_has_its_inputs(rendering: Rendering) -> None:
    """A form carries its callback, its metadata, and one input a question."""
    view = rendering.view("incident_declare", **VIEWS["incident_declare"])
    assert (view["type"], view["callback_id"], view["private_metadata"]) == (
        "modal",
        "incident.declare",
        '{"alert": 3}',
    )
    inputs = {block["block_id"]: block["element"] for block in view["blocks"]}
    assert list(inputs) == ["title", "severity", "type", "model", "impact"]
    assert inputs["severity"]["initial_option"]["value"] == "P1"
    assert len(inputs["type"]["options"]) == 9


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ('<text id="e" max="9" min="2" initial="a&#x2028;b"/>', "plain_text_input"),
        ('<users id="e" multiple="yes"/>', "multi_users_select"),
        ('<radio id="e" initial="1"><option value="1" description="d">a</option></radio>', "radio_buttons"),
        ('<checkboxes id="e" initial="1,2"><option value="1">a</option></checkboxes>', "checkboxes"),
        ('<date id="e" initial="2026-11-20"/>', "datepicker"),
        ('<datetime id="e" initial="2026-11-20T02:10:00Z"/>', "datetimepicker"),
        ('<number id="e" initial="3" min="1" max="9" decimal="yes"/>', "number_input"),
        ('<select id="e"><group label="g"><option value="1">a</option></group></select>', "static_select"),
    ],
)
def test_inputs(tmp_path: Path, tag: str, kind: str) -> None:
    """Every kind of input becomes the element that Slack knows."""
    (tmp_path / "views").mkdir()
    asked = f'<input block="b" label="l" hint="h" optional="yes">{tag}</input>'
    (tmp_path / "views/probe.xml.j2").write_text(f'<view callback="c" title="t" submit="s">{asked}</view>')
    (block,) = Rendering([tmp_path]).view("probe")["blocks"]
    assert block["element"]["type"] == kind and block["optional"] and block["hint"]["text"] == "h"


def test_the_home_tab_is_a_home(rendering: Rendering) -> None:
    """App Home has no submit button."""
    assert rendering.view("home", **VIEWS["home"])["type"] == "home"


def test_a_message_is_no_view(rendering: Rendering, tmp_path: Path) -> None:
    """A view's template must not begin like a message."""
    (tmp_path / "views").mkdir()
    (tmp_path / "views/wrong.xml.j2").write_text('<message text="x"/>')
    with pytest.raises(TemplateError, match="begins with <message>, it should be one of: home, view"):
        Rendering([tmp_path]).view("wrong")


def test_foreign_text_stays_text_in_html(rendering: Rendering) -> None:
    """The page of a hostile post-mortem has no foreign element, and no link at all."""
    page = rendering.html("default", **hostile(POSTMORTEMS["default"]))
    assert "<script" not in page and "<a " not in page and "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_foreign_text_stays_in_its_cell(rendering: Rendering) -> None:
    """Pipes and line breaks of foreign text do not add cells to a table."""
    page = rendering.html("default", **hostile(POSTMORTEMS["default"]))
    timeline = page.partition("Root cause analysis")[0]
    assert timeline.count("<td>") == 6 and timeline.count("<th>") == 3


def test_the_page_is_named_and_printable(rendering: Rendering) -> None:
    """The HTML has the document's title, and styles for the dark and for paper."""
    page = rendering.html("default", **POSTMORTEMS["default"])
    assert "<title>Post-incident review: INC-1 Screening model misses tumours</title>" in page
    assert "prefers-color-scheme: dark" in page and "@media print" in page


def test_nothing_is_invented(rendering: Rendering) -> None:
    """A post-mortem of an incident of which little was recorded says so."""
    written = rendering.document("default", **POSTMORTEMS["default.empty"])
    assert "**Detection time:** not recorded" in written
    assert "No rollback was recorded." in written
    assert "None" not in written


def test_a_page_by_mail_names_labels_and_runbook() -> None:
    """Whoever reads it has no card before them."""
    page = VARIANTS["page.foreign"]["page"] | {"act": "trigger", "started_by_name": "Ben"}
    written = Rendering().text("page", page=page).splitlines()
    assert {"gpu-1 is full", "instance: gpu-1", "Runbook: https://runbooks.example/disk-full"} < set(written)
