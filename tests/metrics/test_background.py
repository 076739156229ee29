"""Background from persons and from published margins: the same numbers, in a fixed order."""

from __future__ import annotations

import duckdb
import pandas as pd
import polars as pl
import pytest

from evalkit.errors import ArgumentError
from evalkit.metrics import background
from evalkit.privacy import Policy, protect

PERSONS = pd.DataFrame(
    {
        "person_id": [str(n) for n in range(7)],
        "group_id": ["a", "a", "a", "a", "b", "b", "a"],
        "role": ["child"] * 6 + ["parent"],
        "age_years": pd.array([9, 10, 9, None, 11, 12, 40], dtype="Float64"),
        "gender": ["girl", "boy", "girl", "girl", None, None, "woman"],
        "referral_source": ["PPT", "school", "school", "nurse", "nurse", "nurse", "PPT"],
    }
)


def test_published_margins(smil):
    table = background.distribution(smil.margins)
    oslo = table[table["group_id"] == "oslo-v09"]
    assert list(zip(oslo["variable"], oslo["value"], oslo["count"], strict=True)) == [
        ("gender", "girl", 6),
        ("gender", "boy", 3),
        ("age_years", "8", 1),
        ("age_years", "9", 2),
        ("age_years", "10", 1),
        ("age_years", "11", 2),
        ("age_years", "12", 2),
        ("age_years", "13", 1),
        ("referral_source", "Helsesøster", 4),
        ("referral_source", "Rusklinikk eller gruppeleder", 2),
        ("referral_source", "Familievernkontor eller gruppeleder", 1),
        ("referral_source", "Internett", 1),
        ("referral_source", "PPT", 1),
    ]
    assert set(oslo["n"]) == {9}
    assert oslo["share"].tolist() == pytest.approx([count / 9 for count in oslo["count"]])
    mo = table[table["group_id"] == "mo-v09"]
    assert (mo["count"].tolist(), set(mo["n"])) == ([4, 3], {7})
    assert table["n_missing"].isna().all()


def test_persons_are_counted_and_blanks_told():
    table = background.distribution(PERSONS).set_index(["group_id", "variable", "value"])
    assert table.loc[("a", "gender", "girl"), "count"] == 3
    assert table.loc[("a", "gender", "girl"), "n"] == 4
    assert table.loc[("a", "age_years", "9"), "count"] == 2
    assert table.loc[("a", "age_years", "9"), "n"] == 3
    assert table.loc[("a", "age_years", "9"), "n_missing"] == 1
    assert table.loc[("b", "referral_source", "nurse"), "share"] == 1.0
    assert ("b", "gender") not in {key[:2] for key in table.index}
    assert "woman" not in table.index.get_level_values("value")


def test_another_role():
    table = background.distribution(PERSONS, "gender", role="parent")
    assert table[["value", "count", "n"]].to_numpy().tolist() == [["woman", 1, 1]]


def test_persons_and_their_margins_give_the_same():
    table = background.distribution(PERSONS)
    again = background.distribution(table[["group_id", "variable", "value", "count"]])
    columns = ["group_id", "variable", "value", "count", "share", "n"]
    pd.testing.assert_frame_equal(again[columns], table[columns])


@pytest.mark.parametrize("engine", [pl.from_pandas, duckdb.from_df], ids=["polars", "duckdb"])
def test_engines_agree(engine):
    pd.testing.assert_frame_equal(
        background.distribution(engine(PERSONS)), background.distribution(PERSONS)
    )


def test_ties_are_in_the_order_of_their_names():
    margins = pd.DataFrame(
        {"group_id": "a", "variable": "referral_source", "value": list("cab"), "count": [1, 2, 1]}
    )
    assert background.distribution(margins)["value"].tolist() == ["a", "b", "c"]


def test_a_count_of_zero_stays():
    margins = pd.DataFrame(
        {"group_id": "a", "variable": "gender", "value": ["girl", "boy"], "count": [4, 0]}
    )
    table = background.distribution(margins)
    assert table["count"].tolist() == [4, 0]
    assert table["share"].tolist() == [1.0, 0.0]


def test_a_column_that_is_missing():
    with pytest.raises(ArgumentError, match="lacks the column count"):
        background.distribution(pd.DataFrame({"group_id": [], "variable": [], "value": []}))


def test_a_variable_named_twice_is_counted_once():
    pd.testing.assert_frame_equal(
        background.distribution(PERSONS, ["gender", "gender"]),
        background.distribution(PERSONS, "gender"),
    )


def test_persons_without_a_group_are_counted():
    table = background.distribution(PERSONS.assign(group_id=[None] * 7), "gender")
    assert table["n"].tolist() == [4, 4]
    assert table["n_missing"].tolist() == [2, 2]


def test_half_years_do_not_change_how_whole_ones_are_written():
    ages = PERSONS.assign(age_years=[9, 9.5, 10, 10, 11, 12, 40])
    table = background.distribution(ages, "age_years")
    assert table["value"].tolist() == ["9", "9.5", "10", "11", "12"]


@pytest.mark.parametrize(
    ("options", "message"),
    [({"variables": "sex"}, "lacks the column sex"), ({"role": "pupil"}, "role is 'pupil'")],
)
def test_what_is_not_there_is_refused(options, message):
    with pytest.raises(ArgumentError, match=message):
        background.distribution(PERSONS, **options)


def test_margins_without_a_count_are_refused():
    margins = pd.DataFrame(
        {"group_id": "a", "variable": "gender", "value": ["girl"], "count": None}
    )
    with pytest.raises(ArgumentError, match="1 margins have no count"):
        background.distribution(margins.astype({"count": "Int64"}))


def test_hidden_counts_come_last_by_name_whatever_they_are():
    def order(counts):
        margins = pd.DataFrame(
            {"group_id": "a", "variable": "referral_source", "value": list("dcba"), "count": counts}
        )
        table = background.distribution(margins)
        public = protect(table, background.DISTRIBUTION_CELLS, Policy(min_cell=5))
        return background.arranged(public)["value"].tolist()

    # 2 and 1 are known to add up to 3 unless the 8 is hidden with them.
    assert order([9, 8, 2, 1]) == order([9, 8, 1, 2]) == ["d", "a", "b", "c"]


def test_nothing_known_nothing_returned(smil):
    table = background.distribution(smil.participants)
    assert table.empty
    assert list(table.columns) == [
        *("group_id", "variable", "value", "count", "share", "n", "n_missing")
    ]
