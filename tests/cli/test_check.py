"""`tocsin check` on real files, through the real command line."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import yaml
from pyarrow import parquet

from ops_core.clock import SystemClock
from ops_core.profiles.batch import Batch
from ops_core.profiles.profile import microseconds
from tests.cli.commands import Tocsin
from tests.profiles.made import REFERENCE, rows


def lay(folder: Path, batch: Batch, **settings: Any) -> Path:
    """Settings of a model whose rows were served in the last twelve hours, labels beside them."""
    end = microseconds(SystemClock().now())
    at = np.linspace(end - timedelta(hours=12) / timedelta(microseconds=1), end, len(batch)).astype(int)
    for name, each, times in (("served", batch, at), ("reference", REFERENCE, REFERENCE.at)):
        table = {
            "request_id": [str(row) for row in range(len(each))],
            "at": pa.array(times, pa.timestamp("us", "UTC")),
            "model_version": each.version,
            **each.features,
            **each.splits,
            "score": each.score,
            "prediction": each.prediction.astype(int),
            "label": each.label,
        }
        parquet.write_table(pa.table(table), folder / f"{name}.parquet")
    model = {"predictions": "served.parquet", "reference": "reference.parquet", **settings}
    file = folder / "tocsin.yml"
    file.write_text(yaml.safe_dump({"models": {"tumour": model}}), encoding="utf-8")
    return file


def test_a_good_day_is_exit_code_0(tocsin: Tocsin, tmp_path: Path) -> None:
    """Without any flag everything is looked at, a line each."""
    lay(tmp_path, rows(600))
    answer = tocsin("check")
    assert answer.returncode == 0, answer.stderr + answer.stdout
    assert answer.stdout.startswith("tumour: ok") and "performance.auc" in answer.stdout


def test_a_broken_model_is_exit_code_2(tocsin: Tocsin, tmp_path: Path) -> None:
    """The gravest finding comes first."""
    lay(tmp_path, rows(600, error=0.4))
    answer = tocsin("check", "tumour", "--last-24h")
    assert answer.returncode == 2 and "critical" in answer.stdout.splitlines()[1]


RUNBOOK = {
    "--last-7d --full-metrics": {"performance"},
    "--check-distributions --check-missing": {"drift", "quality"},
    "--check-correlations --check-balance": {"drift", "quality"},
    "--check-performance --check-bias": {"performance", "fairness"},
}


@pytest.mark.parametrize("flags", RUNBOOK)
def test_the_flags_of_a_runbook_are_understood(tocsin: Tocsin, tmp_path: Path, flags: str) -> None:
    """Seed 003's, as they stand: each asks for its checks alone."""
    lay(tmp_path, rows(600), columns={"group": "group"})
    answer = tocsin("check", *flags.split(), "--json")
    assert answer.returncode == 0, answer.stderr
    told = [each["check"] for each in json.loads(answer.stdout)["models"][0]["findings"]]
    assert {check.partition(".")[0] for check in told} == RUNBOOK[flags] and "performance.mae" not in told


def test_a_topic_that_a_model_has_nothing_of_is_refused(tocsin: Tocsin, tmp_path: Path) -> None:
    """Without a column of groups nothing can be said of fairness."""
    lay(tmp_path, rows(60))
    answer = tocsin("check", "--check-bias")
    assert answer.returncode == 2 and "tumour" in answer.stderr and "columns.group" in answer.stderr


@pytest.mark.parametrize(("thresholds", "code"), [("0.80,0.85,0.75", 0), ("0.80,0.85,0.99", 1)])
def test_metrics_with_thresholds(tocsin: Tocsin, tmp_path: Path, thresholds: str, code: int) -> None:
    """Only what was named is judged, and the typed threshold holds though the reference breaks it."""
    lay(tmp_path, rows(600))
    answer = tocsin("check", "--last-24h", "--metrics", "accuracy,auc,f1", "--thresholds", thresholds)
    assert answer.returncode == code and len(answer.stdout.splitlines()) == 4


@pytest.mark.parametrize("last", ["99999999d", "99999999999999d", "3651d"])
def test_a_window_beyond_all_data_is_refused(tocsin: Tocsin, tmp_path: Path, last: str) -> None:
    """In words: a crash would end with the exit code of a warning."""
    lay(tmp_path, rows(100))
    answer = tocsin("check", "--last", last)
    assert answer.returncode == 2 and answer.stderr.startswith(f"tocsin: --last {last}")


