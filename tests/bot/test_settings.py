"""Settings: what is read, what wins, and how a mistake is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.settings import Settings, anchored, load
from ops_core.errors import Invalid
from ops_core.people import Role
from ops_core.severity import Severity

MODEL = "models: {m: {predictions: p, reference: r, %s}}"


def read(folder: Path, text: str, **environment: str) -> Settings:
    """The settings of a file with this text."""
    file = folder / "tocsin.yml"
    file.write_text(text, encoding="utf-8")
    return load(file, environment)


def refusal(folder: Path, text: str, **environment: str) -> str:
    """What is said of a file that is refused."""
    with pytest.raises(Invalid) as refused:
        read(folder, text, **environment)
    return f"{refused.value.message} {refused.value.hint}"


@pytest.mark.parametrize("text", ["", "# nothing yet", "slack:\n  # bot_token: later\npeople:\n"])
def test_nothing_said_is_the_defaults(tmp_path: Path, text: str) -> None:
    """Neither a file nor a section needs to say anything."""
    assert read(tmp_path, text) == Settings() == load(None, {})


def test_the_environment_wins(tmp_path: Path) -> None:
    """Over the file, and without touching its neighbours."""
    told = read(
        tmp_path, "slack: {bot_token: xoxb-1, mode: socket}", SLACK_BOT_TOKEN="xoxb-2", TOCSIN_HTTP_PORT="80"
    )
    assert told.slack.bot_token.get_secret_value() == "xoxb-2" and told.http.port == 80


def test_an_empty_variable_says_nothing(tmp_path: Path) -> None:
    """As it is set by container files that pass all of them on."""
    assert read(tmp_path, "database: sqlite:///a.db", TOCSIN_DATABASE="").database == "sqlite:///a.db"


@pytest.mark.parametrize(
    ("text", "span"),
    [("90s", 90), ("15m", 900), ("24h", 86400), ("7d", 604800), ("500ms", 0.5), ("1.5h", 5400), ("30", None)],
)
def test_spans_have_units(tmp_path: Path, text: str, span: float | None) -> None:
    """Seconds to days; a text without a unit is refused, because nobody knows which is meant."""
    line = MODEL % f'every: "{text}"'
    if span is None:
        assert 'models.m.every: write a span as "90s"' in refusal(tmp_path, line)
    else:
        assert read(tmp_path, line).models["m"].every == timedelta(seconds=span)


@pytest.mark.parametrize("names", ["[P0, P1]", "[critical, high]", "[p0, High]"])
def test_severities_in_both_spellings(tmp_path: Path, names: str) -> None:
    """Letters and words, in any case."""
    told = read(tmp_path, f"rollback: {{second_person_at: {names}}}")
    assert told.rollback.second_person_at == [Severity.P0, Severity.P1]


def test_roles_by_name(tmp_path: Path) -> None:
    """As the README writes them."""
    told = read(tmp_path, "people: {roles: {ana@example.test: admin}, default_role: viewer}")
    assert told.people.roles == {"ana@example.test": Role.ADMIN} and told.people.default_role is Role.VIEWER


def test_options_of_a_check_are_kept(tmp_path: Path) -> None:
    """Whatever they are called; the check itself knows them."""
    told = read(tmp_path, MODEL % "checks: [{check: quality.null_rate, limit: 0.1}]")
    assert told.models["m"].checks[0].options == {"limit": 0.1}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("databse: x", "databse: there is no such setting"),
        ("slack: {token: x}", "slack.token: there is no such setting"),
        ("slack: {mode: carrier}", "slack.mode: Input should be 'socket' or 'http'"),
        ("slack: nothing", "slack: Input should be a valid dictionary"),
        ("models: {m: {predictions: p}}", "models.m.reference: is missing"),
        (MODEL % "every: 0s", "models.m.every: Input should be greater than or equal to"),
        (MODEL % "label_delay: 24", "models.m.label_delay: write a span as"),
        (MODEL % "label_delay: -5", "models.m.label_delay: write a span as"),
        (MODEL % "label_delay: -5s", "models.m.label_delay: write a span as"),
        (
            "people: {default_role: king}",
            "people.default_role: a role is viewer, responder, commander, admin",
        ),
        ("rollback: {second_person_at: [P9]}", "rollback.second_person_at.0: “P9” is not a severity. Use P0"),
        ("schedule: {summary: daily}", "schedule.summary: Wrong number of fields"),
        ("schedule: {timezone: Mars/Base}", "schedule.timezone: there is no such time zone"),
        ("schedule: {timezone: Europe}", "schedule.timezone: there is no such time zone"),
        ("http: {port: 70000}", "http.port: Input should be less than or equal to 65535"),
        ("worker_memory_mb: 10", "worker_memory_mb: Input should be greater than or equal to 256"),
        ("- a list", "holds a list; settings are names with values"),
        ("slack: {mode: [", "is not YAML"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    """A sentence that names the file and the setting."""
    said = refusal(tmp_path, text)
    assert told in said and "tocsin.yml" in said


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Nobody wants to mend them one start at a time."""
    said = refusal(tmp_path, "slack: {mode: carrier}\nhttp: {port: -1}")
    assert "slack.mode:" in said and "http.port:" in said


