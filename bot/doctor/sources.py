"""Other monitors: have they what they need to be heard, and do those that can be asked answer?"""

from __future__ import annotations

import os

from bot.adapters.alertmanager import Alertmanager
from bot.doctor.answer import Answer, ok, warning
from bot.doctor.patient import Patient
from bot.settings.sources import SourceSettings
from bot.sources.building import source_of
from ops_core.errors import OpsError


def source(patient: Patient, *, name: str) -> Answer:
    """Its secret is there and its mapping can be read; its Alertmanager answers."""
    settings = patient.settings.sources[name]
    found = source_of(name, patient.settings, patient.folder, _nothing, os.environ)
    heard = f"{found.kind}, heard at /sources/{name}"
    return ok(heard) if settings.url is None else _asked(settings, heard)


def _asked(settings: SourceSettings, heard: str) -> Answer:
    token = os.environ.get(settings.url_token_env or "", "")
    asked = Alertmanager(str(settings.url), token, settings.receiver, timeout=5)
    try:
        many = len(asked.alerts())
    except OpsError as error:
        return warning(error.message, error.hint)
    return ok(f"{heard}; the Alertmanager knows {many} alerts")


def _nothing(_address: str) -> bytes:
    """Nobody is asked: building a source needs no certificate yet."""
    return b""
