"""Outcomes against R (tests/golden/outcomes.R), and identities that must hold."""

from __future__ import annotations

import csv
import inspect
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evalkit as ek
from benchmarks import outcomes as benchmark
from evalkit.errors import ArgumentError
from evalkit.instruments import cutoff_for
from evalkit.instruments.model import Evidence, Profile
from evalkit.metrics import outcomes, outcomes_counted, outcomes_course
from evalkit.privacy import Policy, protect

GOLDEN = Path(__file__).parents[1] / "golden" / "outcomes.csv"
ORS, CORS = ek.load_instrument("ORS"), ek.load_instrument("CORS")
ITEMS = ["individual", "relations", "social", "overall"]
SUMMARY = [
    *("category", "estimate", "lower", "upper", "n", "n_missing", "method", "count"),
    *(
        "n_in_file",
        "n_paired",
        "n_no_score",
        "n_one_score",
        "n_not_possible",
        "n_no_cutoff",
        "note",
    ),
]
ENGINES = {
    "pandas": lambda frame: frame,
    "polars": pl.from_pandas,
    "polars lazy": lambda frame: pl.from_pandas(frame).lazy(),
    "duckdb": lambda frame: duckdb.from_df(frame),
}
KINDS = {
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "polars lazy": pl.LazyFrame,
    "duckdb": duckdb.DuckDBPyRelation,
}


def to_pandas(frame):
    if isinstance(frame, pd.DataFrame):
        return frame
    if isinstance(frame, duckdb.DuckDBPyRelation):
        return frame.df()
    return (frame.collect() if isinstance(frame, pl.LazyFrame) else frame).to_pandas()


def golden(table):
    """A table of the golden file, one row per row of R."""
    with GOLDEN.open(encoding="utf-8") as file:
        cells = [row for row in csv.DictReader(file) if row["table"] == table]
    long = pd.DataFrame(cells)
    wide = long.set_index(["row", "column"])["value"].unstack("column")  # noqa: PD010
    wide = wide[list(dict.fromkeys(long["column"]))].loc[list(dict.fromkeys(long["row"]))]
    return wide.replace("NA", None)


def numbers(column):
    return column.astype("float64").to_numpy()


@pytest.fixture(scope="session")
def forms():
    """The invented forms of the golden file, typed as a study has them."""
    frame = golden("forms").reset_index(drop=True)
    frame.columns.name = None
    types = dict.fromkeys([*ITEMS, "age_years"], "Float64") | {"occasion": "Int64"}
    return frame.astype(types | {"informant": "category"})


@pytest.fixture(scope="session")
def site_of(forms):
    return forms.drop_duplicates("about_id").set_index("about_id")["site"]


@pytest.fixture(scope="session")
def changed(forms, site_of):
    pairs = outcomes.pairs(outcomes.scores(forms, ORS))
    changed = outcomes.change(pairs, ORS, profile="cyp_iapt_2015")
    return changed.assign(site=changed["about_id"].map(site_of))


def test_scores_against_R(forms):
    scores, expected = outcomes.scores(forms, ORS), golden("scores")
    np.testing.assert_array_equal(scores["total"], numbers(expected["total"]))
    assert scores["total_answered"].tolist() == numbers(expected["total_answered"]).tolist()
    assert scores["total"].isna().sum() > 20


def test_pairs_and_change_against_R(changed):
    expected = golden("pairs")
    ids = (
        changed["about_id"]
        + "|"
        + changed["respondent_id"]
        + "|"
        + changed["informant"].astype("str")
    )
    expected = expected.loc[ids]
    assert len(expected) == len(golden("pairs"))
    for column in ("age_years", "first", "last", "change", "cutoff"):
        np.testing.assert_array_equal(
            changed[column].to_numpy("float64", na_value=np.nan), numbers(expected[column])
        )
    for column in ("first_occasion", "last_occasion", "n_forms", "n_valid"):
        np.testing.assert_array_equal(
            changed[column].to_numpy("float64", na_value=np.nan), numbers(expected[column])
        )
    for column in (
        "category",
        "first_range",
        "last_range",
        "recovered",
        "can_improve",
        "can_deteriorate",
    ):
        ours = [None if pd.isna(value) else str(value) for value in changed[column]]
        spelled = {"TRUE": "True", "FALSE": "False"}
        theirs = [
            None if pd.isna(value) else spelled.get(value, value) for value in expected[column]
        ]
        assert ours == theirs, column
    assert set(changed["threshold"]) == {6.6}


