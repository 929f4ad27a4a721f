"""From settings to sources: what is missing or unsafe is refused at start, with its place."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.settings import Settings
from bot.settings.sources import SourceSettings
from bot.sources import (
    alertmanager,
    datadog,
    evidently,
    grafana,
    mapping,
    mlflow_registry,
    nannyml,
    pagerduty,
    plain,
    proofs,
    sns,
    stream,
    whylogs,
)
from bot.sources.hearing import Hearing
from bot.sources.proofs import Proof
from bot.sources.source import Parse, Source
from ops_core.alerts.heard import Heard
from ops_core.errors import Invalid

SHORTEST_SECRET = 16


@dataclass(frozen=True)
class Kind:
    """What all sources of one kind share."""

    parse: Parse
    proof: type[proofs.Token] | type[proofs.GrafanaSigned] | type[proofs.MlflowSigned] = proofs.Token
    signature_header: str = ""
    reports: bool = False
    slow: bool = False


KINDS = {
    "alertmanager": Kind(alertmanager.parse),
    "grafana": Kind(grafana.parse, proofs.GrafanaSigned),
    "datadog": Kind(datadog.parse),
    "pagerduty": Kind(pagerduty.parse, signature_header="X-PagerDuty-Signature", slow=True),
    "sns": Kind(sns.parse, slow=True),
    "mlflow": Kind(mlflow_registry.parse, proofs.MlflowSigned),
    "evidently": Kind(evidently.parse, reports=True, slow=True),
    "whylogs": Kind(whylogs.parse, reports=True, slow=True),
    "nannyml": Kind(nannyml.parse, reports=True, slow=True),
    "json": Kind(plain.parse, slow=True),
    "stream": Kind(stream.parse, slow=True),
}
"""The catalogue: the word in the settings, whose parser, and how the sender proves itself."""


def sources(
    settings: Settings, folder: Path, fetch: sns.Fetch, environment: Mapping[str, str] = os.environ
) -> dict[str, Source]:
    """The sources that the settings name. Raises `Invalid` for one that nobody could use, or anybody."""
    found = {name: source_of(name, settings, folder, fetch, environment) for name in settings.sources}
    if settings.http.port is None and any(one.url is None for one in settings.sources.values()):
        raise Invalid(
            "There are sources, but http.port names no port on which they are heard.", hint="Set http.port."
        )
    return found


def secret_of(name: str, one: SourceSettings, folder: Path, environment: Mapping[str, str]) -> str:
    """The token or signing secret of a source, or nothing. Raises `Invalid` when it is said and not there."""
    if one.secret_env is not None:
        found = environment.get(one.secret_env, "").strip()
        if not found:
            raise Invalid(f"sources.{name}.secret_env: the variable {one.secret_env} is empty.")
        return found
    if one.secret_file is None:
        return ""
    try:
        found = (folder / one.secret_file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8 text"
        raise Invalid(f"sources.{name}.secret_file cannot be read: {why}.") from None
    if not found:
        raise Invalid(f"sources.{name}.secret_file is empty.")
    return found


def source_of(
    name: str, settings: Settings, folder: Path, fetch: sns.Fetch, environment: Mapping[str, str]
) -> Source:
    """One source. Raises `Invalid` when it cannot be."""
    one = settings.sources[name]
    kind = KINDS[one.kind]
    if one.mapping is not None and one.kind != "json":
        raise Invalid(f"sources.{name}.mapping is for the kind json.")
    if one.url is not None and one.kind != "alertmanager":
        raise Invalid(f"sources.{name}.url is for the kind alertmanager.")
    if one.url is not None and not one.url.startswith(("http://", "https://")):
        raise Invalid(f"sources.{name}.url is no address.", hint="Write it as http://alertmanager:9093.")
    return Source(
        name,
        one.kind,
        _proof(name, one, kind, settings.http.host, secret_of(name, one, folder, environment), fetch),
        kind.parse
        if one.mapping is None
        else _mapped(mapping.Mapping(one.mapping, f"sources.{name}.mapping")),
        one.labels,
        one.severity,
        {word.lower(): grade for word, grade in one.severities.items()},
        one.limit,
        kind.reports,
        kind.slow,
    )


def _mapped(rule: mapping.Mapping) -> Parse:
    def parse(document: Any, hearing: Hearing) -> list[Heard]:
        return plain.parse(rule.apply(document), hearing)

    return parse


def _proof(name: str, one: SourceSettings, kind: Kind, host: str, secret: str, fetch: sns.Fetch) -> Proof:
    if one.kind == "sns" and not one.open:
        return _amazon(name, one, fetch)
    if secret:
        if len(secret) < SHORTEST_SECRET:
            raise Invalid(f"The secret of sources.{name} is shorter than {SHORTEST_SECRET} characters.")
        header = one.signature_header or kind.signature_header
        return proofs.Signed(secret.encode(), header) if header else kind.proof(secret.encode())
    if not one.open:
        raise Invalid(
            f"sources.{name} has no secret, so anybody could send alerts.",
            hint="Name a variable in secret_env or a file in secret_file; on loopback alone: open: true.",
        )
    if not is_loopback(host):
        raise Invalid(
            f"sources.{name} is open, but http.host is {host}, which others can reach.",
            hint="Give it a secret, or listen on 127.0.0.1.",
        )
    return proofs.Anybody()


def _amazon(name: str, one: SourceSettings, fetch: sns.Fetch) -> Proof:
    if not one.topics:
        raise Invalid(f"sources.{name}.topics is empty; Amazon SNS sends for anybody's topics.")
    if find_spec("cryptography") is None:
        raise Invalid("Amazon's signatures need the package cryptography.", hint="pip install 'tocsin[sns]'")
    return sns.SnsSigned(frozenset(one.topics), fetch)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
