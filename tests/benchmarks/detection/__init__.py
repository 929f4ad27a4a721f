"""How fast, how right and how calm detection is; each part can be measured by itself."""

from tests.benchmarks.detection import agreement, bundled, quiet, speed, stream
from tests.benchmarks.figure import Measure

MEASURES: dict[str, Measure] = {
    "detection-peers": speed.against_peers,
    "detection-daily": speed.daily,
    "detection-memory": speed.memory,
    "detection-agreement": agreement.agreement,
    "detection-quiet": quiet.alike,
    "detection-days": quiet.apart,
    "detection-delay": quiet.delays,
    "detection-bundled": bundled.bundled,
    "detection-stream": stream.stream,
}
