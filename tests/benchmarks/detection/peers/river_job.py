"""river's ADWIN and Page–Hinkley on the streams of an .npz file: errors (streams × rows), as they come.

Prints by detector and stream name the row (from 0) at which each stream first rings after `at`; None where it
rang before or never does.
"""

import json
import sys

import numpy as np
from river import drift

DETECTORS = {"ADWIN": drift.ADWIN, "Page–Hinkley": drift.PageHinkley}


def first(detector, errors, at):
    """The first ring; one before `at` spoils the stream."""
    for row, error in enumerate(errors.tolist()):
        detector.update(error)
        if detector.drift_detected:
            return row if row >= at else None
    return None


after = {"steady": 0}
with np.load(sys.argv[1]) as streams:
    told = {
        who: {
            name: [first(made(), errors, after.get(name, int(sys.argv[2]))) for errors in streams[name]]
            for name in streams.files
        }
        for who, made in DETECTORS.items()
    }
print(json.dumps(told, ensure_ascii=False))
