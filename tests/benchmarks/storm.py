"""A storm of 10,000 alerts: how many calls of Slack it costs, and how soon people see what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.alert_stand import alert_stand
from tests.benchmarks.figure import Figure, percentile
from tests.scenarios.storm import Aftermath, Storm, blow, killing

STORM = Storm(alerts=10_000, groups=40, seconds=10)
KILLS = 50
SEED = 7
PEER = "Alertmanager 0.25: one message a group and interval (figure of the issue, not measured in this run)"


def measure(folder: Path) -> Iterator[Figure]:
    """In a workspace that keeps Slack's limits."""
    with alert_stand(folder) as stand:
        after = blow(stand, STORM)
    yield from _figures(after, "storm of 10,000 alerts in 40 groups")


def measure_killed(folder: Path) -> Iterator[Figure]:
    """The same, while the bot is killed with -9 again and again; what is not taken is sent again."""
    with alert_stand(folder) as stand, killing(stand, KILLS, SEED) as lives:
        after = blow(stand, STORM, meanwhile=lambda: len(lives) >= KILLS)
    name = f"storm with {len(lives)} × kill -9"
    yield _wrong(after, name)
    lost = STORM.alerts - after.kept
    yield Figure(f"{name}: acknowledged alerts that are lost", lost, "alerts", bar=0)
    yield Figure(f"{name}: Slack calls", len(after.said), "calls", note=_refusals(after))


def _figures(after: Aftermath, name: str) -> Iterator[Figure]:
    begun = after.sent.first_at[0]
    seen = {group: after.first_sight(group) for group in STORM.names}
    starts = {STORM.name(number): after.sent.first_at[number] for number in range(STORM.groups)}
    waits = {group: seen[group] - starts[group] for group in STORM.names}
    page = STORM.name(STORM.page)
    yield Figure(
        f"{name}: Slack calls",
        len(after.said),
        "calls",
        bar=60,
        peer=PEER,
        peer_value=440,
        note=_refusals(after),
    )
    yield Figure(
        "… first sight of every group", max(seen.values()) - begun, "s", bar=45, peer=PEER, peer_value=438
    )
    digested = [wait for group, wait in waits.items() if group in str(_digests(after))]
    late = max(digested, default=float("inf"))
    yield Figure("… digest is current after", late, "s", bar=2, note=f"{len(digested)} groups in it")
    yield Figure("… P0 page on the wire", waits[page], "s", bar=1)
    unhandled = len(_refused(after)) if after.wrong(STORM) else 0
    yield Figure("… 429 unhandled", unhandled, "calls", bar=0, note=_refusals(after))
    yield _wrong(after, name)
    took = percentile(after.sent.took, 99)
    yield Figure("… request of 20 alerts → 202, p99", took, "ms", note=f"{after.kept} alerts kept")


def _wrong(after: Aftermath, name: str) -> Figure:
    wrong = after.wrong(STORM)
    note = "; ".join(wrong[:5]) or "every group is told once and in its final state"
    return Figure(f"{name}: groups told wrongly", len(wrong), "groups", bar=0, note=note)


def _digests(after: Aftermath) -> list[object]:
    return [each["blocks"] for each in after.messages if "in a storm" in each["text"]]


def _refused(after: Aftermath) -> list[object]:
    return [call for call in after.calls if call["status"] == 429]


def _refusals(after: Aftermath) -> str:
    return f"{len(_refused(after))} of {len(after.calls)} calls were told to wait"