@pytest.mark.parametrize("level", [0.95, 0.9])
def test_change_summary_against_R(changed, level):
    expected = golden(f"summary {level:g}")
    summary = outcomes.change_summary(changed, by=["informant", "site"], level=level)
    ids = [f"{row.informant}|{row.site}|{row.category}" for row in summary.itertuples()]
    assert len(ids) == len(expected)
    expected = expected.loc[ids]
    for column in expected.columns:
        np.testing.assert_allclose(
            numbers(summary[column]), numbers(expected[column]), rtol=0, atol=1e-13, err_msg=column
        )
    assert (summary["method"] == "none").tolist() == (summary["n"] == 0).tolist()
    assert set(summary.loc[summary["n"] == 0, "note"]) == {outcomes_counted.NOBODY}


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_course_against_R(forms, level):
    expected = golden(f"course {level:g}")
    course = outcomes.course(outcomes.scores(forms, ORS), by="informant", level=level)
    ids = [f"{row.informant}|{row.occasion}" for row in course.itertuples()]
    assert len(ids) == len(expected)
    expected = expected.loc[ids]
    for column in expected.columns:
        np.testing.assert_allclose(
            numbers(course[column]), numbers(expected[column]), rtol=1e-13, err_msg=column
        )
    assert set(course["method"]) == {"t"}
    assert course["note"].isna().all()


# --- couples of Jacobson and Truax -----------------------------------------------------------


def distress(better="lower"):
    scale = replace(
        CORS.scale(), id="distress", lowest=30, highest=90, steps_per_unit=2, better=better
    )
    return replace(CORS, scales=(scale,), profiles=(), cutoffs=())


def couples(measure="gds"):
    """30 couples before and after, four not known after (Jacobson and Truax 1991; see the file)."""
    frame = pd.read_csv(GOLDEN.parent / "jacobson_truax_couples.csv")
    ids = frame["subject"].map("c{:02d}".format)
    return pd.DataFrame(
        {"about_id": ids, "first": frame[f"{measure}_pre"], "last": frame[f"{measure}_post"]}
    )


def own(threshold, scale="total"):
    return Profile("own", scale, threshold, {"en": "Own"}, Evidence("the test", "read"))


def test_the_couples_of_jacobson_and_truax():
    threshold = 10.5
    changed = outcomes.change(couples(), distress(), profile=own(threshold, "distress"))
    summary = outcomes.change_summary(changed).set_index("category")
    plain = couples()["first"] - couples()["last"]
    assert summary.loc["improved", "count"] == (plain >= threshold).sum() == 13
    assert summary.loc["deteriorated", "count"] == 0
    assert summary.loc["unchanged", "count"] == 13
    assert summary["n_paired"].tolist() == [26] * 4
    assert summary["n_one_score"].tolist() == [4] * 4
    assert summary.loc["recovered", ["n", "n_no_cutoff"]].tolist() == [0, 26]


def test_lower_is_better_mirrors_higher_is_better():
    lower = outcomes.change(couples(), distress(), profile=own(10.5, "distress"))
    turned = couples().assign(first=lambda f: 120 - f["first"], last=lambda f: 120 - f["last"])
    higher = outcomes.change(turned, distress("higher"), profile=own(10.5, "distress"))
    np.testing.assert_array_equal(lower["change"], -higher["change"])
    same = ["category", "recovered", "can_improve", "can_deteriorate", "threshold"]
    pd.testing.assert_frame_equal(lower[same], higher[same])


# --- edges --------------------------------------------------------------------------------------


def every_pair(by=7):
    """Every pair of scores of CORS a threshold apart, and a step to both sides of it."""
    first = np.repeat(np.arange(0, 401), 6)
    step = np.tile([-51, -50, -49, 49, 50, 51], 401)
    inside = (first + step >= 0) & (first + step <= 400)
    first, last = first[inside], (first + step)[inside]
    ids = [f"c{i:05d}" for i in range(len(first))]
    return pd.DataFrame(
        {"about_id": ids, "informant": "self", "first": first / 10, "last": last / 10}
    ), (last - first)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_score_exactly_at_the_threshold_counts_on_every_engine(engine):
    pairs, ticks = every_pair()
    changed = to_pandas(outcomes.change(ENGINES[engine](pairs), CORS, profile="pcoms_5"))
    expected = np.select([ticks >= 50, ticks <= -50], ["improved", "deteriorated"], "unchanged")
    assert changed["category"].astype("str").tolist() == expected.tolist()
    np.testing.assert_array_equal(changed["change"], ticks / 10)
    floats = (pairs["last"] - pairs["first"]).abs() >= 5
    assert (floats != (np.abs(ticks) >= 50)).sum() > 50  # what floats would have lost


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("side", "clinical"), [("<", 319), ("<=", 320), (">=", 320), (">", 321)])
def test_a_score_exactly_at_the_cutoff_is_on_the_stated_side(engine, side, clinical):
    cutoff = replace(CORS.cutoffs[0], clinical=side)
    form = replace(CORS, cutoffs=(cutoff,))
    scores = np.array([318, 319, 320, 321, 322])
    pairs = pd.DataFrame(
        {"about_id": list("abcde"), "informant": "self", "first": scores / 10, "last": 40.0}
    )
    changed = to_pandas(outcomes.change(ENGINES[engine](pairs), form, profile="pcoms_5"))
    expected = scores <= clinical if "<" in side else scores >= clinical
    assert (changed["first_range"] == "clinical").tolist() == expected.tolist()
    assert set(changed["cutoff"]) == {32.0}


