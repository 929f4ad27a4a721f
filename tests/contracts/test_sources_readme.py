"""The README's examples of other monitors work as they stand there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

from bot.settings import Settings
from bot.sources.building import KINDS, SHORTEST_SECRET, source_of
from bot.sources.hearing import Hearing
from tests.sources.hearsay import NOW, payload

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("## Other monitors")[2].partition("\n## ")[0]


def example(language: str) -> Any:
    """The example in a language, as values."""
    found = re.search(rf"```{language}\n(.*?)```", SECTION, re.DOTALL)
    assert found
    return yaml.safe_load(found[1])


def test_the_example_has_a_source_of_every_kind_and_each_can_be_built(tmp_path: Path) -> None:
    """With secrets where it says that they are."""
    settings = Settings.model_validate(example("yaml"))
    secret = "x" * SHORTEST_SECRET
    variables = {one.secret_env: secret for one in settings.sources.values() if one.secret_env}
    (tmp_path / "secret").write_text(secret)
    for name, one in settings.sources.items():
        if one.secret_file:
            changed = one.model_copy(update={"secret_file": tmp_path / "secret"})
            settings.sources[name] = changed
        assert source_of(name, settings, tmp_path, lambda _address: b"", variables).kind == one.kind
    assert {one.kind for one in settings.sources.values()} == set(KINDS)


def test_the_example_s_mapping_makes_our_own_form() -> None:
    """Of the JSON that it is for."""
    settings = Settings.model_validate(example("yaml"))
    variables = {"JOBS_TOKEN": "x" * SHORTEST_SECRET}
    source = source_of("jobs", settings, Path(), lambda _address: b"", variables)
    (found,) = source.understand({"job": "nightly", "ok": False, "seconds": 7}, NOW)
    assert found.labels == {"alertname": "nightly", "model": "none"}
    assert found.annotations == {"summary": "nightly took 7 s"}


def test_datadog_s_payload_has_what_the_parser_reads() -> None:
    """The recorded one has the same fields."""
    assert example("json").keys() == payload("datadog_triggered").keys()
    filled = json.loads(json.dumps(example("json")).replace("$ALERT_TRANSITION", "Recovered"))
    (found,) = KINDS["datadog"].parse(filled, Hearing("datadog", NOW))
    assert found.ends_at == NOW
