"""Attendance where persons are known: counts by hand, intervals from R, and what must hold."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

import evalkit as ek
from evalkit.errors import ArgumentError
from evalkit.metrics import attendance, attendance_result
from evalkit.privacy import Policy, protect

GOLDEN = Path(__file__).parents[1] / "golden" / "clustered_proportion.csv"
MARKS = {"x": "present", "-": "absent", "s": "excused", "?": "unknown"}
COUNTS = ["present", "n", "n_missing", "n_unknown", "n_excused"]


def register(rows, **columns):
    """One row per mark: persons by id, a letter per session; a blank is not expected."""
    table = pd.DataFrame(
        [
            (person, f"s{number:02}", MARKS[mark], number)
            for person, marks in rows.items()
            for number, mark in enumerate(marks, start=1)
            if mark != " "
        ],
        columns=["person_id", "session_id", "status", "number"],
    )
    table["status"] = pd.Categorical(table["status"], categories=list(MARKS.values()))
    return table.assign(**{"group_id": "g", "role": "child", "kind": "children", **columns})


SMALL = {
    "a": "xxxx",
    "b": "x-xx",
    "c": "xs?x",
    "d": "  xx",
    "e": "----",
}


def programme(children=45, sessions=12, seed=7):
    """A programme of six groups, drawn at random."""
    rng = np.random.default_rng(seed)
    letters = np.array(list("xxxxxxx-s?"))
    rows = {f"c{n:02}": "".join(rng.choice(letters, sessions)) for n in range(children)}
    table = register(rows)
    place = table["person_id"].str[1:].astype(int)
    return table.assign(
        group_id="g" + (place % 6).astype(str),
        session_id="g" + (place % 6).astype(str) + table["session_id"],
        role=np.where(place % 5 == 0, "parent", "child"),
        kind=np.where(table["number"] % 4 == 0, "family", "children"),
    ).astype({"role": "category"})


def test_counts_by_hand():
    row = attendance.rate(register(SMALL)).iloc[0]
    assert row[COUNTS].tolist() == [11, 17, 1, 1, 1]
    assert row["estimate"] == 11 / 17
    assert row["estimate_all_absent"] == 11 / 18
    assert row["estimate_all_present"] == 12 / 18
    assert (row["n_persons"], row["n_persons_absent"]) == (5, 3)
    assert (row["n_groups"], row["n_sessions"], row["expected_at_once"]) == (1, 4, 5)
    assert np.isnan(row["design_effect"])
    assert pd.isna(row["note"])
    assert row["method"] == "logit_t"


def golden_sets():
    with GOLDEN.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("case", golden_sets(), ids=lambda c: f"{c['set']}-{c['level']}")
def test_the_interval_against_R(case):
    """Each person's attendances stand in a register and are counted back from there."""
    pairs = zip(case["present"].split(), case["expected"].split(), strict=True)
    rows = {f"p{i:02}": "x" * int(y) + "-" * (int(m) - int(y)) for i, (y, m) in enumerate(pairs)}
    row = attendance.rate(register(rows), level=float(case["level"])).iloc[0]
    for name in ("estimate", "lower", "upper"):
        assert row[name] == pytest.approx(float(case[name]), rel=1e-9), name


def test_everyone_always_present_is_wilson_on_persons():
    row = attendance.rate(register({f"p{i}": "xxxx" for i in range(9)})).iloc[0]
    wilson = ek.statistics.proportion(9, 9)
    assert (row["estimate"], row["lower"], row["upper"]) == (1.0, wilson.lower, 1.0)
    assert (row["method"], row["note"]) == ("wilson_persons", attendance_result.ALIKE)
    assert (row["n"], row["n_persons"], row["n_persons_absent"]) == (36, 9, 0)


