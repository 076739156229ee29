"""Forms received of forms expected: every form is counted once, and none is lost."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evalkit as ek
from evalkit.errors import ArgumentError
from evalkit.metrics import completeness
from evalkit.privacy import Policy, protect

BY = ["instrument", "informant", "group_id", "occasion"]


def expectations(*rows):
    names = ["instrument", "informant", "group_id", "person_id", "occasion"]
    table = pd.DataFrame(rows, columns=names)
    return table.astype(dict.fromkeys(names, "str") | {"occasion": "Int64"})


def forms(*rows):
    names = ["about_id", "respondent_id", "informant", "group_id", "occasion"]
    table = pd.DataFrame(rows, columns=names)
    table.insert(0, "form_id", [f"f{n}" for n in range(len(table))])
    return table.astype(dict.fromkeys(table.columns, "str") | {"occasion": "Int64"})


def counts(expected, came, by=None):
    table = completeness.received(expected, {"CORS": came}, by=by)
    return [tuple(row) for row in table[["n", "received", "n_unexpected"]].to_numpy()]


def test_every_column():
    expected = expectations(
        *[("CORS", "self", "g", person, n) for person in "abc" for n in (1, 2)],
        *[("CORS", "caretaker", "g", person, 1) for person in "abc"],
    )
    came = forms(
        ("a", "a", "self", "g", 1),
        ("a", "a", "self", "g", 2),
        ("b", "b", "self", "g", 1),
        ("b", "b", "self", "g", 1),  # twice
        ("c", "m", "caretaker", "g", 1),
        ("c", "m", "caretaker", "g", 3),  # not asked for
    )
    table = completeness.received(expected, {"CORS": came})
    numbers = ["estimate", "lower", "upper", "n", "n_missing", "method", "received"]
    assert table.columns.tolist() == [*BY, *numbers, "n_unexpected", "n_persons", "note"]
    assert table[["informant", "occasion"]].to_numpy().tolist() == [
        ["self", 1],
        ["self", 2],
        ["caretaker", 1],
        ["caretaker", 3],
    ]
    assert table["n"].tolist() == [3, 3, 3, 0]
    assert table["received"].tolist() == [2, 1, 1, 0]
    assert table["n_missing"].tolist() == [1, 2, 2, 0]
    assert table["n_unexpected"].tolist() == [1, 0, 0, 1]
    assert table["n_persons"].tolist() == [3, 3, 3, 0]
    assert table["estimate"].tolist() == pytest.approx([2 / 3, 1 / 3, 1 / 3, np.nan], nan_ok=True)
    assert table[["lower", "upper"]].isna().all(axis=None)
    assert set(table["method"]) == {"none"}
    notes = [completeness.ALL_FORMS] * 3 + [completeness.NONE_EXPECTED]
    assert table["note"].tolist() == notes


def test_persons_are_counted_once_in_each_group_of_rows():
    expected = expectations(*[("CORS", "self", "g", p, n) for p in "abc" for n in (1, 2)])
    for by, persons in [(None, [3]), ("instrument", [3]), ("occasion", [3, 3])]:
        table = completeness.received(expected, {}, by=by)
        assert table["n_persons"].tolist() == persons


@pytest.mark.parametrize(
    ("expected", "form", "met"),
    [
        (("CORS", "self", "g", "a", 1), ("a", "a", "self", "g", 1), True),
        (("CORS", "self", "g", "a", 1), ("b", "b", "self", "g", 1), False),
        (("CORS", "self", "g", "a", 1), ("a", "a", "caretaker", "g", 1), False),
        (("CORS", "self", "g", "a", 1), ("a", "a", "self", "g", 2), False),
        (("CORS", "self", "g", "a", 1), ("a", "a", "self", "g", None), False),
        (("CORS", "self", "g", "a", 1), ("a", "a", "self", None, 1), True),
        (("CORS", "self", "g", "a", 1), ("a", "a", "self", "h", 1), True),
        (("CORS", "self", "g", "a", None), ("a", "a", "self", "g", 7), True),
        (("CORS", None, "g", "a", 1), ("a", "m", "mother", "g", 1), True),
        (("CORS", None, "g", "m", None), ("a", "m", "mother", "g", 1), True),
        (("CORS", "self", "g", None, None), (None, None, "self", "g", None), True),
        (("CORS", "self", "g", None, None), (None, None, "self", "h", None), False),
        (("CORS", "self", "g", None, None), (None, None, "self", None, None), False),
        (("CORS", None, None, None, None), (None, None, "other", "h", 3), True),
        (("CORS", None, None, None, 4), (None, None, "other", "h", 3), False),
        (("CORS", None, None, None, 4), (None, None, "other", "h", 4), True),
    ],
)
def test_which_form_meets_which_expectation(expected, form, met):
    assert counts(expectations(expected), forms(form)) == [(1, int(met), int(not met))]


def test_another_instrument_meets_nothing():
    expected = expectations(("ORS", "self", "g", "a", 1))
    table = completeness.received(expected, {"CORS": forms(("a", "a", "self", "g", 1))})
    assert table[["instrument", "received", "n_unexpected"]].to_numpy().tolist() == [
        ["CORS", 0, 1],
        ["ORS", 0, 0],
    ]


def test_an_anonymous_survey_counts_up_to_what_was_handed_out():
    expected = expectations(*[("CORS", None, None, None, None)] * 4)
    came = forms(*[(None, None, "professional", None, None)] * 6)
    assert counts(expected, came) == [(4, 4, 2)]
    assert counts(expected, came.head(3)) == [(4, 3, 0)]
    table = completeness.received(expected, {"CORS": came})
    assert len(table) == 1  # informants are not told apart where no expectation does
    assert table["n_persons"].isna().all()
    assert counts(expected, pd.DataFrame({"useful": [1, 2, 5]})) == [(4, 3, 0)]


def test_who_needs_one_form_is_not_left_without_by_who_takes_any():
    expected = expectations(("CORS", "self", "g", "a", None), ("CORS", "self", "g", "a", 4))
    came = forms(("a", "a", "self", "g", 4), ("a", "a", "self", "g", 1))
    assert counts(expected, came) == [(2, 2, 0)]
    named = expectations(("CORS", None, None, None, None), ("CORS", "self", "g", "a", None))
    assert counts(named, came.head(1)) == [(2, 1, 0)]
    assert completeness.received(named, {"CORS": came.head(1)}, by="informant")[
        "received"
    ].tolist() == [1, 0]


def test_a_person_in_two_groups_has_forms_of_both():
    expected = expectations(("CORS", "self", "g", "a", 1), ("CORS", "self", "h", "a", 1))
    came = forms(("a", "a", "self", "h", 1))
    table = completeness.received(expected, {"CORS": came}, by="group_id")
    assert table["received"].tolist() == [0, 1]


def test_mother_and_father_of_one_child():
    expected = expectations(*[("CORS", None, "g", person, None) for person in ("m", "f")])
    came = forms(("a", "m", "mother", "g", None), ("a", "f", "father", "g", None))
    assert counts(expected, came) == [(2, 2, 0)]
    assert counts(expected, pd.concat([came, came.head(1)])) == [(2, 2, 1)]


def test_nothing_expected_and_nothing_came():
    nothing = expectations()
    assert counts(nothing, forms()) == [(0, 0, 0)]
    assert counts(nothing, forms(("a", "a", "self", "g", 1))) == [(0, 0, 1)]
    assert completeness.received(nothing, {}).empty
    came_not = completeness.received(expectations(("ORS", "self", "g", "a", 1)), {"CORS": forms()})
    assert came_not[["n", "received", "n_missing"]].to_numpy().tolist() == [[1, 0, 1]]


person = st.sampled_from(["a", "b", "m", None])
row = st.tuples(
    st.sampled_from(["self", "mother", None]),
    st.sampled_from(["g", "h", None]),
    st.sampled_from([1, 2, None]),
)
asked = st.lists(st.tuples(row, person), max_size=8)
answered = st.lists(st.tuples(row, person, person), max_size=8)


def tables(asked, answered):
    expected = expectations(*[("CORS", i, g, p, n) for (i, g, n), p in asked])
    return expected, forms(*[(a, r, i, g, n) for (i, g, n), a, r in answered])


@settings(max_examples=25, deadline=None)
@given(asked, answered, st.sampled_from([None, "instrument", ["informant", "occasion"], BY]))
def test_no_form_is_lost_or_counted_twice(asked, answered, by):
    expected, came = tables(asked, answered)
    table = completeness.received(expected, {"CORS": came}, by=by)
    assert table["n"].sum() == len(expected)
    assert table["received"].sum() + table["n_unexpected"].sum() == len(came)
    assert (table["received"] <= table["n"]).all()
    assert (table["received"] + table["n_missing"] == table["n"]).all()


@settings(max_examples=25, deadline=None)
@given(asked, answered, st.randoms())
def test_the_order_of_rows_does_not_matter(asked, answered, chance):
    expected, came = tables(asked, answered)
    one = completeness.received(expected, in_a_mapping(came))
    chance.shuffle(asked)
    chance.shuffle(answered)
    expected, came = tables(asked, answered)
    pd.testing.assert_frame_equal(one, completeness.received(expected, in_a_mapping(came)))


def in_a_mapping(came):
    return {"CORS": came.drop(columns="form_id")}


ENGINES = {
    "polars": pl.from_pandas,
    "polars lazy": lambda frame: pl.from_pandas(frame).lazy(),
    "duckdb": lambda frame: duckdb.from_df(frame),
}


@pytest.mark.parametrize("engine", ENGINES)
def test_engines_agree(engine):
    rng = np.random.default_rng(4)
    ids = [f"c{n}" for n in range(40)]
    expected = expectations(*[("CORS", "self", "g", p, n) for p in ids for n in range(1, 9)])
    came = forms(*[(p, p, "self", "g", n) for p in ids for n in range(1, 10) if rng.random() < 0.8])
    other = ENGINES[engine]
    came = came.astype({"informant": "category"})
    pd.testing.assert_frame_equal(
        completeness.received(other(expected), {"CORS": other(came)}),
        completeness.received(expected, {"CORS": came}),
    )


def test_a_few_hundred_thousand_forms():
    ids = np.repeat([f"c{n}" for n in range(30_000)], 10)
    expected = pd.DataFrame({"person_id": ids, "occasion": np.tile(np.arange(1, 11), 30_000)})
    expected = expected.assign(instrument="CORS", informant="self", group_id="g")
    came = expected.rename(columns={"person_id": "about_id"}).iloc[::2]
    row = completeness.received(expected, {"CORS": came}, by=None).iloc[0]
    assert (row["n"], row["received"], row["n_unexpected"]) == (300_000, 150_000, 0)


def test_few_persons_behind_many_forms_are_hidden():
    def shown(persons, occasions):
        expected = expectations(
            *[("CORS", "self", "g", f"p{i}", n) for i in range(persons) for n in range(occasions)]
        )
        table = completeness.received(expected, {}, by=["instrument", "group_id"])
        cells = completeness.received_cells(table)
        assert set(cells.columns) == set(table.columns)
        return protect(table, cells, Policy(min_cell=5)).iloc[0]

    assert shown(3, 12)["hidden"]
    assert pd.isna(shown(3, 12)["n"])
    assert not shown(6, 12)["hidden"]


def test_what_is_missing_is_hidden_with_what_came():
    expected = expectations(*[("CORS", "self", "g", f"p{i}", None) for i in range(12)])
    came = forms(*[(f"p{i}", None, "self", "g", None) for i in range(10)])
    table = completeness.received(expected, {"CORS": came}, by="instrument")
    row = protect(table, completeness.received_cells(table), Policy(min_cell=5)).iloc[0]
    assert row["hidden"]
    assert pd.isna(row[["received", "n_missing", "estimate"]]).all()
    assert row["n"] == 12


@pytest.mark.parametrize(
    ("expected", "came", "options", "message"),
    [
        (expectations(), {}, {"by": "site"}, "by is 'site'. Known: instrument, informant"),
        (expectations(), forms(), {}, "must be a mapping {instrument: table}, but is a DataFrame"),
        (expectations().drop(columns="occasion"), {}, {}, "expected lacks the column occasion"),
        (
            expectations((None, "self", "g", "a", 1)),
            {},
            {},
            "1 of the expected forms name no instr",
        ),
        (expectations(), {"CORS": 3}, {}, "a table of forms must be a DataFrame"),
        (
            expectations(),
            {"CORS": pd.DataFrame({"about_id": ["a"], "occasion": ["Samling 4"]})},
            {},
            "occasion must hold whole numbers",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(expected, came, options, message):
    with pytest.raises(ArgumentError, match=message):
        ek.completeness.received(expected, came, **options)
