"""NannyML: drift, missing values, summary and performance of two Parquet files, in ten chunks."""

import json
import resource
import sys
import time

import nannyml
import pandas as pd

start = time.perf_counter()
numbers, texts = [f"n{at}" for at in range(15)] + ["score"], [f"c{at}" for at in range(5)] + ["group"]
usual, current = (
    pd.read_parquet(path).astype({"pred": "int64", "target": "int64"}) for path in sys.argv[1:3]
)
chunks = {"timestamp_column_name": "ts", "chunk_number": 10}
calculators = [
    nannyml.UnivariateDriftCalculator(
        column_names=numbers + texts,
        treat_as_categorical=texts,
        continuous_methods=["jensen_shannon"],
        categorical_methods=["jensen_shannon"],
        **chunks,
    ),
    nannyml.MissingValuesCalculator(column_names=numbers + texts, **chunks),
    nannyml.SummaryStatsAvgCalculator(column_names=numbers, **chunks),
    nannyml.SummaryStatsStdCalculator(column_names=numbers, **chunks),
    nannyml.SummaryStatsMedianCalculator(column_names=numbers, **chunks),
    nannyml.PerformanceCalculator(
        metrics=["accuracy", "precision", "recall", "f1", "roc_auc"],
        y_true="target",
        y_pred="pred",
        y_pred_proba="score",
        problem_type="classification_binary",
        **chunks,
    ),
]
for calculator in calculators:
    calculator.fit(usual)
    calculator.calculate(current)
seconds = time.perf_counter() - start
print(
    json.dumps({"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})
)
