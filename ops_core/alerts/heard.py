"""What a source says about one alert, before anything is done with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from ops_core.checks.finding import JSON
from ops_core.severity import Severity


class Heard(NamedTuple):
    """One alert as its source tells it; all words are foreign text.

    `source` is the name under which the settings know it ("tocsin" for our own checks). `labels` say which
    alert it is, `annotations` describe it. Times are aware and in UTC; with `ends_at` it is over. `url` is
    where it can be looked at, `key` what the source itself calls it, `finding` our own check's, as JSON;
    `remark` is what we say about it ourselves, such as why it ended. `anew` is true when it is surely how it
    stands now, such as an answer to a question of ours, and no word that was under way for a while.
    """

    source: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    starts_at: datetime
    ends_at: datetime | None = None
    severity: Severity | None = None
    url: str = ""
    key: str = ""
    finding: Mapping[str, JSON] | None = None
    remark: str = ""
    anew: bool = False

    @property
    def fingerprint(self) -> str:
        """Which alert it is: 16 hexadecimal digits of its source and its labels, in whatever order.

        A severity that the source gives as a label counts, as it does for Alertmanager: two rules of one
        name, a warning and a critical one, are two alerts of one group. Our own findings have no such
        label: one that gets worse is the same alert.
        """
        named = sorted(self.labels.items())
        told = "".join([f"{len(name)}:{name}{len(value)}:{value}" for name, value in named])
        told = f"{len(self.source)}:{self.source}{told}"
        return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
