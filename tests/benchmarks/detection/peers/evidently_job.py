"""Evidently: drift by PSI, summary and classification of two Parquet files."""

import json
import resource
import sys
import time

import pandas as pd
from evidently import BinaryClassification, DataDefinition, Dataset, Report
from evidently.presets import ClassificationPreset, DataDriftPreset, DataSummaryPreset

start = time.perf_counter()
numbers, texts = [f"n{at}" for at in range(15)] + ["score"], [f"c{at}" for at in range(5)] + ["group"]
definition = DataDefinition(
    numerical_columns=numbers,
    categorical_columns=[*texts, "pred", "target"],
    datetime_columns=["ts"],
    classification=[
        BinaryClassification(
            target="target", prediction_labels="pred", prediction_probas="score", pos_label=1
        )
    ],
)
frames = [pd.read_parquet(path).astype({"pred": "int64", "target": "int64"}) for path in sys.argv[1:3]]
usual, current = (Dataset.from_pandas(frame, data_definition=definition) for frame in frames)
presets = [DataDriftPreset(num_method="psi", cat_method="psi"), DataSummaryPreset(), ClassificationPreset()]
Report(presets, include_tests=False).run(current, usual).dict()
seconds = time.perf_counter() - start
print(
    json.dumps({"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})
)
