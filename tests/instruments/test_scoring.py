"""Scores: exact against fractions, the same on every engine, and refusing what is no answer."""

from __future__ import annotations

import math
from fractions import Fraction

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import evalkit as ek
from evalkit.errors import ArgumentError
from evalkit.instruments import bad_answers, score
from evalkit.instruments.model import Instrument, Item, Scale

ITEMS = ("individual", "family", "school", "overall")
CORS = ek.load_instrument("CORS")


def duck(frame):
    connection = duckdb.connect()
    connection.register("frame", frame)
    return connection.sql("select * from frame")


ENGINES = {
    "pandas": lambda frame: frame,
    "polars": pl.from_pandas,
    "polars lazy": lambda frame: pl.from_pandas(frame).lazy(),
    "duckdb": duck,
}


def back(frame):
    """Any engine's frame as pandas with plain floats."""
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    if isinstance(frame, pl.DataFrame):
        frame = frame.to_pandas()
    if isinstance(frame, duckdb.DuckDBPyRelation):
        frame = frame.df()
    return frame


def form(items, *, method="sum", least=None, steps=None, better="higher"):
    """An instrument of one scale; ``items`` are keywords of `Item` by id."""
    made = tuple(Item(id=key, label={}, **rest) for key, rest in items.items())
    scale = Scale(
        id="total",
        label={},
        items=tuple(items),
        method=method,
        least_answered=least or len(items),
        lowest=0,
        highest=0,
        steps_per_unit=steps or math.lcm(*(item.steps_per_unit for item in made)),
        better=better,
    )
    return Instrument(id="OWN", name={}, informants=("self",), items=made, scales=(scale,))


def line(lowest=0, highest=10, steps=10, **rest):
    return {"kind": "scale", "lowest": lowest, "highest": highest, "steps_per_unit": steps, **rest}


def choice(*codes, not_applicable=(), **rest):
    answers = {code: {"en": str(code)} for code in (*codes, *not_applicable)}
    return {"kind": "choice", "answers": answers, "not_applicable": not_applicable, **rest}


def exact_score(values, instrument):
    """The score of one form by fractions, straight from the rules."""
    scale = instrument.scale()
    known = []
    for item in map(instrument.item, scale.items):
        value = values[item.id]
        if value is None or value in item.not_applicable:
            continue
        low, high = (Fraction(str(end)) for end in item.ends)
        answer = Fraction(str(value))
        known.append(low + high - answer if item.reversed else answer)
    if len(known) < scale.least_answered:
        return None, len(known)
    mean = sum(known) / len(known)
    value = mean * len(scale.items) if scale.method == "sum" else mean
    ticks = math.floor(value * scale.steps_per_unit + Fraction(1, 2))
    return ticks / scale.steps_per_unit, len(known)


def of_random_answers(instrument, n, seed):
    """Forms whose answers are drawn among all that are possible, a fifth of them blank."""
    draw = np.random.default_rng(seed)
    columns = {}
    for item in instrument.items:
        if item.kind == "choice":
            possible = list(item.answers)
        else:
            low, high = (round(end * item.steps_per_unit) for end in (item.lowest, item.highest))
            possible = [tick / item.steps_per_unit for tick in range(low, high + 1)]
        drawn = draw.choice(possible, size=n)
        columns[item.id] = [None if draw.random() < 0.2 else float(value) for value in drawn]
    return pd.DataFrame(columns, dtype="float64")