def test_a_typed_threshold_is_the_only_limit(tocsin: Tocsin, tmp_path: Path) -> None:
    """An accuracy of 0.88 is 7 % below the reference, and above the threshold that was typed."""
    lay(tmp_path, rows(4000, error=0.12))
    assert tocsin("check", "--metrics", "accuracy").returncode == 1
    assert tocsin("check", "--metrics", "accuracy", "--thresholds", "0.80").returncode == 0


@pytest.mark.parametrize(("limit", "code"), [("0.1", 2), ("0.19", 1), ("3", 0)])
def test_drift_with_a_threshold(tocsin: Tocsin, tmp_path: Path, limit: str, code: int) -> None:
    """A feature moved by half a deviation: PSI 0.2 and a little more."""
    lay(tmp_path, rows(4000, shift=1.0))
    answer = tocsin("check", "--distribution-check", "--drift-threshold", limit)
    assert answer.returncode == code, answer.stdout


def test_all_features_and_another_reference(tocsin: Tocsin, tmp_path: Path) -> None:
    """What the settings leave out is seen to have moved, and has not when compared with itself."""
    lay(tmp_path, rows(2000, shift=2.0), features=["spikes"])
    drift = ("check", "--distribution-check")
    assert tocsin(*drift, "--compare-to", "baseline").returncode == 0
    assert tocsin(*drift, "--compare-to", "reference", "--all-features").returncode == 2
    assert tocsin(*drift, "--compare-to", "served.parquet", "--all-features").returncode == 0


def test_json_for_programs(tocsin: Tocsin, tmp_path: Path) -> None:
    """Findings, and fairness in four words."""
    lay(tmp_path, rows(600), columns={"group": "group"})
    told = json.loads(tocsin("check", "--json").stdout)["models"][0]
    assert told["model"] == "tumour" and told["verdict"] == "ok" and len(told["findings"]) > 15
    assert {"metric", "value", "threshold", "status"} == set(told["fairness"][0])


def test_only_the_asked_span_is_judged(tocsin: Tocsin, tmp_path: Path) -> None:
    """The last of twelve hours holds a twelfth of the rows."""
    lay(tmp_path, rows(1200))
    told = json.loads(tocsin("check", "--metrics", "f1", "--last", "1h", "--json").stdout)
    assert 90 <= told["models"][0]["findings"][0]["n"] <= 110


def test_nothing_to_judge_is_no_success(tocsin: Tocsin, tmp_path: Path) -> None:
    """No rows in the span: exit code 3, and one line says where was looked and which checks it stopped."""
    lay(tmp_path, rows(10))
    (tmp_path / "served.parquet").unlink()
    answer = tocsin("check")
    assert answer.returncode == 3 and answer.stdout.startswith("tumour: no_data")
    assert "served.parquet" in answer.stdout and answer.stdout.count("No predictions") == 1
    assert len(answer.stdout.splitlines()) == 2 and "performance.auc, " in answer.stdout


def test_three_rows_are_no_success_though_they_are_fresh(tocsin: Tocsin, tmp_path: Path) -> None:
    """Exit code 3: a cron job shall notice that nothing of the model could be judged."""
    lay(tmp_path, rows(3, error=0.0))
    answer = tocsin("check")
    assert answer.returncode == 3, answer.stdout
    assert [line.split()[1] for line in answer.stdout.splitlines() if line.startswith("  ok")] == [
        "quality.freshness",
        "quality.source",
        "quality.reference_age",
        "quality.new_data",
    ]


def test_a_check_that_finds_nothing_to_look_at_spoils_no_good_day(tocsin: Tocsin, tmp_path: Path) -> None:
    """Without texts there are no categories; all else is judged."""
    lay(tmp_path, rows(600), features=["radius"])
    answer = tocsin("check")
    assert answer.returncode == 0 and answer.stdout.startswith("tumour: ok"), answer.stdout
    assert "no_data" in answer.stdout