@pytest.mark.parametrize("engine", ENGINES)
def test_cutoffs_are_those_of_cutoff_for(engine):
    ages = [None, 12.99, 13.0, 17.99, 18.0, 44.5]
    informants = ["self", "mother", "caretaker", "teacher", None]
    rows = [(age, who) for age in ages for who in informants]
    pairs = pd.DataFrame(rows, columns=["age_years", "informant"]).astype({"age_years": "Float64"})
    pairs = pairs.assign(about_id=[f"c{i:02d}" for i in range(len(pairs))], first=20.0, last=30.0)
    for form in (ORS, CORS):
        expected, _ = cutoff_for(form, None, pairs["age_years"], pairs["informant"])
        changed = to_pandas(outcomes.change(ENGINES[engine](pairs), form, profile="pcoms_5"))
        np.testing.assert_array_equal(
            changed["cutoff"].to_numpy("float64", na_value=np.nan), expected
        )
        assert changed["recovered"].isna().tolist() == np.isnan(expected).tolist()


def test_without_age_or_informant_only_cutoffs_for_all_hold():
    pairs = pd.DataFrame({"about_id": ["a"], "first": [20.0], "last": [30.0]})
    assert outcomes.change(pairs, CORS, profile="pcoms_5")["cutoff"].isna().all()
    for_all = replace(CORS, cutoffs=(replace(CORS.cutoffs[0], informants=()),))
    assert outcomes.change(pairs, for_all, profile="pcoms_5")["cutoff"].tolist() == [32.0]
    aged = ORS.cutoffs[0]
    assert (
        outcomes.change(
            pairs, replace(ORS, cutoffs=(replace(aged, informants=()),)), profile="pcoms_5"
        )["cutoff"]
        .isna()
        .all()
    )


def test_a_threshold_between_two_steps_counts_from_the_next():
    pairs = pd.DataFrame({"about_id": list("ab"), "first": 20.0, "last": [24.9, 25.0]})
    changed = outcomes.change(pairs, CORS, profile=own(4.987))
    assert changed["category"].tolist() == ["unchanged", "improved"]
    assert set(changed["threshold"]) == {4.987}


def test_room_to_change_ends_with_the_scale():
    pairs = pd.DataFrame({"about_id": list("abcd"), "first": [35.0, 35.1, 5.0, 4.9], "last": 20.0})
    changed = outcomes.change(pairs, CORS, profile="pcoms_5")
    assert changed["can_improve"].tolist() == [True, False, True, True]
    assert changed["can_deteriorate"].tolist() == [True, True, True, False]


# --- pairs ----------------------------------------------------------------------------------------


def scored(*rows, columns=("about_id", "informant", "occasion", "answered_on", "total")):
    frame = pd.DataFrame(rows, columns=list(columns))
    kinds = {"about_id": "str", "informant": "str", "respondent_id": "str", "occasion": "Int64"}
    frame = frame.astype({name: kind for name, kind in kinds.items() if name in frame})
    if "answered_on" in frame:
        frame["answered_on"] = frame["answered_on"].astype("datetime64[s]")
    return frame.assign(total=frame["total"].astype("float64"))


def test_informants_are_never_mixed():
    scores = scored(("c1", "self", 1, None, 20), ("c1", "mother", 2, None, 30))
    pairs = outcomes.pairs(scores, scale="total")
    assert pairs["informant"].tolist() == ["mother", "self"]
    assert pairs["last"].isna().all()
    assert pairs["n_forms"].tolist() == [1, 1]


def test_mother_and_father_are_two_respondents():
    columns = ("about_id", "respondent_id", "informant", "occasion", "total")
    scores = scored(
        ("c1", "m1", "parent", 1, 20),
        ("c1", "f1", "parent", 1, 21),
        ("c1", "m1", "parent", 5, 30),
        columns=columns,
    )
    pairs = outcomes.pairs(scores, scale="total")
    assert pairs["respondent_id"].tolist() == ["f1", "m1"]
    assert pairs["first"].tolist() == [21, 20]
    assert pairs["last"].fillna(-1).tolist() == [-1, 30]