def test_one_person_has_no_interval_and_nothing_known_no_rate():
    rates = attendance.rate(register({"a": "xx-", "b": "???"}), by="person_id")
    assert rates["method"].tolist() == ["none", "none"]
    assert rates["lower"].isna().all()
    assert rates["note"].tolist() == [attendance_result.ONE_PERSON, attendance_result.NOTHING_KNOWN]
    assert rates["estimate"].iloc[0] == 2 / 3
    assert rates["present"].isna().tolist() == [False, True]
    assert rates["n"].tolist() == [3, 0]
    assert (rates["estimate_all_absent"].iloc[1], rates["estimate_all_present"].iloc[1]) == (0, 1)


@pytest.mark.parametrize(
    "by", ["group_id", "number", "kind", "role", ["role", "kind"], "session_id", "person_id"]
)
def test_parts_add_up_to_the_whole(by):
    table = programme()
    parts, whole = attendance.rate(table, by=by), attendance.rate(table).iloc[0]
    for name in COUNTS:
        assert parts[name].sum() == whole[name], name
    assert whole["n"] + whole["n_unknown"] == len(table)
    assert (parts["estimate_all_absent"] <= parts["estimate"]).all()
    assert (parts["estimate"] <= parts["estimate_all_present"]).all()


def test_groups_are_the_same_as_one_by_one():
    table = programme()
    together = attendance.rate(table, by=["group_id", "role"])
    for row in together.to_dict("records"):
        mine = table[(table["group_id"] == row["group_id"]) & (table["role"] == row["role"])]
        alone = attendance.rate(mine).iloc[0]
        for name in attendance_result.TYPES:
            assert row[name] == alone[name] or pd.isna([row[name], alone[name]]).all(), name


def test_against_plain_pandas():
    table = programme()
    known = table[table["status"] != "unknown"].assign(came=lambda t: t["status"] == "present")
    expected = known.groupby("kind")["came"].mean()
    rates = attendance.rate(table, by="kind").set_index("kind")
    assert rates["estimate"].to_dict() == pytest.approx(expected.to_dict(), abs=1e-15)
    absent = known[~known["came"]].groupby("kind")["person_id"].nunique()
    assert rates["n_persons_absent"].to_dict() == absent.to_dict()


def test_a_person_in_two_groups_is_one_person():
    table = register({"a": "xx-", "b": "xxx"})
    second = register({"a": "x--"}, group_id="h").assign(session_id=lambda t: "h" + t["session_id"])
    both = pd.concat([table, second])
    assert attendance.rate(both)["n_persons"].tolist() == [2]
    assert attendance.rate(both, by="group_id")["n_persons"].tolist() == [2, 1]
    assert attendance.by_person(both)["group_id"].tolist() == ["g", "g", "h"]


def test_by_session():
    sessions = attendance.by_session(register(SMALL).drop(columns="kind"))
    keys = ["group_id", "number", "session_id", "role"]
    assert sessions.columns.tolist() == [*keys, *attendance_result.TYPES]
    assert sessions["present"].tolist() == [3, 1, 3, 4]
    assert sessions["n"].tolist() == [4, 4, 4, 5]
    assert sessions["n_unknown"].tolist() == [0, 0, 1, 0]
    assert sessions["n_sessions"].tolist() == [1] * 4
    assert sessions["expected_at_once"].tolist() == sessions["n"].tolist()


def test_by_person():
    table = attendance.by_person(register(SMALL)).set_index("person_id")
    assert table["present"].tolist() == [4, 3, 2, 2, 0]
    assert table["n"].tolist() == [4, 4, 3, 2, 4]
    assert table["estimate"].tolist() == [1, 3 / 4, 2 / 3, 1, 0]
    assert table["n_unknown"].tolist() == table["n_missing"].tolist() == [0, 0, 1, 0, 0]
    assert table["n_excused"].tolist() == [0, 0, 1, 0, 0]
    assert table["first_present"].tolist() == [1, 1, 1, 3, pd.NA]
    assert table["last_present"].tolist() == [4, 4, 4, 4, pd.NA]
    assert table[["lower", "upper"]].isna().all(axis=None)
    assert set(table["method"]) == {"none"}
    assert set(table["note"]) == {attendance_result.ALL_SESSIONS}


def test_by_person_needs_neither_groups_nor_numbers():
    table = attendance.by_person(register(SMALL)[["person_id", "session_id", "status"]])
    assert table["person_id"].tolist() == list("abcde")
    assert table["first_present"].isna().all()


