"""Answers to items: against R (tests/golden/satisfaction.R), and identities that must hold."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

import evalkit as ek
from evalkit import aggregate
from evalkit.errors import ArgumentError
from evalkit.instruments.model import Instrument, Item
from evalkit.locale.vocabulary import CLOSED
from evalkit.metrics import satisfaction
from evalkit.privacy import Policy, protect

GOLDEN = Path(__file__).parents[1] / "golden" / "satisfaction.csv"
DEGREE = {code: {"en": f"degree {code}"} for code in range(1, 6)}
FORM = Instrument(
    id="INVENTED",
    name={"en": "Invented"},
    informants=("parent",),
    items=(
        Item("useful", {"en": "Useful"}, "choice", answers=DEGREE),
        Item("loud", {"en": "Too loud"}, "choice", answers=DEGREE, reversed=True),
        Item(
            "bus",
            {"en": "Bus times"},
            "choice",
            answers={**DEGREE, 9: {"en": "Not relevant"}},
            not_applicable=(9,),
        ),
        Item("heard_of", {"en": "Heard of it"}, "nominal", answers={2: {}, 1: {}, 3: {}}),
        Item("pain", {"en": "Pain"}, "scale", lowest=0, highest=10, steps_per_unit=10),
        Item("comment", {"en": "Comment"}, "text"),
    ),
)
CHOICES = ["useful", "loud", "bus"]
_ = None
# The data of the R script.
ANSWERS = pd.DataFrame(
    {
        "site": ["north"] * 9 + ["south"] * 14,
        "useful": [5, 5, 4, 5, _, 5, 4, 5, 5, 3, 4, 5, 5, 2, 4, 4, _, 5, 5, 4, 3, 4, 5],
        "loud": [1, 1, 2, _, 1, 3, 1, 1, 5, 1, 2, 2, 1, _, _, 4, 1, 1, 1, 2, 1, 1, 1],
        "bus": [9, 1, 9, 2, 5, 4, _, 9, 3, 5, 5, 4, 9, 9, 2, _, 4, 4, 5, 3, 9, 1, 2],
        "heard_of": [2] * 20 + [1, 1, _],
    }
).astype(dict.fromkeys([*CHOICES, "heard_of"], "Int64"))


def golden():
    with GOLDEN.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


SCALE = (
    *("n_answers", "lowest", "highest", "best_answer", "worst_answer", "reversed"),
    "has_not_applicable",
)


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_every_number_of_a_summary_is_as_R_gives_it(level):
    whole = satisfaction.summary(ANSWERS, instrument=FORM, level=level).assign(site="all")
    by_site = satisfaction.summary(ANSWERS, instrument=FORM, by="site", level=level)
    table = pd.concat([whole, by_site]).set_index(["site", "item"])
    checked = set()
    for row in golden():
        other_level = row["level"] and float(row["level"]) != level
        if row["measure"][:5] in {"count", "share"} or other_level:
            continue
        ours = table.loc[(row["site"], row["item"]), row["measure"]]
        assert ours == pytest.approx(float(row["value"]), abs=1e-13), row
        checked.add(row["measure"])
    assert checked == set(table.columns) - {"method", "note", *SCALE}
    assert set(table["method"]) == {"wilson"}
    assert table["note"].isna().all()


def test_every_number_of_a_distribution_is_as_R_gives_it():
    whole = satisfaction.distribution(ANSWERS, CHOICES, instrument=FORM).assign(site="all")
    by_site = satisfaction.distribution(ANSWERS, CHOICES, instrument=FORM, by="site")
    table = pd.concat([whole, by_site])
    keyed = table.set_index(["site", "item", "answer"])
    checked = 0
    for row in golden():
        measure, _, answer = row["measure"].partition("_")
        if measure in {"count", "share"}:
            ours = keyed.loc[(row["site"], row["item"], answer), measure]
            assert ours == pytest.approx(float(row["value"]), abs=1e-15), row
            checked += 1
        elif row["measure"] in {"n", "n_missing", "n_not_applicable"}:
            rows = table[(table["site"] == row["site"]) & (table["item"] == row["item"])]
            assert set(rows[row["measure"]]) == {int(row["value"])}
    assert checked == 2 * len(table)


def test_the_shape_of_a_distribution():
    table = satisfaction.distribution(ANSWERS, instrument=FORM, by="site")
    assert table.columns.tolist() == [
        *("site", "item", "answer", "count", "share", "n", "n_missing", "n_not_applicable"),
        *("ordered", "has_not_applicable"),
    ]
    north = table[table["site"] == "north"]
    assert north["item"].unique().tolist() == [*CHOICES, "heard_of"]
    assert table["site"].tolist() == ["north"] * 18 + ["south"] * 18
    useful = north[north["item"] == "useful"]
    assert useful["answer"].tolist() == ["1", "2", "3", "4", "5"]
    assert useful["count"].tolist() == [0, 0, 0, 2, 6]
    assert "9" not in set(table["answer"])


def test_answers_without_an_order_stand_as_the_form_has_them():
    table = satisfaction.distribution(ANSWERS, "heard_of", instrument=FORM)
    assert table["answer"].tolist() == ["2", "1", "3"]
    assert table["count"].tolist() == [20, 2, 0]
    assert not table["ordered"].any()


def test_the_shape_of_a_summary():
    table = satisfaction.summary(ANSWERS, instrument=FORM)
    assert table.columns.tolist() == [
        *("item", "estimate", "lower", "upper", "n", "n_missing", "n_not_applicable", "method"),
        *("top_box", "top_two", "bottom_box", "mean", *SCALE, "note"),
    ]
    assert table["item"].tolist() == CHOICES


def test_what_is_told_of_a_scale_is_what_the_form_says():
    table = satisfaction.summary(ANSWERS, instrument=FORM).set_index("item")
    for name in CHOICES:
        item = FORM.item(name)
        row = table.loc[name]
        assert row["n_answers"] == len(item.codes)
        assert (row["lowest"], row["highest"]) == (min(item.codes), max(item.codes))
        best, worst = (min, max) if row["reversed"] else (max, min)
        assert row["best_answer"] == str(best(item.codes))
        assert row["worst_answer"] == str(worst(item.codes))
        assert row["has_not_applicable"] == bool(item.not_applicable)


def test_forms_are_answered_missing_or_not_relevant():
    for by, size in ((None, 23), ("site", None)):
        table = satisfaction.distribution(ANSWERS, instrument=FORM, by=by)
        forms = table["n"] + table["n_missing"] + table["n_not_applicable"]
        if by is None:
            assert set(forms) == {size}
        else:
            sizes = ANSWERS["site"].value_counts()
            assert (forms == table["site"].map(sizes)).all()


def test_a_distribution_and_a_summary_say_the_same():
    table = satisfaction.distribution(ANSWERS, CHOICES, instrument=FORM)
    for row in satisfaction.summary(ANSWERS, instrument=FORM).to_dict("records"):
        answers = table[table["item"] == row["item"]]
        best, worst = ("1", "5") if row["item"] == "loud" else ("5", "1")
        counts = answers.set_index("answer")["count"]
        assert row["top_box"] == counts[best]
        assert row["bottom_box"] == counts[worst]
        mean = (counts * counts.index.astype(int)).sum() / counts.sum()
        assert row["mean"] == pytest.approx(mean, rel=1e-15)
        assert answers["share"].sum() == pytest.approx(1)


def test_groups_add_up_to_the_whole():
    whole = satisfaction.distribution(ANSWERS, instrument=FORM)
    parts = satisfaction.distribution(ANSWERS, instrument=FORM, by="site")
    for column in ("count", "n", "n_missing", "n_not_applicable"):
        north, south = (
            parts.loc[parts["site"] == site, column].to_numpy() for site in ("north", "south")
        )
        assert (north + south == whole[column]).all()


def test_the_order_of_rows_does_not_matter():
    mixed = ANSWERS.sample(frac=1, random_state=3)
    for measure in (satisfaction.distribution, satisfaction.summary):
        for by in (None, "site"):
            pd.testing.assert_frame_equal(
                measure(mixed, instrument=FORM, by=by), measure(ANSWERS, instrument=FORM, by=by)
            )


def test_items_come_in_the_order_they_are_named():
    table = satisfaction.summary(ANSWERS, ["bus", "useful", "bus"], instrument=FORM)
    assert table["item"].tolist() == ["bus", "useful"]
    whole = satisfaction.summary(ANSWERS, instrument=FORM).set_index("item")
    pd.testing.assert_frame_equal(table.set_index("item"), whole.loc[["bus", "useful"]])


ENGINES = {
    "plain floats": lambda frame: frame.astype(dict.fromkeys([*CHOICES, "heard_of"], "float64")),
    "objects": lambda frame: frame.astype({"site": "object"}),
    "polars": pl.from_pandas,
    "polars lazy": lambda frame: pl.from_pandas(frame).lazy(),
    "duckdb": duckdb.from_df,
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("by", [None, "site", ["site", "heard_of"]])
@pytest.mark.parametrize("measure", [satisfaction.distribution, satisfaction.summary])
def test_engines_agree(engine, by, measure):
    frame = ENGINES[engine](ANSWERS)
    pd.testing.assert_frame_equal(
        measure(frame, CHOICES, instrument=FORM, by=by),
        measure(ANSWERS, CHOICES, instrument=FORM, by=by),
        check_dtype=False,
    )


LABELS = ["not at all", "little", "some", "much", "very much"]


def labelled(frame):
    scale = pd.CategoricalDtype(LABELS, ordered=True)
    return frame.assign(
        **{
            name: frame[name]
            .map(dict(enumerate(LABELS, start=1)), na_action="ignore")
            .astype(scale)
            for name in ("useful", "loud")
        }
    )


CATEGORICALS = {
    "pandas": lambda frame: frame,
    "polars": lambda frame: pl.from_pandas(frame).cast(dict.fromkeys(["useful", "loud"], pl.Enum(LABELS))),
    "duckdb": duckdb.from_df,
}  # fmt: skip


@pytest.mark.parametrize("engine", CATEGORICALS)
@pytest.mark.parametrize("by", [None, "site"])
def test_categories_count_as_their_codes_do(engine, by):
    frame = CATEGORICALS[engine](labelled(ANSWERS)[["site", "useful", "loud"]])
    same = ["count", "share", "n", "n_missing", "n_not_applicable"]
    words = satisfaction.distribution(frame, ["useful", "loud"], by=by)
    codes = satisfaction.distribution(ANSWERS, ["useful", "loud"], by=by)
    pd.testing.assert_frame_equal(words[same], codes[same])
    assert words["answer"].tolist()[:5] == LABELS
    same = ["estimate", "lower", "upper", "n", "top_box", "top_two", "bottom_box", "mean"]
    pd.testing.assert_frame_equal(
        satisfaction.summary(frame, ["useful", "loud"], by=by)[same],
        satisfaction.summary(ANSWERS, ["useful", "loud"], by=by)[same],
    )


def test_categories_that_are_numbers():
    scale = pd.CategoricalDtype([3, 2, 1], ordered=True)
    frame = pd.DataFrame({"rank": pd.Categorical([1, 2, None, 1], dtype=scale)})
    table = satisfaction.distribution(frame, "rank")
    assert table[["answer", "count"]].to_numpy().tolist() == [["3", 0], ["2", 1], ["1", 2]]
    assert satisfaction.summary(frame, "rank")["top_box"].tolist() == [2]


def test_codes_and_categories_side_by_side():
    frame = labelled(ANSWERS).assign(loud=ANSWERS["loud"])
    table = satisfaction.distribution(frame, ["useful", "loud"], by="site")
    codes = satisfaction.distribution(ANSWERS, ["useful", "loud"], by="site")
    assert table["count"].tolist() == codes["count"].tolist()
    assert table["item"].tolist() == codes["item"].tolist()
    assert table["site"].tolist() == codes["site"].tolist()


def test_without_a_form_the_scale_is_what_was_answered():
    frame = pd.DataFrame({"one": [2, 4, 4], "two": [5, 5, None]})
    table = satisfaction.distribution(frame, ["one", "two"])
    assert table["answer"].tolist() == ["2", "3", "4", "5"] * 2
    assert table["count"].tolist() == [1, 0, 2, 0, 0, 0, 0, 2]
    summary = satisfaction.summary(frame, ["one", "two"])
    assert summary["top_box"].tolist() == [0, 2]
    assert set(summary["note"]) == {satisfaction.OBSERVED_SCALE}
    assert satisfaction.summary(labelled(ANSWERS), "useful")["note"].isna().all()


def test_nobody_answered():
    frame = ANSWERS.assign(useful=pd.array([None] * len(ANSWERS), dtype="Int64"))
    for options in ({"instrument": FORM}, {}):
        row = satisfaction.summary(frame, "useful", **options).iloc[0]
        assert row[["estimate", "lower", "upper", "mean"]].isna().all()
        assert (row["n"], row["n_missing"], row["top_box"]) == (0, 23, 0)
        assert (row["method"], row["note"]) == ("none", satisfaction.NOBODY_ANSWERED)
    table = satisfaction.distribution(frame, "useful", instrument=FORM)
    assert table["count"].tolist() == [0] * 5
    assert table["share"].isna().all()
    assert satisfaction.distribution(frame, "useful").empty


@pytest.mark.parametrize("engine", ["pandas", "polars", "duckdb"])
def test_a_column_without_a_type_is_all_missing(engine):
    frame = ANSWERS.assign(useful=pd.Series([None] * 23, dtype="object"))
    frame = ENGINES.get(engine, lambda same: same)(frame)
    table = satisfaction.summary(frame, CHOICES, instrument=FORM)
    assert table["n_missing"].tolist() == [23, 3, 2]
    assert table["n"].tolist() == [0, 20, 15]


def test_no_rows():
    frame = ANSWERS.head(0)
    assert satisfaction.summary(frame, instrument=FORM)["n"].tolist() == [0, 0, 0]
    assert satisfaction.distribution(frame, instrument=FORM)["count"].sum() == 0
    assert satisfaction.summary(frame, instrument=FORM, by="site").empty
    assert satisfaction.distribution(frame, instrument=FORM, by="site").empty


def test_everybody_gave_the_best_answer():
    frame = pd.DataFrame({"useful": [5] * 9, "loud": [1] * 9})
    table = satisfaction.summary(frame, ["useful", "loud"], instrument=FORM)
    assert table["estimate"].tolist() == [1.0, 1.0]
    assert table["upper"].tolist() == [1.0, 1.0]
    assert table["lower"].tolist() == pytest.approx([ek.statistics.proportion(9, 9).lower] * 2)


def test_blank_and_closed_groups():
    sites = ["b", None, "a", None, "b"]
    frame = pd.DataFrame({"useful": [5, 4, 5, 5, 1], "site": sites})
    table = satisfaction.summary(frame, "useful", instrument=FORM, by="site")
    assert table["site"].tolist()[:2] == ["a", "b"]
    assert table["site"].isna().tolist() == [False, False, True]
    assert table["n"].tolist() == [1, 2, 2]
    informants = ["father", "mother", "self", "mother", "self"]
    by = satisfaction.summary(
        frame.assign(informant=informants), "useful", instrument=FORM, by="informant"
    )
    order = [name for name in CLOSED["informant"] if name in informants]
    assert by["informant"].tolist() == order


def test_an_instrument_by_its_id():
    form = pd.DataFrame({"satisfaction": [5, 4], "hour_of_day": [9, 1]})
    items = ["satisfaction", "hour_of_day"]
    table = satisfaction.summary(form, items, instrument="SMIL_PARENTS")
    pd.testing.assert_frame_equal(
        table, satisfaction.summary(form, items, instrument=ek.load_instrument("SMIL_PARENTS"))
    )
    assert table["n_not_applicable"].tolist() == [0, 1]


def test_two_forms_of_one_respondent_are_refused_with_a_way_out():
    frame = ANSWERS.assign(respondent_id=[f"p{n // 2}" for n in range(23)])
    with pytest.raises(ArgumentError, match=r"p0 has 2 forms here \(and 10 more .* Pick one form"):
        satisfaction.distribution(frame, instrument=FORM)
    twice = frame.assign(occasion=[n % 2 + 1 for n in range(23)])
    with pytest.raises(ArgumentError, match=r"by='occasion'"):
        satisfaction.summary(twice, instrument=FORM)
    by = satisfaction.summary(twice, "useful", instrument=FORM, by="occasion")
    assert (by["n"] + by["n_missing"]).tolist() == [12, 11]


def test_anonymous_forms_are_each_somebodys():
    frame = ANSWERS.assign(respondent_id=None)
    assert satisfaction.summary(frame, "useful", instrument=FORM)["n"].tolist() == [21]


@pytest.mark.parametrize(
    ("items", "options", "message"),
    [
        (None, {}, "Neither items nor an instrument are named"),
        ([], {}, "Neither items nor an instrument are named"),
        (5, {}, "columns are named by one text"),
        ("usefull", {}, "Did you mean 'useful'"),
        ("usefull", {"instrument": FORM}, "INVENTED has no item 'usefull'. Did you mean 'useful'"),
        ("comment", {"instrument": FORM}, "read them in study.comments"),
        ("pain", {"instrument": FORM}, r"instrument.score\(form\)"),
        ("site", {}, "'site' holds String, so the order"),
        ("useful", {"by": "useful"}, "both an item and in by"),
        ("useful", {"by": "n"}, "a column of the result"),
        ("useful", {"by": "mean"}, "a column of the result"),
        ("useful", {"by": "sex"}, "lacks the column sex"),
        ("useful", {"instrument": 3}, "instrument must be an id or an Instrument, but is 3"),
    ],
)
@pytest.mark.parametrize("measure", [satisfaction.distribution, satisfaction.summary])
def test_what_makes_no_sense_is_refused(measure, items, options, message):
    with pytest.raises(ArgumentError, match=message):
        measure(ANSWERS, items, **options)


def test_answers_without_an_order_have_no_best():
    with pytest.raises(ArgumentError, match="'heard_of' have no order, so none is the best"):
        satisfaction.summary(ANSWERS, "heard_of", instrument=FORM)


@pytest.mark.parametrize("level", [95, 0, None])
def test_a_level_that_is_none(level):
    with pytest.raises(ArgumentError, match="level must lie between 0 and 1"):
        satisfaction.summary(ANSWERS, instrument=FORM, level=level)


@pytest.mark.parametrize("engine", ["pandas", "polars", "duckdb"])
@pytest.mark.parametrize("value", [0, 6, 9, 4.5])
def test_an_answer_the_form_does_not_have_is_named(engine, value):
    frame = ANSWERS.astype({"useful": "Float64"})
    frame.loc[3, "useful"] = value
    with pytest.raises(ArgumentError, match=rf"row 3: {value} is no answer of 'useful'"):
        satisfaction.distribution(
            ENGINES.get(engine, lambda same: same)(frame), CHOICES, instrument=FORM
        )


def test_many_bad_answers_are_not_all_named():
    with pytest.raises(ArgumentError, match=r"(?s)row 9: .*\.\.\. and 13 more\.$"):
        satisfaction.summary(ANSWERS.assign(useful=7), "useful", instrument=FORM)


def test_numbers_that_are_no_answers():
    with pytest.raises(ArgumentError, match="not all answers to useful are whole numbers"):
        satisfaction.distribution(pd.DataFrame({"useful": [4.0, 4.5]}), "useful")
    with pytest.raises(ArgumentError, match=r"between 1 and 4711 \(in 'id'\)"):
        satisfaction.distribution(ANSWERS.assign(id=[*range(1, 23), 4711]), ["useful", "id"])
    with pytest.raises(ArgumentError, match=r"between 4 and inf"):
        satisfaction.distribution(pd.DataFrame({"useful": [4.0, float("inf")]}), "useful")


def test_categories_without_an_order_are_refused():
    with pytest.raises(ArgumentError, match="ordered=True"):
        satisfaction.distribution(pd.DataFrame({"a": pd.Categorical(["x", "y"])}), "a")
    with pytest.raises(ArgumentError, match="must hold numbers"):
        satisfaction.distribution(labelled(ANSWERS), CHOICES, instrument=FORM)


@pytest.mark.parametrize("what", [None, 3, "form"])
def test_what_is_no_table(what):
    with pytest.raises(ArgumentError, match="must be a DataFrame"):
        satisfaction.summary(what, "useful")


@pytest.mark.parametrize("by", [[], ["site"]])
def test_every_column_is_accounted_for(by):
    table = satisfaction.distribution(ANSWERS, instrument=FORM, by=by)
    cells = satisfaction.DISTRIBUTION_CELLS.by(*by, "item", "answer")
    public = protect(table, cells, Policy(min_cell=5))
    unsafe = table["count"].between(1, 4) | (table["n"] - table["count"]).between(1, 4)
    assert public.loc[unsafe, "hidden"].all()
    assert public.loc[public["hidden"], ["count", "share"]].isna().all(axis=None)
    few = table["n_not_applicable"].between(1, 4)
    assert public.loc[few, "hidden_n_not_applicable"].all()
    summary = satisfaction.summary(ANSWERS, instrument=FORM, by=by)
    public = protect(summary, satisfaction.SUMMARY_CELLS.by(*by, "item"), Policy(min_cell=5))
    derived = ["top_box", "estimate", "lower", "upper"]
    assert public["hidden"].any()
    assert public.loc[public["hidden"], derived].isna().all(axis=None)
    assert public.loc[summary["bottom_box"].between(1, 4), "hidden_bottom_box"].all()
    few = summary["n"] < 5
    assert public.loc[few, "mean"].isna().all()


def test_a_tally_of_many_groups_and_values():
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"g": rng.integers(0, 60, 500), "id": rng.permutation(500), "k": 1.0})
    table = aggregate.tally(frame, ["g"], ["id", "k"])
    pd.testing.assert_frame_equal(
        table, aggregate.tally(pl.from_pandas(frame), ["g"], ["id", "k"]), check_dtype=False
    )
    assert table.loc[table["counted_column"] == "id", "counted_rows"].tolist() == [1] * 500
    assert table["counted_rows"].sum() == 1000