def test_occasion_comes_before_date():
    scores = scored(("c1", "self", 2, "2024-01-01", 20), ("c1", "self", 1, "2024-02-01", 30))
    pairs = outcomes.pairs(scores, scale="total")
    assert (pairs["first"][0], pairs["last"][0]) == (30, 20)
    assert pairs["first_on"].astype("str").tolist() == ["2024-02-01"]
    by_date = outcomes.pairs(scores.drop(columns="occasion"), scale="total")
    assert (by_date["first"][0], by_date["last"][0]) == (20, 30)
    assert "first_occasion" not in by_date


def test_pairs_has_the_columns_that_have_a_source(forms):
    pairs = outcomes.pairs(outcomes.scores(forms.assign(group_id="g"), ORS))
    assert pairs.columns.tolist() == [
        *("about_id", "respondent_id", "informant", "group_id", "age_years", "first", "last"),
        *("first_occasion", "last_occasion", "n_forms", "n_valid"),
    ]
    assert str(pairs["first_occasion"].dtype) == "Int64"


def test_group_and_age_are_those_of_the_first_valid_form():
    columns = ("about_id", "informant", "occasion", "total", "group_id", "age_years")
    scores = scored(
        ("c1", "self", 1, None, "g0", 9.0),
        ("c1", "self", 2, 20, "g1", 9.5),
        ("c1", "self", 3, 25, "g2", 10.0),
        ("c2", "self", 3, None, "g5", 10.0),
        ("c2", "self", 1, None, "g4", 8.0),
        columns=columns,
    )
    pairs = outcomes.pairs(scores, scale="total")
    assert pairs["group_id"].tolist() == ["g1", "g4"]
    assert pairs["age_years"].tolist() == [9.5, 8.0]
    assert pairs["first_occasion"].fillna(-1).tolist() == [2, -1]
    assert pairs[["n_forms", "n_valid"]].to_numpy().tolist() == [[3, 2], [2, 0]]


REFUSED = {
    "the same form twice": (
        [
            ("c1", "self", 1, "2024-01-01", 20),
            ("c1", "self", 1, "2024-01-01", 20),
            ("c0", "self", 1, None, 2),
        ],
        "comes first. about_id 'c1', informant 'self': 2 forms on occasion 1 of 2024-01-01. Leave",
    ),
    "two without a date": (
        [("c1", "self", 1, None, 20), ("c1", "self", 1, "2024-01-01", 20)],
        "'c1', informant 'self': several forms of which one has no date.",
    ),
    "with and without an occasion": (
        [("c1", "self", 1, "2024-01-01", 20), ("c1", "self", None, "2024-02-01", 20)],
        "'c1', informant 'self': forms with and without an occasion.",
    ),
    "neither occasion nor date": (
        [
            ("c1", "self", None, None, 20),
            ("c1", "self", None, None, 20),
            ("c2", "self", 1, "2024-02-01", 1),
        ],
        "'c1', informant 'self': several forms of which one has no date.",
    ),
    "more than are named": (
        [(f"c{i}", "self", 1, "2024-01-01", i) for i in range(5) for _ in range(2)],
        "'c2', informant 'self': 2 forms on occasion 1 of 2024-01-01. And 2 more. Leave out",
    ),
    "anonymous forms": (
        [("c1", "self", 1, None, 20), (None, "self", 1, None, 20)],
        "1 of 2 forms have no about_id: anonymous forms cannot be paired",
    ),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", REFUSED)
def test_forms_that_cannot_be_paired_are_refused(case, engine):
    rows, message = REFUSED[case]
    with pytest.raises(ArgumentError, match=message):
        outcomes.pairs(ENGINES[engine](scored(*rows)), scale="total")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"about_id": None}, "lacks the column about_id"),
        ({"occasion": None, "answered_on": None}, "neither an occasion nor a date"),
        ({"occasion": "Samling 4"}, "occasion must hold whole numbers.*'Samling 4' as 4"),
        ({"occasion": 1.5}, "2 occasions are no whole numbers"),
        ({"answered_on": "1. mai"}, "answered_on must hold dates"),
        ({"total": "20"}, "'total' must hold scores"),
    ],
)
def test_columns_of_the_wrong_kind_are_refused(change, message):
    frame = scored(("c1", "self", 1, "2024-01-01", 20), ("c1", "self", 2, "2024-02-01", 25))
    for name, value in change.items():
        frame = frame.drop(columns=name) if value is None else frame.assign(**{name: value})
    with pytest.raises(ArgumentError, match=message):
        outcomes.pairs(frame, scale="total")


def test_a_scale_that_is_not_there():
    frame = scored(("c1", "self", 1, "2024-01-01", 20))
    with pytest.raises(ArgumentError, match="no column of a scale.*scale="):
        outcomes.pairs(frame)
    with pytest.raises(ArgumentError, match="no scale 'totl'. Did you mean 'total'"):
        outcomes.pairs(frame.assign(total_answered=4), scale="totl")


