"""Sources that nobody could use, or anybody, are refused at start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.settings import Settings
from bot.settings.sources import SourceSettings
from bot.sources import proofs
from bot.sources.building import KINDS, sources
from bot.sources.source import Source
from ops_core.errors import Invalid

SECRET = "a secret of twenty letters"


def built(one: dict[str, Any], folder: Path = Path(), **http: Any) -> Source:
    """The source that the settings of one describe."""
    values = {"http": {"port": 0} | http, "sources": {"them": one}}
    settings = Settings.model_validate(values)
    return sources(settings, folder, lambda _address: b"", {"TOKEN": SECRET})["them"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "sns"])
def test_every_kind_can_have_a_secret(kind: str) -> None:
    """Which is then asked for."""
    found = built({"kind": kind, "secret_env": "TOKEN"})
    assert not isinstance(found.proof, proofs.Anybody) and found.kind == kind


def test_the_kinds_of_the_settings_and_of_the_catalogue_are_the_same() -> None:
    """One list each, and no third."""
    annotation = SourceSettings.model_fields["kind"].annotation
    assert set(annotation.__args__) == set(KINDS)  # type: ignore[union-attr]  # a Literal


def test_a_secret_may_be_in_a_file(tmp_path: Path) -> None:
    """Relative to the settings; its last line break is none of it."""
    (tmp_path / "token").write_text(f"{SECRET}\n")
    proof = built({"kind": "json", "secret_file": "token"}, tmp_path).proof
    assert proof == proofs.Token(SECRET.encode())


def test_amazon_needs_topics_and_no_secret() -> None:
    """Its signature is its own."""
    assert built({"kind": "sns", "topics": ["arn:x"]}).slow
    with pytest.raises(Invalid, match="topics is empty"):
        built({"kind": "sns"})


@pytest.mark.parametrize(
    ("one", "http", "complaint"),
    [
        ({"kind": "grafana"}, {}, "has no secret, so anybody could send"),
        ({"kind": "grafana", "open": True}, {"host": "::"}, "which others can reach"),
        ({"kind": "grafana", "open": True}, {"host": "example.test"}, "which others can reach"),
        ({"kind": "grafana", "secret_env": "NOWHERE"}, {}, "the variable NOWHERE is empty"),
        ({"kind": "grafana", "secret_file": "nowhere"}, {}, "cannot be read: No such file"),
        ({"kind": "grafana", "secret_env": "TOKEN"}, {"port": None}, "http.port names no port"),
        ({"kind": "grafana", "secret_env": "TOKEN", "mapping": "{}"}, {}, "mapping is for the kind json"),
        ({"kind": "grafana", "secret_env": "TOKEN", "url": "http://x"}, {}, "url is for the kind alert"),
        ({"kind": "alertmanager", "secret_env": "TOKEN", "url": "am:9093"}, {}, "url is no address"),
        ({"kind": "json", "secret_env": "TOKEN", "mapping": "{{"}, {}, "mapping is wrong in line 1"),
    ],
)
def test_what_is_unsafe_or_useless_is_refused(one: dict[str, Any], http: Any, complaint: str) -> None:
    """With the place in the settings and what to do."""
    with pytest.raises(Invalid, match=complaint):
        built(one, **http)


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    """It could be guessed."""
    (tmp_path / "token").write_text("secret")
    with pytest.raises(Invalid, match="shorter than 16"):
        built({"kind": "json", "secret_file": "token"}, tmp_path)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_on_loopback_a_source_may_be_open(host: str) -> None:
    """When the settings say so."""
    assert isinstance(built({"kind": "json", "open": True}, host=host).proof, proofs.Anybody)


def test_a_secret_is_in_no_error_or_log() -> None:
    """Not even in the description of a source."""
    assert SECRET not in repr(built({"kind": "pagerduty", "secret_env": "TOKEN"}))
