"""alibi-detect: drift alone of two Parquet files; rows with nulls are dropped, which it cannot take."""

import json
import resource
import sys
import time

import numpy as np
import pandas as pd
from alibi_detect.cd import TabularDrift

start = time.perf_counter()
numbers, texts = [f"n{at}" for at in range(15)] + ["score"], [f"c{at}" for at in range(5)] + ["group"]
usual, current = (pd.read_parquet(path, columns=numbers + texts).dropna() for path in sys.argv[1:3])
categories = {name: sorted(set(usual[name]) | set(current[name])) for name in texts}
rows = [
    np.column_stack(
        [frame[numbers].to_numpy(float)]
        + [pd.Categorical(frame[name], categories=categories[name]).codes for name in texts]
    )
    for frame in (usual, current)
]
sizes = {len(numbers) + at: list(range(len(categories[name]))) for at, name in enumerate(texts)}
TabularDrift(rows[0], p_val=0.05, categories_per_feature=sizes).predict(rows[1])
seconds = time.perf_counter() - start
print(
    json.dumps({"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})
)