def test_columns_of_blanks_are_as_if_not_there():
    frame = scored(("c1", "self", 1, None, 20), ("c1", "self", 2, None, 25))
    blank = frame.assign(answered_on=pd.Series([None, None], dtype="object"))
    pairs = outcomes.pairs(blank, scale="total")
    assert pairs[["first", "last"]].to_numpy().tolist() == [[20, 25]]
    assert "first_on" not in pairs


@pytest.mark.parametrize("kind", ["int64", "float64", "Float64", "int32"])
def test_whole_occasions_of_any_kind(kind):
    frame = scored(("c1", "self", 12, None, 30), ("c1", "self", 1, None, 20))
    pairs = outcomes.pairs(frame.astype({"occasion": kind}), scale="total")
    assert pairs["first_occasion"].tolist() == [1]
    assert str(pairs["last_occasion"].dtype) == "Int64"


# --- identities -----------------------------------------------------------------------------------


def all_of_it(forms, form=ORS, profile="cyp_iapt_2015", by="informant"):
    scores = outcomes.scores(forms, form)
    changed = outcomes.change(outcomes.pairs(scores), form, profile=profile)
    return changed, outcomes.change_summary(changed, by=by), outcomes.course(scores, by=by)


def plain(frame):
    """A frame with text for categories and plain numbers, so that engines can be compared."""
    frame = to_pandas(frame)
    out = {}
    for name in frame:
        column = frame[name]
        if pd.api.types.is_bool_dtype(column.dtype) or name in {
            "recovered",
            "can_improve",
            "can_deteriorate",
        }:
            out[name] = [None if pd.isna(value) else bool(value) for value in column]
        elif pd.api.types.is_numeric_dtype(column.dtype):
            out[name] = column.to_numpy("float64", na_value=np.nan)
        else:
            out[name] = [None if pd.isna(value) else str(value) for value in column]
    return pd.DataFrame(out)


@pytest.mark.parametrize("engine", ENGINES)
def test_engines_agree_to_the_last_digit(forms, engine):
    dated = forms.assign(
        group_id=forms["about_id"].str[:2],
        answered_on=np.datetime64("2024-01-01", "s")
        + forms["occasion"].to_numpy("int64") * np.timedelta64(1, "D"),
    )
    native = ENGINES[engine](dated)
    scores = outcomes.scores(native, ORS)
    pairs = outcomes.pairs(scores)
    changed = outcomes.change(pairs, ORS, profile="cyp_iapt_2015")
    for frame in (scores, pairs, changed):
        assert isinstance(frame, KINDS[engine])
    expected = all_of_it(dated)
    pd.testing.assert_frame_equal(plain(changed), plain(expected[0]), check_exact=True)
    summary = outcomes.change_summary(changed, by="informant")
    course = outcomes.course(scores, by="informant")
    pd.testing.assert_frame_equal(plain(summary), plain(expected[1]), check_exact=True)
    pd.testing.assert_frame_equal(plain(course), plain(expected[2]), check_exact=True)
    assert isinstance(summary, pd.DataFrame)
    assert isinstance(course, pd.DataFrame)


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(forms, random):
    places = list(range(len(forms)))
    random.shuffle(places)
    for mixed, straight in zip(all_of_it(forms.iloc[places]), all_of_it(forms), strict=True):
        pd.testing.assert_frame_equal(mixed, straight, check_exact=True)


def test_other_ids_give_the_same(forms):
    new = {old: f"x{997 - place}" for place, old in enumerate(forms["about_id"].unique())}
    renamed = forms.assign(about_id=forms["about_id"].map(new))
    for ours, theirs in zip(all_of_it(renamed)[1:], all_of_it(forms)[1:], strict=True):
        pd.testing.assert_frame_equal(ours, theirs, check_exact=True)


def test_millimetres_give_ten_times_centimetres(forms):
    items = tuple(replace(item, highest=100, steps_per_unit=1) for item in ORS.items)
    scale = replace(ORS.scale(), highest=400, steps_per_unit=1)
    profile = Profile("ten", "total", 66, {"en": ""}, Evidence("the test", "read"))
    cutoffs = tuple(replace(cutoff, value=cutoff.value * 10) for cutoff in ORS.cutoffs)
    millimetres = replace(ORS, items=items, scales=(scale,), cutoffs=cutoffs)
    tenfold = forms.assign(**{item: (forms[item] * 10).round() for item in ITEMS})
    ours, expected = all_of_it(tenfold, millimetres, profile), all_of_it(forms)
    pd.testing.assert_frame_equal(ours[1], expected[1], check_exact=True)
    units = ["estimate", "lower", "upper", "sd"]
    np.testing.assert_allclose(ours[2][units], expected[2][units] * 10, rtol=1e-14)
    same = ["category", "recovered", "first_range", "can_improve"]
    pd.testing.assert_frame_equal(ours[0][same], expected[0][same])