FORMS = {
    "all answered": CORS,
    "a line made up": form({key: line() for key in ITEMS}, least=2),
    "coarse sum": form({key: line() for key in ITEMS}, least=1, steps=1),
    "mean": form({key: line() for key in "abc"}, method="mean", least=1, steps=100),
    "mean in thirds": form({key: line(0, 4, 1) for key in "abc"}, method="mean", least=2, steps=3),
    "below zero": form({key: line(-3, 3, 2) for key in "abcde"}, least=1, steps=1),
    "below zero, mean": form({key: line(-3, -1, 4) for key in "abc"}, method="mean", least=1),
    "reversed": form({"a": line(1, 6, 1), "b": line(1, 6, 1, reversed=True)}, least=1),
    "unlike steps": form({"a": line(0, 10, 10), "b": line(0, 4, 4), "c": line(1, 7, 1)}),
    "choices": form(
        {
            "a": choice(1, 2, 3, 4, 5, not_applicable=(9,)),
            "b": choice(1, 2, 3, 4, 5, not_applicable=(9,), reversed=True),
            "c": choice(1, 2, 3, 4, 5),
        },
        least=2,
    ),
    "a code beside the line": form({key: line(not_applicable=(99,)) for key in ITEMS}, least=3),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", FORMS)
def test_scores_are_exact(name, engine):
    instrument = FORMS[name]
    forms = of_random_answers(instrument, 400, seed=len(name))
    rows = forms.astype(object).where(forms.notna(), None).to_dict("records")
    expected = [exact_score(row, instrument) for row in rows]
    result = back(score(ENGINES[engine](forms), instrument))
    assert list(result.columns) == ["total", "total_answered"]
    scores = [None if math.isnan(value) else value for value in result["total"]]
    assert scores == [value for value, _ in expected]
    assert result["total_answered"].tolist() == [answered for _, answered in expected]


@given(st.lists(st.one_of(st.none(), st.integers(0, 100)), min_size=4, max_size=4))
def test_one_form_at_a_time_is_exact(ticks):
    values = {key: None if t is None else t / 10 for key, t in zip(ITEMS, ticks, strict=True)}
    for instrument in (CORS, FORMS["a line made up"], FORMS["coarse sum"]):
        row = score(pd.DataFrame([values], dtype="float64"), instrument).iloc[0]
        value, answered = exact_score(values, instrument)
        assert (row["total"] == value) if value is not None else math.isnan(row["total"])
        assert row["total_answered"] == answered


@pytest.mark.parametrize("engine", ENGINES)
def test_ties_are_rounded_half_up(engine):
    instrument = form({key: line(0, 10, 2) for key in "ab"}, least=1, steps=1)
    forms = pd.DataFrame({"a": [0.5, 2.5, 1.0], "b": [0.0, 1.0, 1.5]})
    result = back(score(ENGINES[engine](forms), instrument))
    assert result["total"].tolist() == [1, 4, 3]  # 0.5, 3.5, 2.5
    halves = form({key: line(-2, 2, 2) for key in "ab"}, least=1, steps=1)
    below = pd.DataFrame({"a": [-0.5, -1.5], "b": [0.0, -1.0]})
    result = back(score(ENGINES[engine](below), halves))
    assert result["total"].tolist() == [0, -2]  # up is towards the higher score: -0.5, -2.5


@pytest.mark.parametrize("engine", ENGINES)
def test_every_total_is_the_float_nearest_to_its_decimals(engine):
    ticks = np.arange(401)
    quarters = {key: np.clip(ticks - 100 * place, 0, 100) / 10 for place, key in enumerate(ITEMS)}
    result = back(score(ENGINES[engine](pd.DataFrame(quarters)), CORS))
    assert result["total"].tolist() == [float(f"{tick // 10}.{tick % 10}") for tick in ticks]


@pytest.mark.parametrize("dtype", ["float64", "Float64", "float32", "double[pyarrow]"])
def test_kinds_of_number_columns_give_the_same(dtype):
    forms = of_random_answers(CORS, 50, seed=3)
    expected = score(forms, CORS)
    pd.testing.assert_frame_equal(score(forms.astype(dtype), CORS), expected)


@pytest.mark.parametrize("dtype", ["int64", "Int64", "int8", "int64[pyarrow]"])
def test_whole_numbers_are_answers_too(dtype):
    forms = pd.DataFrame({key: [1, 10] for key in ITEMS}, dtype=dtype)
    assert score(forms, CORS)["total"].tolist() == [4, 40]


def test_decimals_of_a_database_are_answers_too():
    forms = duckdb.sql('select 7.3 as individual, 6.1 as "family", 8.0 as school, 7 as overall')
    assert score(forms, CORS).fetchall() == [(28.4, 4)]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_item_nobody_answered_is_no_error(engine):
    forms = pd.DataFrame({key: [5.0, 6.0] for key in ITEMS}).assign(school=None)
    result = back(score(ENGINES[engine](forms), CORS))
    assert result["total"].isna().all()
    assert result["total_answered"].tolist() == [3, 3]


@pytest.mark.parametrize("engine", ENGINES)
def test_no_forms_give_no_scores(engine):
    forms = of_random_answers(CORS, 2, seed=1).head(0)
    result = back(score(ENGINES[engine](forms), CORS))
    assert list(result.columns) == ["total", "total_answered"]
    assert result.empty


@pytest.mark.parametrize("engine", ENGINES)
def test_the_kind_of_frame_its_rows_and_columns_kept_come_back(engine):
    forms = of_random_answers(CORS, 30, seed=5)
    forms["about_id"] = [f"p{number:02}" for number in range(30)][::-1]
    frame = ENGINES[engine](forms)
    result = score(frame, CORS, keep=["about_id"])
    assert type(result) is type(frame)
    table = back(result)
    assert list(table.columns) == ["about_id", "total", "total_answered"]
    assert table["about_id"].tolist() == forms["about_id"].tolist()
    np.testing.assert_array_equal(table["total"], score(forms, CORS)["total"])


def test_the_index_of_pandas_is_kept():
    forms = of_random_answers(CORS, 4, seed=1)
    forms.index = pd.Index(["d", "a", "a", "c"], name="form")
    pd.testing.assert_index_equal(score(forms, CORS).index, forms.index)
    kept = score(forms, CORS, keep=["family"])
    np.testing.assert_array_equal(kept["family"], forms["family"])
    assert score(forms, CORS).dtypes.astype(str).tolist() == ["float64", "int64"]


def test_the_frame_that_came_in_is_not_changed():
    forms = of_random_answers(CORS, 20, seed=2)
    before = forms.copy(deep=True)
    scores = score(forms, CORS, keep=["family"])
    scores.loc[:, "family"] = -1
    pd.testing.assert_frame_equal(forms, before)


def test_rows_in_another_order_are_the_same_scores_in_that_order():
    forms = of_random_answers(FORMS["a line made up"], 100, seed=4)
    shuffled = forms.sample(frac=1, random_state=1)
    result = score(shuffled, FORMS["a line made up"]).sort_index()
    pd.testing.assert_frame_equal(result, score(forms, FORMS["a line made up"]))


def test_columns_and_items_in_another_order_are_the_same_scores():
    forms = of_random_answers(CORS, 100, seed=4)
    pd.testing.assert_frame_equal(score(forms[[*ITEMS[::-1]]], CORS), score(forms, CORS))
    turned = form({key: line() for key in ITEMS[::-1]})
    pd.testing.assert_frame_equal(score(forms, turned), score(forms, CORS))


def test_the_same_line_in_millimetres_is_ten_times_the_score():
    forms = of_random_answers(FORMS["a line made up"], 200, seed=6)
    millimetres = form({key: line(0, 100, 1) for key in ITEMS}, least=2)
    in_mm = score((forms * 10).round(), millimetres)["total"]
    in_cm = score(forms, FORMS["a line made up"])["total"]
    np.testing.assert_array_equal(in_mm, (in_cm * 10).round())


def test_all_items_turned_round_mirror_the_score():
    turned = form({key: line(reversed=True) for key in ITEMS})
    forms = of_random_answers(CORS, 100, seed=8)
    both = score(forms, CORS)["total"] + score(forms, turned)["total"]
    assert both.dropna().round(9).eq(40).all()


@pytest.mark.parametrize("least", [1, 2, 3, 4])
def test_fewer_answers_than_the_scale_asks_for_give_no_score(least):
    instrument = form({key: line() for key in ITEMS}, least=least)
    forms = pd.DataFrame(np.where(np.tri(4, dtype=bool), 6.0, np.nan), columns=list(ITEMS))
    result = score(forms, instrument)
    assert result["total_answered"].tolist() == [1, 2, 3, 4]
    assert result["total"].notna().tolist() == [answered >= least for answered in (1, 2, 3, 4)]
    assert result["total"].dropna().eq(24).all()


def test_several_scales_stand_beside_each_other():
    items = tuple(Item(id=key, label={}, **line()) for key in ITEMS)
    scales = tuple(
        Scale(key, {}, parts, "sum", len(parts), 0, 20, 10, "higher")
        for key, parts in (("home", ITEMS[:2]), ("out", ITEMS[2:]))
    )
    instrument = Instrument("OWN", {}, ("self",), items, scales)
    result = score(pd.DataFrame([[1, 2, 3, None]], columns=list(ITEMS)), instrument)
    assert list(result.columns) == ["home", "home_answered", "out", "out_answered"]
    assert result.iloc[0].fillna(-1).tolist() == [3, 2, -1, 1]


def test_columns_may_be_named_otherwise():
    forms = of_random_answers(CORS, 10, seed=9)
    renamed = forms.rename(columns={"family": "Familie", "school": "Skole"})
    result = CORS.score(renamed, items={"family": "Familie", "school": "Skole"}, keep=["Skole"])
    np.testing.assert_array_equal(result["total"], score(forms, CORS)["total"])
    np.testing.assert_array_equal(result["Skole"], forms["school"])


ANSWERS = pd.DataFrame({key: [5.0, 6.0, 7.0] for key in ITEMS}, index=["x", "y", "z"])


def answered(**changes):
    frame = ANSWERS.copy()
    for column, (row, value) in changes.items():
        frame.loc[row, column] = value
    return frame


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"family": ("y", 73)},
            r"One answer of CORS cannot be: item 'family', column 'family', row 'y': 73 does not lie between 0 and 10\. It looks like millimetres",
        ),
        ({"family": ("y", 10.05)}, "row 'y': 10.05 does not lie between 0 and 10, the range of"),
        (
            {"family": ("y", 999)},
            "999 does not lie between 0 and 10, the range of 'family'. Correct it; leave the cell empty",
        ),
        ({"family": ("y", -0.1)}, "-0.1 does not lie between"),
        ({"family": ("y", np.inf)}, "inf does not lie between"),
        (
            {"school": ("z", 3.14)},
            "3.14 lies between two answers of 'school', which come in steps of 0.1",
        ),
        (
            {"overall": ("x", 11), "school": ("x", 12), "family": ("z", 13)},
            "3 answers of CORS cannot be. The first: item 'school', column 'school', row 'x': 12 ",
        ),
    ],
)
def test_an_answer_that_cannot_be_is_refused(changes, message):
    with pytest.raises(ArgumentError, match=message):
        score(answered(**changes), CORS)


