"""Categories that are new, and categories that are gone."""

from dataclasses import replace

import numpy as np

from ops_core.checks.categories import Categories
from ops_core.checks.finding import Finding, Verdict
from ops_core.profiles.fill import profile_rows
from ops_core.profiles.layout import Layout
from tests.profiles.made import REFERENCE, SCOPE, profile, reference, rows


def judged(n: int, **renamed: str) -> Finding:
    """The finding of rows in which some categories have other names."""
    batch = rows(n)
    site = np.array([renamed.get(each, each) for each in batch.features["site"]], dtype=object)
    return Categories().judge(
        profile(replace(batch, features={**batch.features, "site": site})), reference()
    )[0]


def test_a_new_category_is_named() -> None:
    """And the one whose place it took."""
    found = judged(500, a="z")
    kinds = {each["kind"]: each["categories"] for each in found.detail["changes"]}
    assert found.verdict is Verdict.WARNING and kinds == {"new": ["z"], "vanished": ["a"]}


def test_a_category_that_is_gone_is_named() -> None:
    """A third of the reference's rows."""
    found = judged(500, a="b")
    assert found.verdict is Verdict.WARNING and "lost the category “a”" in found.explanation


def test_a_few_rows_are_no_evidence() -> None:
    """Five rows without “a” are chance."""
    assert not judged(5, a="b").verdict.is_alarming


def test_usual_rows_have_all_categories() -> None:
    """Neither new ones nor lost ones."""
    assert judged(500).verdict is Verdict.OK


def against_many(site: np.ndarray) -> Finding:
    """The finding against a reference of 2,000 categories, of which 1,000 are told apart, two rows each."""
    usual = replace(
        REFERENCE,
        features={"site": np.array([f"u{at % 2000:04}" for at in range(len(REFERENCE))], dtype=object)},
    )
    window = rows(len(site), 5, features={"site": site.astype(object)})
    layout = Layout.of([usual], positive=1)
    return Categories().judge(profile_rows(layout, window, SCOPE), profile_rows(layout, usual, SCOPE))[0]


def test_categories_beyond_those_told_apart_are_not_new() -> None:
    """Half of the rows hold one, on the reference too."""
    assert against_many(np.array([f"u{at:04}" for at in range(2000)])).verdict is Verdict.OK


def test_fewer_rows_beyond_them_are_no_news() -> None:
    """Only a rise is, however sure the fall."""
    found = against_many(np.array([f"u{at % 1100:04}" for at in range(2200)]))
    assert "new" not in {each["kind"] for each in found.detail.get("changes", [])}


def test_more_rows_beyond_them_are_told_as_such() -> None:
    """They may be new or rare: nobody can know."""
    found = against_many(np.array([f"u{at:04}" for at in range(600, 2000)] * 2))
    new = next(each for each in found.detail["changes"] if each["kind"] == "new")
    assert found.verdict is Verdict.WARNING and new["value"] > 0.7
    assert "beyond the 1,000 most frequent categories" in found.explanation
    assert "on the reference" in found.explanation and "never had" not in found.explanation
