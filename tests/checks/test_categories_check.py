"""Categories that are new, and categories that are gone."""

from dataclasses import replace

import numpy as np

from ops_core.checks.categories import Categories
from ops_core.checks.finding import Finding, Verdict
from tests.profiles.made import profile, reference, rows


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