@pytest.mark.parametrize("engine", ["polars", "polars lazy", "duckdb"])
def test_without_an_index_the_row_is_counted_from_0(engine):
    frame = ENGINES[engine](answered(school=("z", 73)).rename(columns={"school": "Skole"}))
    with pytest.raises(ArgumentError, match=r"item 'school', column 'Skole', row 2: 73 does not"):
        score(frame, CORS, items={"school": "Skole"})


@pytest.mark.parametrize(
    "noise", [0.1 + 0.2, 2.9999999999999996, float(np.float32(7.3)), 10.000001]
)
def test_what_rounding_left_behind_is_no_error(noise):
    row = score(answered(family=("x", noise)), CORS).loc["x", "total"]
    assert row == round(15 + round(noise, 1), 1)


def test_a_code_that_is_no_answer_is_refused():
    forms = pd.DataFrame({"a": [9, 1], "b": [2, 7], "c": [3, 3]})
    with pytest.raises(
        ArgumentError, match=r"row 1: 7 is no answer of 'b'\. Answers: 1, 2, 3, 4, 5, 9\."
    ):
        score(forms, FORMS["choices"])


@pytest.mark.parametrize("engine", ENGINES)
def test_text_is_refused(engine):
    frame = ENGINES[engine](answered().astype({"family": "str"}))
    with pytest.raises(
        ArgumentError, match="column 'family' of item 'family' must hold numbers, but holds String"
    ):
        score(frame, CORS)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: score(ANSWERS.rename(columns={"family": "familly"}), CORS),
            "the table of CORS lacks the column family. Did you mean 'familly'",
        ),
        (
            lambda: score(ANSWERS, CORS, items={"famly": "family"}),
            "CORS has no item 'famly'. Did you mean 'family'",
        ),
        (
            lambda: score(ANSWERS, CORS, items={"family": "Familie"}),
            "column 'Familie' of item 'family' is not there",
        ),
        (
            lambda: score(ANSWERS, CORS, items={"family": "school"}),
            "the column 'school' is named for two items, 'family' and 'school'",
        ),
        (lambda: score(ANSWERS, CORS, keep=["about_id"]), "lacks the column about_id"),
        (
            lambda: score(ANSWERS.assign(total=1), CORS, keep=["total"]),
            "keep names 'total', which is a column of the result",
        ),
        (lambda: score(ANSWERS, ek.load_instrument("YCORS")), "YCORS is not scored. .*validated"),
        (
            lambda: score(ANSWERS, ek.load_instrument("SMIL_PARENTS")),
            "SMIL_PARENTS is not scored. It defines no scale",
        ),
        (lambda: score([1, 2], CORS), "must be a DataFrame"),
    ],
)
def test_what_makes_no_sense_is_refused(call, message):
    with pytest.raises(ArgumentError, match=message):
        call()