def test_a_wrong_variable_is_named(tmp_path: Path) -> None:
    """The file is not to blame."""
    assert "TOCSIN_HTTP_PORT: Input should be a valid integer" in refusal(
        tmp_path, "", TOCSIN_HTTP_PORT="many"
    )


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    """Missing, or no text."""
    file = tmp_path / "other.yml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Invalid, match=r"other\.yml"):
        load(file, {})


@pytest.mark.parametrize(
    "text",
    [
        "slack: {bot_token: hunter2, mode: carrier}",
        "slack: {bot_token: [hunter2]}",
        "slack: {bot_tokn: hunter2}",
        "slack: hunter2",
        "slack:\n  bot_token: 'hunter2",
        "slack: {mode: hunter2}",
        "slack: {bot_token: hunter2]",
    ],
)
def test_a_secret_is_in_no_error(tmp_path: Path, text: str) -> None:
    """Wherever it was put by mistake."""
    assert "hunter2" not in refusal(tmp_path, text)


def test_a_secret_is_in_no_print(tmp_path: Path) -> None:
    """Neither tokens nor the passwords in addresses."""
    told = read(
        tmp_path,
        "slack: {bot_token: hunter2}\ndatabase: postgresql://me:hunter2@db/x\nregistry: {uri: https://me:hunter2@ml}",
    )
    assert "hunter2" not in repr(told) + str(told)


@pytest.mark.parametrize(
    ("url", "anchor"),
    [
        ("sqlite:///a.db", "sqlite:////srv/a.db"),
        ("sqlite:////data/a.db", "sqlite:////data/a.db"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("https://mlflow.example.com", "https://mlflow.example.com"),
    ],
)
def test_relative_addresses_start_at_the_file(url: str, anchor: str) -> None:
    """Wherever the program was started."""
    assert anchored(url, Path("/srv")) == anchor


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("sqlite:///a.db#t", "sqlite:///a.db#t"),
        ("{url: 'postgresql://b/c', table: ml.t}", "postgresql://b/c#ml.t"),
        ("{url: 'postgresql://b/c', query: 'SELECT 1;'}", "postgresql://b/c#(SELECT 1)"),
        ("data/*.parquet", "data/*.parquet"),
    ],
)
def test_rows_may_lie_in_a_table(tmp_path: Path, place: str, found: str) -> None:
    """As an address or as a block."""
    settings = read(tmp_path, f"models: {{m: {{predictions: {place}, reference: r.parquet}}}}")
    assert settings.models["m"].predictions == found


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ("predictions: 'postgresql://a:s3cret@b/c', reference: r", "models.m.predictions: postgresql://a:"),
        ("predictions: {url: 'sqlite:///a.db'}, reference: r", "write a block as"),
        ("predictions: 'sqlite:///a.db#t', labels: 'sqlite:///b.db#t', reference: r", "same database"),
        ("predictions: p.parquet, labels: 'sqlite:///b.db#t', reference: r", "same database"),
        ("predictions: '#t', reference: r", "needs an engine"),
        ("engine: spark, predictions: 'sqlite:///b.db#t', reference: r", "with an engine"),
    ],
)
def test_a_place_that_cannot_be_is_refused(tmp_path: Path, places: str, said: str) -> None:
    """With what to write instead, and never with a password."""
    with pytest.raises(Invalid) as refusal:
        read(tmp_path, f"models: {{m: {{{places}}}}}")
    assert said in refusal.value.message and "s3cret" not in refusal.value.message


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"quiet_hours": [{"start": "22:00", "end": "22:00"}]}, "quiet hours from 22:00 to 22:00"),
        (
            {
                "maintenance": [
                    {"starts_at": "2026-12-01T22:00:00Z", "ends_at": "2026-12-01T20:00:00Z", "why": "x"}
                ]
            },
            "not after its start",
        ),
    ],
)
def test_hours_that_cannot_be_are_refused(wrong: dict[str, object], said: str) -> None:
    """With what is wrong about them."""
    with pytest.raises(ValueError, match=said):
        Settings.model_validate({"alerts": wrong})
