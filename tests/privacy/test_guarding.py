"""Results of one population guarded together, patterns kept, counts rounded."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from evalkit.errors import ArgumentError
from evalkit.metrics import background, outcomes, satisfaction
from evalkit.privacy import Cells, Policy, Sum, hidden_in, protect
from evalkit.privacy.guarding import Part, guarded, guarded_together

PARTS = Cells(
    "people",
    keys=("place", "answer"),
    count="count",
    total="n",
    about="answers",
    share="share",
    derived=("share",),
    repeated={"answer": ("n",)},
    sums=(Sum("n", ("count",), over=("answer",)),),
)


def answers_of(*places):
    rows = [
        (f"p{n}", f"a{m}", count, sum(counts))
        for n, counts in enumerate(places)
        for m, count in enumerate(counts)
    ]
    table = pd.DataFrame(rows, columns=["place", "answer", "count", "n"])
    return table.assign(share=table["count"] / table["n"])


def shown(table, column="count"):
    return table[column].to_numpy(float, na_value=np.nan)


def test_a_small_answer_takes_a_companion_along():
    out = protect(answers_of((3, 12, 25)), PARTS, Policy())
    assert out["hidden"].tolist() == [True, True, False]
    assert out["share"].isna().tolist() == [True, True, False]
    assert out["n"].tolist() == [40, 40, 40]


def test_two_small_answers_whose_sum_is_large_enough_need_nobody():
    out = protect(answers_of((3, 4, 25)), PARTS, Policy())
    assert out["hidden"].tolist() == [True, True, False]


def test_without_the_sums_nothing_would_be_hidden_with_it():
    plain = Cells("people", keys=("place", "answer"), count="count", total="n", derived=("share",))
    out = protect(answers_of((3, 12, 25)), plain, Policy())
    assert out["hidden"].tolist() == [True, False, False]


def test_everyone_gave_the_same_answer():
    out = protect(answers_of((0, 0, 25)), PARTS, Policy())
    assert out.loc[2, "hidden"]
    assert out["hidden"].sum() == 2  # a nobody stands for a companion
    assert protect(answers_of((0, 0, 25)), PARTS, Policy(full_rows="show"))["hidden"].sum() == 0


def test_of_a_place_with_too_few_people_nothing_is_told_not_even_nobody():
    out = protect(answers_of((0, 1, 2), (9, 9, 9)), PARTS, Policy())
    assert out["hidden"].tolist() == [True] * 3 + [False] * 3
    assert out["n"].isna().tolist() == [True] * 3 + [False] * 3


def test_what_a_study_opens_is_told_of_places_that_are_large_enough():
    out = protect(answers_of((3, 12, 25), (0, 1, 2)), PARTS, Policy(open=("answers",)))
    assert out["hidden"].tolist() == [False] * 3 + [True] * 3
    assert out["count"].tolist()[:3] == [3, 12, 25]
    assert protect(answers_of((3, 12, 25)), PARTS, Policy())["hidden"].any()


def test_rows_in_another_order_get_the_same_pattern():
    table = answers_of((3, 12, 25, 8), (2, 2, 30, 11), (0, 1, 9, 44))
    out = protect(table, PARTS, Policy())
    again = protect(table.sample(frac=1, random_state=3), PARTS, Policy()).sort_index()
    assert again["hidden"].tolist() == out["hidden"].tolist()


def survey(counts, missing=0):
    codes = [str(n) for n in range(1, len(counts) + 1)]
    given = [code for code, count in zip(codes, counts, strict=True) for _ in range(count)]
    answers = pd.Categorical([*given, *[None] * missing], categories=codes, ordered=True)
    return pd.DataFrame({"item": answers})


def both(counts, missing=0, policy=None):
    form = survey(counts, missing)
    parts = [
        Part(satisfaction.distribution(form, "item"), satisfaction.DISTRIBUTION_CELLS),
        Part(
            satisfaction.summary(form, "item"),
            satisfaction.SUMMARY_CELLS,
            ["top_box", "n", "estimate", "n_missing", "mean"],
        ),
    ]
    return [each.table for each in guarded_together(parts, policy or Policy())]


@pytest.mark.parametrize(
    "counts", [(0, 3, 9, 20, 14), (2, 0, 1, 9, 30), (6, 7, 8, 9, 3), (1, 1, 1, 30, 20)]
)
def test_what_the_distribution_hides_the_summary_does_not_tell(counts):
    answers, summary = both(counts)
    assert answers["hidden"].any()
    best = hidden_in(answers)[-1]
    assert hidden_in(summary)[0] == best
    assert summary["mean"].isna().all()  # beside hidden answers it would give them back
    assert hidden_in(answers, "n")[0] == hidden_in(summary, "n")[0]


def test_where_no_answer_is_hidden_the_mean_stands():
    answers, summary = both((0, 6, 9, 20, 14))
    assert not answers["hidden"].any()
    assert summary["mean"].notna().all()


def test_one_who_did_not_answer_is_not_told_by_the_number_of_forms():
    answers, summary = both((0, 6, 9, 20, 14), missing=1)
    assert answers["n_missing"].isna().all()
    assert summary["n_missing"].isna().all()
    assert answers["n"].tolist() == [49] * 5


def test_results_that_disagree_on_a_number_are_refused():
    form, other = survey((5, 6, 7)), survey((5, 6, 8))
    parts = [
        Part(satisfaction.distribution(form, "item"), satisfaction.DISTRIBUTION_CELLS),
        Part(satisfaction.summary(other, "item"), satisfaction.SUMMARY_CELLS),
    ]
    with pytest.raises(ArgumentError, match="declared to be one number"):
        guarded_together(parts, Policy())


def test_a_number_that_is_not_the_same_in_all_rows_is_refused():
    table = answers_of((5, 6, 7)).assign(n=[18, 18, 19])
    with pytest.raises(ArgumentError, match="declared to be the same number in several rows"):
        protect(table, PARTS, Policy())


def test_an_answer_that_a_form_does_not_have_protects_nobody():
    """`not relevant` stands on no form here: that nobody gave it is no secret, and no companion."""
    answers, _ = both((0, 6, 9, 20, 14), missing=2)
    assert not answers["has_not_applicable"].any()
    assert answers["n_not_applicable"].tolist() == [0] * 5


def changes(categories):
    rows = [
        {
            "about_id": f"c{n}",
            "first": 20.0,
            "last": 20.0 + {"improved": 8, "unchanged": 0, "deteriorated": -8}[name],
            "informant": "self",
        }
        for n, name in enumerate(categories)
    ]
    import evalkit as ek

    cors = ek.load_instrument("CORS")
    change = outcomes.change(pd.DataFrame(rows), cors, profile="pcoms_5")
    return outcomes.change_summary(change)


def test_the_categories_of_change_add_up():
    summary = changes(["improved"] * 14 + ["unchanged"] * 10 + ["deteriorated"] * 3)
    out = protect(summary, outcomes.CHANGE_CELLS, Policy()).set_index("category")
    assert out.loc["deteriorated", "hidden"]
    assert out.loc[["improved", "unchanged"], "hidden"].any()
    assert out.loc["unchanged", "n"] == 27


def test_what_was_hidden_stays_hidden_where_it_protects_something():
    table = answers_of((3, 12, 25))
    first = guarded(table, PARTS, Policy())
    assert first.table["hidden"].tolist() == [True, True, False]
    grown = answers_of((3, 40, 25))  # by now 25 would be the companion with the fewest people
    assert guarded(grown, PARTS, Policy()).table["hidden"].tolist() == [True, False, True]
    kept = guarded(grown, PARTS, Policy(), earlier=first.hidden)
    assert kept.table["hidden"].tolist() == [True, True, False]
    safe = answers_of((30, 40, 25))
    assert not guarded(safe, PARTS, Policy(), earlier=first.hidden).table["hidden"].any()


@pytest.mark.parametrize("base", [3, 5])
def test_rounded_counts_add_up_and_lie_close(base):
    rng = np.random.default_rng(base)
    table = answers_of(*(tuple(rng.geometric(0.12, 5) + 4) for _ in range(6)))
    out = protect(table, PARTS, Policy(rounding=base))
    assert (out["count"] % base == 0).all()
    assert ((out["count"] - table["count"]).abs() <= base // 2).all()
    assert (
        out.groupby("place")["count"].sum().tolist() == out.groupby("place")["n"].first().tolist()
    )
    assert np.allclose(out["share"], out["count"] / out["n"])
    assert not out["hidden"].any()


def test_rounding_tells_one_and_two_as_the_rules_say():
    """Statistics Norway and Helsedata: 1 becomes 0, 2 becomes 3."""
    out = protect(answers_of((1, 2, 4, 6)), PARTS, Policy(rounding=3))
    assert out["count"].tolist() == [0, 3, 3, 6]


def test_rounded_sums_tell_no_more_than_rounded_counts():
    """Two counts that are each rounded to 0 would both be 1 if the total were told as 3."""
    out = protect(answers_of((1, 1, 30)), PARTS, Policy(rounding=3))
    assert out["count"].tolist() == [0, 0, 30]
    assert out["n"].tolist() == [30, 30, 30]


def test_rounding_leaves_out_what_would_tell_true_counts():
    answers, summary = both((1, 6, 9, 20, 14), policy=Policy(rounding=5))
    assert summary[["lower", "upper"]].isna().all(axis=None)
    assert summary["mean"].tolist() == [3.8]  # 190 of 50: one decimal
    assert (summary["top_box"] == answers["count"].iloc[-1]).all()
    assert (summary["n"] == answers["n"].iloc[0]).all()


def test_of_groups_that_are_too_small_rounding_tells_nothing():
    out = protect(answers_of((1, 1, 1), (9, 9, 9)), PARTS, Policy(rounding=3))
    assert out["count"].isna().tolist() == [True] * 3 + [False] * 3


def test_background_of_one_variable_alone_gives_nothing_back():
    people = pd.DataFrame(
        {
            "person_id": [f"p{n}" for n in range(40)],
            "group_id": "g",
            "role": "child",
            "gender": ["girl"] * 22 + ["boy"] * 17 + [None],
            "age_years": [9] * 20 + [10] * 20,
        }
    )
    result = background.distribution(people, by=None)
    out = protect(result, background.DISTRIBUTION_CELLS.by("variable", "value"), Policy())
    gender = out[out["variable"] == "gender"]
    # 39 known of 40 tell that one is not: so neither the one nor those of no other variable stand.
    assert gender["n_missing"].isna().all()
    assert out.loc[out["variable"] == "age_years", "n_missing"].isna().all()
    assert gender["count"].tolist() == [22, 17]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"zeros": "maybe"}, "zeros is 'maybe'"),
        ({"full_rows": "x"}, "full_rows is 'x'"),
        ({"complements": "x"}, "complements is 'x'"),
        ({"rounding": 4}, "rounding must be 3 or 5, but is 4"),
        ({"open": ("attendence",)}, "Did you mean 'attendance'"),
        ({"audience": "press"}, "audience is 'press'"),
    ],
)
def test_a_policy_of_words_that_are_none_is_refused(options, message):
    with pytest.raises(ArgumentError, match=message):
        Policy(**options)


def test_internal_is_an_audience():
    assert Policy(internal=True).audience == "internal"
    assert Policy(audience="internal").internal
    assert not Policy(audience="partners").internal