def test_leaving_out_invalid_forms_first_changes_the_counts_only(forms):
    valid = forms.dropna(subset=ITEMS)
    pairs = outcomes.pairs(outcomes.scores(valid, ORS))
    whole = outcomes.pairs(outcomes.scores(forms, ORS))
    with_any = whole[whole["n_valid"] > 0].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        pairs.drop(columns="n_forms"), with_any.drop(columns="n_forms"), check_exact=True
    )
    assert (pairs["n_forms"] == pairs["n_valid"]).all()
    assert whole["n_forms"].sum() == len(forms)
    assert whole["n_valid"].sum() == len(valid)


def test_one_informant_alone_is_the_same_as_within_many(forms):
    alone = forms[forms["informant"] == "self"]
    for ours, theirs in zip(all_of_it(alone), all_of_it(forms), strict=True):
        mine = theirs[theirs["informant"] == "self"].reset_index(drop=True)
        pd.testing.assert_frame_equal(plain(ours), plain(mine), check_exact=True)


def test_the_index_is_kept_and_nothing_is_changed(forms):
    labelled = forms.set_index(pd.Index([f"row {i}" for i in range(len(forms))]))
    before = labelled.copy(deep=True)
    scores = outcomes.scores(labelled, ORS)
    assert scores.index.equals(labelled.index)
    pairs = outcomes.pairs(scores).rename(index="pair {}".format)
    changed = outcomes.change(pairs, ORS, profile="pcoms_5")
    assert changed.index.equals(pairs.index)
    assert "change" not in pairs
    pd.testing.assert_frame_equal(labelled, before)


# --- summaries ------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [None, "informant", ["site", "informant"], "first_range"])
def test_eligible_and_reasons_add_up_to_all_in_the_file(changed, by):
    frame = changed if by and "informant" in by else changed[changed["informant"] == "self"]
    summary = outcomes.change_summary(frame, by=by)
    reasons = summary[["n", "n_no_score", "n_one_score", "n_not_possible", "n_no_cutoff"]]
    assert (reasons.sum(axis=1) == summary["n_in_file"]).all()
    assert (summary["n"] + summary["n_missing"] == summary["n_in_file"]).all()
    assert (summary["count"] <= summary["n"]).all()
    assert (reasons >= 0).all(axis=None)
    groups = [] if by is None else [by] if isinstance(by, str) else by
    assert summary.columns.tolist() == [*groups, *SUMMARY]
    apart = summary[summary["category"] != "recovered"]
    assert apart["count"].sum() == frame["last"].notna().sum()
    assert summary["n_in_file"].iloc[::4].sum() == len(frame)


def test_all_categories_are_there_even_of_nobody(changed):
    nobody = outcomes.change_summary(changed.head(0))
    assert nobody["category"].tolist() == ["recovered", "improved", "unchanged", "deteriorated"]
    assert nobody["n_in_file"].tolist() == [0] * 4
    assert nobody[["estimate", "lower", "upper"]].isna().all(axis=None)
    assert set(nobody["note"]) == {outcomes_counted.NOBODY}
    assert outcomes.change_summary(changed.head(0), by="informant").empty


def test_those_who_recovered_are_among_the_improved(changed):
    summary = outcomes.change_summary(changed, by="informant")
    recovered, improved = (
        summary.loc[summary["category"] == name, "count"].tolist()
        for name in ("recovered", "improved")
    )
    assert (recovered, improved) == ([11, 0], [18, 5])


def test_several_informants_on_one_person_are_refused(changed):
    with pytest.raises(
        ArgumentError, match=r"several informants .* about_id 'p03'.*informant in by"
    ):
        outcomes.change_summary(changed)
    with pytest.raises(ArgumentError, match="several informants"):
        outcomes.change_summary(pl.from_pandas(changed), by="site")


@pytest.mark.parametrize("engine", ENGINES)
def test_several_respondents_on_one_person_give_no_interval(engine):
    pairs = pd.DataFrame(
        {
            "about_id": ["c1", "c1", "c2", "c3"],
            "respondent_id": ["m", "f", "m", "m"],
            "informant": "parent",
            "site": ["A", "A", "A", "B"],
            "first": [20.0, 21.0, 22.0, 20.0],
            "last": [30.0, 20.0, 30.0, 34.0],
        }
    )
    changed = ENGINES[engine](outcomes.change(pairs, CORS, profile="pcoms_5"))
    summary = outcomes.change_summary(changed, by=["site", "informant"])
    there = summary[summary["site"] == "A"]
    assert there[["lower", "upper"]].isna().all(axis=None)
    assert set(there["note"]) == {outcomes_counted.SEVERAL}
    assert there["count"].tolist() == [2, 2, 1, 0]
    assert summary[summary["site"] == "B"]["note"].isna().all()
    whole = outcomes.change_summary(changed)
    assert set(whole["method"]) == {"none"}