def test_an_alarm_counts_before_what_could_not_be_judged(tocsin: Tocsin, tmp_path: Path) -> None:
    """Of two models, one is broken and one is silent."""
    file = lay(tmp_path, rows(600, error=0.4))
    models = yaml.safe_load(file.read_text(encoding="utf-8"))["models"]
    models["silent"] = {**models["tumour"], "predictions": "nowhere.parquet"}
    file.write_text(yaml.safe_dump({"models": models}), encoding="utf-8")
    assert tocsin("check").returncode == 2
    assert tocsin("check", "silent").returncode == 3


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["tumor"], "Did you mean tumour?"),
        (["--metrics", "f_1"], "Did you mean performance.f1?"),
        (["--metrics", "f1,auc", "--thresholds", "0.8"], "2 metrics and 1 thresholds"),
        (["--metrics", "f1", "--thresholds", "high"], "no thresholds"),
        (["--metrics", "accuracy", "--thresholds", "95"], "95 is no share. Write a share: 85% as 0.85."),
        (["--last", "yesterday"], "write a span as"),
        (["--compare-to", "nowhere.parquet"], "nothing to compare to"),
    ],
)
def test_what_cannot_be_is_refused_with_a_hint(
    tocsin: Tocsin, tmp_path: Path, given: list[str], said: str
) -> None:
    """Exit code 2 and a sentence, before anything is read."""
    lay(tmp_path, rows(10))
    answer = tocsin("check", *given)
    assert answer.returncode == 2 and said in " ".join(answer.stderr.split()) and not answer.stdout


def test_no_models_are_refused(tocsin: Tocsin) -> None:
    """There is nothing to look at without settings."""
    answer = tocsin("check")
    assert answer.returncode == 2 and "No model is under watch" in answer.stderr


def test_a_report_is_markdown_and_a_page_with_charts(tocsin: Tocsin, tmp_path: Path) -> None:
    """The page is one file, and where it went is told apart from what a program reads."""
    lay(tmp_path, rows(600, error=0.4), columns={"group": "group", "segment": "segment"})
    answer = tocsin("check", "--generate-report", "--report-to", "reports", "--json")
    assert answer.returncode == 2 and json.loads(answer.stdout)
    written = {file.suffix: file.read_text() for file in (tmp_path / "reports").iterdir()}
    assert set(written) == {".md", ".html"} and answer.stderr.count("wrote ") == 2
    assert written[".md"].startswith("# tumour: 🔴 critical") and "data:image" not in written[".md"]
    assert 'src="data:image/png;base64,' in written[".html"] and "performance.segments" in written[".html"]


def test_a_report_that_cannot_be_written_is_said(tocsin: Tocsin, tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    lay(tmp_path, rows(100))
    (tmp_path / "taken").write_text("")
    answer = tocsin("check", "--generate-report", "--report-to", "taken")
    assert answer.returncode == 2 and "--report-to" in answer.stderr


def test_signals_are_read_too(tocsin: Tocsin, tmp_path: Path) -> None:
    """A missing backup makes the whole check critical; asking for a metric alone does not look at it."""
    lay(tmp_path, rows(600), backups={"models": "backups/*.tar"})
    answer = tocsin("check")
    assert answer.returncode == 2 and "backup.age" in answer.stdout.splitlines()[1]
    assert "backup.age" not in tocsin("check", "--metrics", "f1").stdout
    alone = tocsin("check", "--metrics", "backup.age")
    assert alone.returncode == 2 and len(alone.stdout.splitlines()) == 2


def test_a_system_is_judged_by_its_name(tocsin: Tocsin, tmp_path: Path) -> None:
    """It has no rows, only signals."""
    file = lay(tmp_path, rows(100))
    settings = yaml.safe_load(file.read_text()) | {"systems": {"platform": {"backups": {"all": "*.tar"}}}}
    file.write_text(yaml.safe_dump(settings))
    answer = tocsin("check", "platform", "--json")
    told = json.loads(answer.stdout)["models"]
    assert answer.returncode == 2 and [each["model"] for each in told] == ["platform"]


def test_a_signal_named_alone_does_not_run_the_rest(tocsin: Tocsin, tmp_path: Path) -> None:
    """The settings name one check, and that one is run."""
    lay(tmp_path, rows(600, error=0.4), backups={"models": "*.yml"}, checks=[{"check": "backup.age"}])
    answer = tocsin("check")
    assert answer.returncode == 0 and len(answer.stdout.splitlines()) == 2