def test_rate_and_by_person_say_the_same():
    table = programme()
    persons = attendance.by_person(table).sort_values("person_id", ignore_index=True)
    rates = attendance.rate(table, by="person_id")
    same = ["person_id", "estimate", *COUNTS]
    pd.testing.assert_frame_equal(persons[same], rates[same])


def test_headcounts_and_persons_lie_in_one_table(smil):
    for counted, named in [
        (attendance.rate(smil.headcounts, by="role"), attendance.rate(programme(), by="role")),
        (attendance.rate(smil.headcounts), attendance.rate(programme())),
    ]:
        assert counted.dtypes.to_dict() == named.dtypes.to_dict()
    heads = smil.headcounts.drop(columns=["held_on", "theme"])
    counted, named = attendance.by_session(heads), attendance.by_session(programme())
    numbers = list(attendance_result.TYPES)
    assert counted[numbers].dtypes.to_dict() == named[numbers].dtypes.to_dict()
    assert len(pd.concat([counted, named])) == len(counted) + len(named)


def test_counting_heads_of_a_register_gives_the_same_rate():
    table = programme()
    known = table[table["status"] != "unknown"]
    counts = known.assign(came=(known["status"] == "present").astype(int)).groupby(
        ["group_id", "session_id", "role"], observed=True
    )["came"]
    heads = counts.agg(present="sum", expected="size").reset_index()
    same = ["role", "estimate", "n", "present", "n_groups", "n_sessions", "expected_at_once"]
    pd.testing.assert_frame_equal(
        attendance.rate(heads, by="role")[same], attendance.rate(table, by="role")[same]
    )


ENGINES = {
    "polars": pl.from_pandas,
    "polars lazy": lambda frame: pl.from_pandas(frame).lazy(),
    "duckdb": lambda frame: duckdb.from_df(frame),
    "enum": lambda frame: pl.from_pandas(frame).with_columns(
        pl.col("status").cast(pl.Enum(list(MARKS.values())))
    ),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("by", [None, "group_id", ["role", "number"]])
def test_engines_agree(engine, by):
    table = programme()
    other = ENGINES[engine](table)
    pd.testing.assert_frame_equal(
        attendance.rate(other, by=by), attendance.rate(table, by=by), check_dtype=False
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_engines_agree_by_session_and_person(engine):
    table = programme()
    other = ENGINES[engine](table)
    for measure in (attendance.by_session, attendance.by_person):
        pd.testing.assert_frame_equal(measure(other), measure(table), check_dtype=False)


def test_neither_order_of_rows_nor_a_text_status_matters():
    table = programme()
    mixed = table.sample(frac=1, random_state=3).astype({"status": "str"})
    for measure in (attendance.rate, attendance.by_session, attendance.by_person):
        pd.testing.assert_frame_equal(measure(mixed), measure(table))


def test_no_rows():
    empty = register({})
    row = attendance.rate(empty).iloc[0]
    assert np.isnan(row["estimate"])
    assert (row["n"], row["n_persons"], row["note"]) == (0, 0, attendance_result.NOTHING_KNOWN)
    for table in (attendance.rate(empty, by="role"), attendance.by_session(empty)):
        assert table.empty
    assert attendance.by_person(empty).empty


@pytest.mark.parametrize("engine", ["pandas", *list(ENGINES)[:3]])
@pytest.mark.parametrize("measure", ["rate", "by_session", "by_person"])
def test_what_makes_no_sense_is_refused(engine, measure):
    make = ENGINES.get(engine, lambda frame: frame)
    plain = register(SMALL).astype({"status": "str"})

    def refuse(message, frame):
        with pytest.raises(ArgumentError, match=message):
            getattr(attendance, measure)(make(frame))

    refuse(
        "'presnt' is no status \\(11 rows have it\\). Did you mean 'present'",
        plain.assign(status=plain["status"].replace("present", "presnt")),
    )
    refuse(
        "1 row has no status. Where the register says nothing, the status is 'unknown'",
        plain.assign(status=plain["status"].mask(plain.index == 2)),
    )
    twice = pd.concat([plain, plain.iloc[[5]], plain.iloc[[5]], plain.iloc[[9]]])
    refuse("'b' has 3 at session 's02'. So have 1 more. Leave out all but one", twice)
    refuse("'b' has 3 at session 's02'. Leave out all but one", twice.iloc[:-1])
    refuse(
        "2 rows have no person_id", plain.assign(person_id=plain["person_id"].mask(plain.index < 2))
    )
    refuse(
        "1 row has no session_id",
        plain.assign(session_id=plain["session_id"].mask(plain.index < 1)),
    )
    refuse("lacks the column status", plain.drop(columns="status"))
    refuse("lacks the column person_id", plain.drop(columns="person_id"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"design_effect": 1.8}, "design_effect is for headcounts"),
        ({"by": "status"}, "by names 'status', which is what is counted"),
        ({"by": "excused"}, "is a column of the result"),
        ({"by": "sex"}, "lacks the column sex"),
        ({"level": 95}, "level must lie between 0 and 1"),
    ],
)
def test_options_that_make_no_sense(options, message):
    with pytest.raises(ArgumentError, match=message):
        attendance.rate(register(SMALL, excused="x"), **options)