def test_a_group_that_is_not_known_is_a_group(changed):
    alone = changed[changed["informant"] == "self"]
    some = alone.assign(site=alone["site"].where(alone["about_id"] > "p30"))
    summary = outcomes.change_summary(some, by="site")
    assert summary["site"].iloc[-4:].isna().all()
    assert summary["n_in_file"].iloc[::4].sum() == len(alone)


def test_the_gate_accounts_for_every_column(forms, changed):
    policy = Policy(min_cell=5)
    summary = outcomes.change_summary(changed, by=["informant", "site"])
    public = protect(summary, outcomes.CHANGE_CELLS.by("informant", "site", "category"), policy)
    small = summary["count"].between(1, 4)
    assert small.any()
    assert public.loc[small, ["count", "estimate", "lower", "upper"]].isna().all(axis=None)
    course = outcomes.course(outcomes.scores(forms.head(20), ORS), by="informant")
    cells = outcomes.COURSE_CELLS.by("informant", "occasion")
    public = protect(course, cells, policy)
    few = course["n"].between(1, 4)
    assert few.any()
    assert public.loc[few, ["n", "estimate", "sd", "lower", "method", "note"]].isna().all(axis=None)
    assert public.loc[~few, "n"].tolist() == course.loc[~few, "n"].tolist()


# --- the course -----------------------------------------------------------------------------------


def test_the_course_says_why_there_is_no_interval():
    columns = ("about_id", "occasion", "total")
    scores = scored(
        *(("a", 1, 20), ("b", 1, 20), ("a", 2, 20), ("b", 2, None), ("a", 3, None)),
        *(("a", None, 20), ("a", None, 22), ("a", 4, 20.1), ("b", 4, 20.2)),
        columns=columns,
    )
    course = outcomes.course(scores, scale="total")
    assert course["occasion"].fillna(-1).tolist() == [1, 2, 3, 4, -1]
    assert course["n"].tolist() == [2, 1, 0, 2, 0]
    assert course["n_missing"].tolist() == [0, 1, 1, 0, 2]
    assert course["note"].tolist()[:3] == [
        outcomes_course.EQUAL,
        outcomes_course.ONE_SCORE,
        outcomes_course.NO_SCORE,
    ]
    assert course["note"].iloc[-1] == outcomes_course.NO_OCCASION
    assert course["estimate"].tolist()[:2] == [20, 20]
    assert course["sd"].tolist()[0] == 0
    assert course["sd"].isna().tolist() == [False, True, True, False, True]
    assert course["method"].tolist() == ["none", "none", "none", "t", "none"]
    assert course.columns.tolist() == [
        *("occasion", "estimate", "lower", "upper", "n", "n_missing", "method", "sd", "note")
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_person_counts_once_in_a_mean(forms, engine):
    scores = outcomes.scores(ENGINES[engine](forms), ORS)
    with pytest.raises(ArgumentError, match=r"about_id 'p03', occasion 1\. .*name them in by"):
        outcomes.course(scores)
    assert len(outcomes.course(scores, by=["informant"])) == 10


def test_anonymous_forms_have_a_course():
    scores = scored((None, "self", 1, None, 20), (None, "self", 1, None, 30))
    row = outcomes.course(scores, scale="total").iloc[0]
    assert (row["estimate"], row["n"]) == (25, 2)
    assert outcomes.course(scores.drop(columns="about_id"), scale="total")["n"].tolist() == [2]


def test_a_course_of_nothing(forms):
    empty = outcomes.course(outcomes.scores(forms.head(0), ORS))
    assert empty.empty
    assert "note" in empty


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from([1, 2, 3, 4, 5, 7, 10, 100]),
    st.lists(st.integers(0, 4000), min_size=2, max_size=30),
)
def test_means_are_exact_in_any_step(steps, ticks):
    from fractions import Fraction

    values = [tick / steps for tick in ticks]
    frame = pd.DataFrame({"occasion": 1, "total": values})
    row = outcomes.course(frame, scale="total").iloc[0]
    exact = Fraction(sum(ticks), len(ticks) * steps)
    assert row["estimate"] == float(exact)
    spread = sum((Fraction(tick, steps) - exact) ** 2 for tick in ticks) / (len(ticks) - 1)
    assert row["sd"] == pytest.approx(float(spread) ** 0.5, rel=1e-15, abs=0)


def test_scores_without_a_step_are_refused():
    frame = pd.DataFrame({"occasion": 1, "total": [3.14159265, 2.0]})
    with pytest.raises(ArgumentError, match="no step in common"):
        outcomes.course(frame, scale="total")


