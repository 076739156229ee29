"""Of few answers nothing that is published may give one back: all sets that fit are tried."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from evalkit.metrics import outcomes, satisfaction
from evalkit.privacy import Policy, protect
from evalkit.privacy.guarding import Part, guarded_together

SCALE = (1, 2, 3, 4, 5)


def sets_of(n, answers=5):
    """All ways in which n people may answer: how many gave each answer."""
    for bars in itertools.combinations(range(n + answers - 1), answers - 1):
        edges = (-1, *bars, n + answers - 1)
        yield tuple(b - a - 1 for a, b in itertools.pairwise(edges))


def form_of(counts):
    answers = pd.Categorical(
        [str(SCALE[place]) for place, count in enumerate(counts) for _ in range(count)],
        categories=[str(code) for code in SCALE],
        ordered=True,
    )
    return pd.DataFrame({"item": answers})


def published(counts):
    """What a report shows of one item: its distribution and its summary, protected together."""
    form = form_of(counts)
    answers = satisfaction.distribution(form, "item")
    summary = satisfaction.summary(form, "item")
    parts = [
        Part(answers, satisfaction.DISTRIBUTION_CELLS),
        Part(
            summary, satisfaction.SUMMARY_CELLS, ["top_box", "n", "estimate", "n_missing", "mean"]
        ),
    ]
    return [each.table for each in guarded_together(parts, Policy())]


def fits(counts, answers, summary):
    """Whether a set of answers could have given what is shown."""
    n, row = sum(counts), summary.iloc[0]
    shown = answers["count"].to_numpy(float, na_value=np.nan)
    if any(s != c for s, c in zip(shown, counts, strict=True) if not np.isnan(s)):
        return False
    if pd.notna(row["n"]) and row["n"] != n:
        return False
    if pd.notna(row["top_box"]) and row["top_box"] != counts[-1]:
        return False
    mean = sum(code * count for code, count in zip(SCALE, counts, strict=True)) / n if n else 0
    return not pd.notna(row["mean"]) or abs(row["mean"] - mean) < 1e-9


def possible(answers, summary):
    """All sets of answers that fit: of as many people as are told, or of any number up to 12."""
    n = summary["n"].iloc[0]
    sizes = [int(n)] if pd.notna(n) else range(13)
    return [counts for size in sizes for counts in sets_of(size) if fits(counts, answers, summary)]


def cases():
    rng = np.random.default_rng(11)
    every = [counts for n in range(1, 10) for counts in sets_of(n)]
    picked = rng.choice(len(every), size=80, replace=False)
    extremes = [(0, 0, 0, 0, n) for n in (1, 4, 5, 9, 12)] + [(0, 0, 0, 1, n) for n in (3, 4, 9)]
    return [*(every[place] for place in sorted(picked)), *extremes, (0, 0, 0, 2, 10)]


@pytest.mark.parametrize(
    "chunk", [pytest.param(n, marks=pytest.mark.thorough if n else ()) for n in range(6)]
)
def test_no_answer_of_a_few_people_can_be_given_back(chunk):
    for counts in cases()[chunk::6]:
        answers, summary = published(counts)
        found = possible(answers, summary)
        assert counts in found
        assert len(found) > 1 or all(c == 0 or c >= 5 for c in counts), counts
        for place, count in enumerate(counts):
            if 0 < count < 5:
                assert len({other[place] for other in found}) > 1, counts
        everyone_alike = all(max(other) == sum(other) for other in found)
        assert not everyone_alike, counts


def test_the_mean_alone_would_tell():
    """4.8 of five people is 5, 5, 5, 5, 4: without its rule the mean would stand there."""
    row = satisfaction.summary(form_of((0, 0, 0, 1, 4)), "item")
    assert row["mean"].iloc[0] == 4.8
    public = protect(row, satisfaction.SUMMARY_CELLS, Policy())
    assert public["mean"].isna().all()
    assert public["hidden_mean"].all()


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((1, 1, 1, 1), False),  # four people
        ((1, 1, 1, 2), True),  # five
        ((0, 0, 0, 9), False),  # all the same
        ((0, 0, 1, 8), False),  # all but one
        ((0, 1, 0, 8), True),  # one at 2 or two at 1 from the top
    ],
)
def test_a_mean_takes_five_people_and_several_sets_of_answers(counts, shown):
    answers = [code for code, count in zip((1, 2, 3, 4), counts, strict=True) for _ in range(count)]
    form = pd.DataFrame({"item": pd.Categorical(answers, categories=[1, 2, 3, 4], ordered=True)})
    result = satisfaction.summary(form, "item")
    columns = ["n", "mean"]
    public = protect(result, satisfaction.SUMMARY_CELLS, Policy(), shown=columns)
    assert public["mean"].notna().tolist() == [shown]


def test_a_larger_min_cell_holds_for_means_too():
    result = satisfaction.summary(form_of((1, 1, 1, 1, 2)), "item")
    for min_cell, shown in ((5, True), (7, False)):
        public = protect(
            result, satisfaction.SUMMARY_CELLS, Policy(min_cell=min_cell), shown=["n", "mean"]
        )
        assert public["mean"].notna().tolist() == [shown]


def course_of(n):
    scores = pd.DataFrame({"occasion": 1, "total": np.linspace(20.0, 29.0, n).round(1)})
    return outcomes.course(scores, scale="total")


@pytest.mark.parametrize(
    ("n", "mean", "spread"),
    [(4, False, False), (5, True, False), (9, True, False), (10, True, True)],
)
def test_intervals_and_standard_deviations_take_ten(n, mean, spread):
    public = protect(course_of(n), outcomes.COURSE_CELLS, Policy())
    assert public["estimate"].notna().tolist() == [mean]
    for column in ("lower", "upper", "sd"):
        assert public[column].notna().tolist() == [spread]
        assert public[f"hidden_{column}"].tolist() == [not spread]
    assert public["hidden"].tolist() == [not mean]
    if mean and not spread:
        assert public["note"].tolist() == ["No interval: it takes 10 people to show one."]


def test_equal_scores_are_everyones_scores():
    scores = pd.DataFrame({"occasion": 1, "total": [24.0] * 12})
    public = protect(outcomes.course(scores, scale="total"), outcomes.COURSE_CELLS, Policy())
    assert public[["estimate", "sd", "note"]].isna().all(axis=None)
    open_to = Policy(full_rows="show")
    shown = protect(outcomes.course(scores, scale="total"), outcomes.COURSE_CELLS, open_to)
    assert shown["estimate"].tolist() == [24.0]
