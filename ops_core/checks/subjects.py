"""What people call the things that checks are about, in the words of runbooks."""

from __future__ import annotations

import re
from collections.abc import Mapping

_RESOURCES = ("infrastructure.cpu", "infrastructure.memory", "infrastructure.disk")
SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "f1": ("performance.f1",),
    "accuracy": ("performance.accuracy",),
    "prediction accuracy": ("performance.accuracy",),
    "precision": ("performance.precision",),
    "recall": ("performance.recall",),
    "precision/recall": ("performance.precision", "performance.recall"),
    "auc": ("performance.auc",),
    "auc-roc": ("performance.auc",),
    "roc-auc": ("performance.auc",),
    "false positive rate": ("performance.false_positive_rate",),
    "log loss": ("performance.log_loss",),
    "calibration error": ("performance.calibration",),
    "mae": ("performance.mae",),
    "rmse": ("performance.rmse",),
    "r2": ("performance.r2",),
    "performance": ("performance.accuracy", "performance.f1"),
    "null rate": ("quality.null_rate",),
    "missing value": ("quality.null_rate",),
    "new data": ("quality.new_data",),
    "duplicate": ("quality.duplicates",),
    "drift": ("drift.data", "drift.prediction"),
    "psi": ("drift.data", "drift.prediction"),
    "data drift": ("drift.data",),
    "prediction drift": ("drift.prediction",),
    "feature distribution": ("drift.data",),
    "feature correlation": ("quality.correlations",),
    "input validation": ("quality.schema", "quality.range"),
    "prediction fairness": ("fairness.demographic_parity",),
    "group metric": ("fairness.equal_opportunity",),
    "metric by group": ("fairness.metric_gap",),
    "bias metric": ("fairness.disparate_impact",),
    "protected attribute": ("fairness.demographic_parity",),
    "fairness": ("fairness.demographic_parity",),
    "bias": ("fairness.demographic_parity",),
    "demographic parity": ("fairness.demographic_parity",),
    "equal opportunity": ("fairness.equal_opportunity",),
    "equalised odds": ("fairness.equalised_odds",),
    "equalized odds": ("fairness.equalised_odds",),
    "disparate impact": ("fairness.disparate_impact",),
    "relevance": ("llm.relevance",),
    "hallucination rate": ("llm.hallucination_rate",),
    "response quality": ("llm.quality",),
    "retrieval accuracy": ("llm.retrieval_hit_rate",),
    "retrieval hit rate": ("llm.retrieval_hit_rate",),
    "refusal rate": ("llm.refusal_rate",),
    "availability": ("service.availability",),
    "latency": ("service.latency_p95",),
    "latency p95": ("service.latency_p95",),
    "latency p99": ("service.latency_p99",),
    "error rate": ("service.error_rate",),
    "throughput": ("service.throughput",),
    "model server": ("service.health",),
    "system": ("service.health",),
    "resource usage": _RESOURCES,
    "resource utilization": _RESOURCES,
    "cpu": ("infrastructure.cpu",),
    "memory": ("infrastructure.memory",),
    "disk": ("infrastructure.disk",),
    "gpu": ("infrastructure.gpu",),
    "feature store": ("feature_store.health",),
    "data pipeline": ("pipeline.health",),
    "pipeline health": ("pipeline.health",),
    "backup": ("backup.age",),
    "cost variance": ("cost.budget",),
    "variance": ("cost.budget",),
}
"""Checks by subject, in the singular, without what `subject` leaves out."""
_LEFT_OUT = re.compile(
    r"\b(score|feature|features|inference|mild|significant|no|usage|in use|rag)\b(?! store)"
)


def checks_about(words: str) -> tuple[str, ...]:
    """The checks that these words are about, by name; none when nobody knows."""
    plain = re.sub(r"[*`()_]", " ", words.lower())
    plain = " ".join(plain.replace("²", "2").split())
    for tried in (plain, " ".join(_LEFT_OUT.sub(" ", plain).split())):
        for said in (tried, tried.removesuffix("s"), tried.replace(" ", "-")):
            if said in SUBJECTS:
                return SUBJECTS[said]
    return ()