def test_bad_answers_are_listed_by_row_then_item():
    forms = answered(overall=("x", 11), school=("x", 12), family=("z", 3.14))
    forms = forms.rename(columns={"school": "Skole"})
    bad = bad_answers(forms, CORS, items={"school": "Skole"})
    assert list(bad.columns) == ["row", "item", "column", "value", "problem"]
    assert bad["row"].tolist() == ["x", "x", "z"]
    assert bad["item"].tolist() == ["school", "overall", "family"]
    assert bad["column"].tolist() == ["Skole", "overall", "family"]
    assert bad["value"].tolist() == ["12", "11", "3.14"]
    assert [text.split(" ")[0] for text in bad["problem"]] == ["12", "11", "3.14"]
    assert bad["problem"].str.endswith(".").all()


def test_bad_answers_also_look_at_what_is_not_scored_and_pass_over_what_is_not_there():
    talks = pd.DataFrame({"gender": [1, 2, 3], "useful": [5, None, 0]})
    bad = bad_answers(talks, ek.load_instrument("COUPLE_TALK"))
    assert bad[["row", "item", "value"]].values.tolist() == [[2, "gender", "3"], [2, "useful", "0"]]


@pytest.mark.parametrize("frame", [ANSWERS, ANSWERS[[]], ANSWERS.head(0)])
def test_no_bad_answers_are_an_empty_table(frame):
    bad = bad_answers(frame, CORS)
    assert list(bad.columns) == ["row", "item", "column", "value", "problem"]
    assert bad.empty


def test_not_relevant_is_an_answer_but_no_bad_one():
    forms = pd.DataFrame({"hour_of_day": [9.0, 5.0], "satisfaction": [9.0, 5.0]})
    bad = bad_answers(forms, ek.load_instrument("SMIL_PARENTS"))
    assert bad["item"].tolist() == ["satisfaction"]


def test_bad_answers_agree_with_what_score_refuses():
    forms = answered(school=("z", 73))
    (problem,) = bad_answers(forms, CORS)["problem"]
    with pytest.raises(ArgumentError) as error:
        score(forms, CORS)
    assert str(error.value).endswith(problem)