def shown(rows, **policy):
    rates = attendance.rate(register(rows))
    return protect(rates, attendance.RATE_CELLS, Policy(**policy))


NINE = {f"p{i}": "x" * (12 - i % 4) + "-" * (i % 4) for i in range(9)}


def test_a_rate_of_nine_children_may_be_shown():
    row = shown(NINE).iloc[0]
    assert not row["hidden"]
    assert (row["present"], row["n"], row["n_persons"]) == (96, 108, 9)


def test_a_rate_of_four_children_is_hidden_however_many_sessions():
    row = shown(dict(list(NINE.items())[:4])).iloc[0]
    assert row["hidden"]
    assert pd.isna(row[["estimate", "n", "present", "n_persons", "expected_at_once"]]).all()


def test_eight_absences_of_one_child_are_one_child():
    rows = {f"p{i}": "x" * 12 for i in range(8)} | {"p8": "xxxx" + "-" * 8}
    open_to_all = shown(rows).iloc[0]
    assert (open_to_all["present"], open_to_all["n"]) == (100, 108)
    assert pd.isna(open_to_all["n_persons_absent"])
    row = shown(rows, open=()).iloc[0]
    assert row["hidden"]
    assert pd.isna(row[["estimate", "present", "estimate_all_absent", "n_persons_absent"]]).all()


def test_everyone_always_there_may_be_shown():
    assert not shown({f"p{i}": "x" * 12 for i in range(9)})["hidden"].any()


def test_few_absences_at_a_session_do_not_hide_how_many_were_expected():
    sessions = attendance.by_session(register(NINE))
    out = protect(sessions, attendance.by_session_cells(sessions), Policy(open=()))
    assert out["n"].tolist() == [9] * 12
    assert out["hidden"].tolist() == [False] * 9 + [True] * 3
    assert out.loc[out["hidden"], "n_persons_absent"].isna().all()


@pytest.mark.parametrize("min_cell", [2, 3, 5])
def test_single_persons_are_never_published(min_cell):
    persons = attendance.by_person(register(SMALL))
    cells = attendance.by_person_cells(persons)
    assert set(cells.columns) == set(persons.columns)
    out = protect(persons, cells, Policy(min_cell=min_cell))
    assert out["hidden"].all()
    assert out.drop(columns="hidden").isna().all(axis=None)
    assert protect(persons, cells, Policy(internal=True))["person_id"].tolist() == list("abcde")


def test_cells_account_for_every_column():
    table = programme()
    rates = attendance.rate(table, by=["group_id", "role"])
    assert set(rates.columns) == set(attendance.RATE_CELLS.by("group_id", "role").columns)
    sessions = attendance.by_session(table)
    assert set(sessions.columns) == set(attendance.by_session_cells(sessions).columns)