# --- what makes no sense --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"profile": "pcoms_7"},
            "CORS has no threshold profile 'pcoms_7'. .*Known: pcoms_5, pcoms_6, cyp_iapt",
        ),
        ({"profile": None}, "no threshold profile 'None'. Known: pcoms_5"),
        ({"profile": own(0)}, "the threshold of 'own' must be above 0, but is 0"),
        ({"profile": own(-5)}, "must be above 0"),
        ({"profile": own(float("nan"))}, "must be above 0"),
        ({"profile": own(5, "distress")}, "is for the scale 'distress'.*that of 'total'"),
        ({"profile": "pcoms_5", "scale": "sum"}, "CORS has no scale 'sum'"),
    ],
)
def test_a_threshold_is_stated_and_fits(options, message):
    with pytest.raises(ArgumentError, match=message):
        outcomes.change(couples().assign(first=20.0, last=30.0), CORS, **options)


def test_there_is_no_default_threshold():
    assert (
        inspect.signature(outcomes.change).parameters["profile"].default is inspect.Parameter.empty
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("wrong", [40.1, -0.1, 20.05, float("inf")])
def test_scores_of_another_scale_are_refused(engine, wrong):
    pairs = pd.DataFrame({"about_id": ["a", "b"], "first": [20.0, wrong], "last": [30.0, 25.0]})
    with pytest.raises(
        ArgumentError,
        match="1 of 2 values in 'first' are no scores of 'total', .* from 0 to 40 in steps of 0.1",
    ):
        outcomes.change(ENGINES[engine](pairs), CORS, profile="pcoms_5")


@pytest.mark.parametrize("engine", ["polars", "polars lazy", "duckdb"])
def test_a_nan_is_a_blank_on_every_engine(engine):
    pairs = pl.DataFrame({"about_id": ["a"], "first": [20.0], "last": [float("nan")]})
    native = {
        "polars": pairs,
        "polars lazy": pairs.lazy(),
        "duckdb": duckdb.from_arrow(pairs.to_arrow()),
    }[engine]
    changed = outcomes.change(native, CORS, profile="pcoms_5")
    assert to_pandas(changed)["category"].isna().all()
    assert outcomes.change_summary(changed)["n_one_score"].tolist() == [1] * 4


def test_the_table_of_change_changed_again_is_the_same(changed):
    again = outcomes.change(changed, ORS, profile="cyp_iapt_2015")
    pd.testing.assert_frame_equal(again[changed.columns], changed)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "sex"}, "lacks the column sex"),
        ({"by": "category"}, "'category', which is a column of the result"),
        ({"by": 5}, "columns are named by"),
        ({"level": 95}, "level must lie between 0 and 1"),
    ],
)
def test_summaries_refuse_what_makes_no_sense(changed, options, message):
    with pytest.raises(ArgumentError, match=message):
        outcomes.change_summary(changed[changed["informant"] == "self"], **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "sex"}, "lacks the column sex"),
        ({"by": "occasion"}, "'occasion', which is a column of the result"),
        ({"level": 0}, "level must lie between 0 and 1"),
        ({"scale": "totals"}, "no scale 'totals'"),
    ],
)
def test_courses_refuse_what_makes_no_sense(forms, options, message):
    with pytest.raises(ArgumentError, match=message):
        outcomes.course(outcomes.scores(forms, ORS), **options)


def test_a_form_that_is_not_scored(forms):
    with pytest.raises(ArgumentError, match="not scored"):
        outcomes.scores(forms, ek.load_instrument("YCORS"))


# --- the benchmark --------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_bare_sql_counts_the_same(engine):
    forms = benchmark.invented_forms(2000, seed=7)
    expected = benchmark.in_sql(forms)
    assert benchmark.same(benchmark.in_evalkit(ENGINES[engine](forms)), expected)
    assert (expected["count"] > 20).all()


def test_the_benchmark_has_changes_of_exactly_the_threshold():
    forms = benchmark.invented_forms(2000, seed=7)
    pairs = outcomes.pairs(outcomes.scores(forms, CORS))
    changed = outcomes.change(pairs, CORS, profile=benchmark.PROFILE)
    assert (changed["change"].abs() == 5).sum() > 150
    assert (changed["first"] == changed["cutoff"]).sum() > 10


def test_bare_sql_refuses_what_evalkit_refuses():
    forms = benchmark.invented_forms(10)
    twice = pd.concat([forms, forms.head(1)], ignore_index=True)
    wide = forms.assign(individual=forms["individual"] + 5)
    for broken in (twice, wide):
        with pytest.raises(ValueError, match=r"\d"):
            benchmark.in_sql(broken)
        with pytest.raises(ArgumentError):
            benchmark.in_evalkit(broken)
