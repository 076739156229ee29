"""Single persons in public: numbers for ids, an order that tells nothing, ages in bands."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text
from pandas.testing import assert_frame_equal

import evalkit as ek
from evalkit.errors import ArgumentError
from evalkit.figures import saving
from evalkit.locale import CLOSED
from evalkit.privacy.unnaming import of_groups_large_enough, unnamed
from evalkit.report.of_attendance import ATTENDANCE
from evalkit.report.of_forms import exhibits_of_forms

CORS, ORS = ek.load_instrument("CORS"), ek.load_instrument("ORS")
IDS = ["person_id", "about_id", "respondent_id", "family_id", "form_id"]
BY_GROUP = {
    "attendance-map": "group_id",
    "attendance-by-person": "group_id",
    "trajectories-cors": "group_id",
}


def ages_of(instrument):
    return [cutoff.ages for cutoff in instrument.cutoffs]


@pytest.fixture(scope="module")
def study():
    return ek.read_study("data/sample/programme")


@pytest.fixture(scope="module")
def results(study):
    scores = ek.outcomes.scores(study.forms["CORS"], CORS)
    return {
        "attendance-map": study.attendance,
        "attendance-by-person": ek.attendance.by_person(study.attendance),
        "trajectories-cors": scores,
        "first-last-cors": ek.outcomes.change(ek.outcomes.pairs(scores), CORS, profile="pcoms_5"),
    }


EXHIBITS = ["attendance-map", "attendance-by-person", "trajectories-cors", "first-last-cors"]


def fit_to_show(result, exhibit):
    """Return a result as the report would show it."""
    keep = BY_GROUP.get(exhibit, ())
    large, _ = of_groups_large_enough(result, keep=keep)
    ages = ages_of(CORS) if exhibit.endswith("cors") else None
    return unnamed(large, exhibit=exhibit, keep=keep, cutoff_ages=ages)


def renamed(result, seed):
    """Return rows in another order, and other ids that sort in another way, the same for all."""
    there = [name for name in IDS if name in result]
    ids = pd.concat([result[name] for name in there]).dropna().unique()
    new = np.random.default_rng(seed).permutation(len(ids))
    names = dict(zip(ids, (f"x{number}" for number in new), strict=True))
    moved = result.assign(**{name: result[name].map(names) for name in there})
    return moved.sample(frac=1, random_state=seed)


def scores_of(totals, **columns):
    """Return one form of each of several persons, or more with ``about_id`` given."""
    frame = pd.DataFrame({"total": totals, "total_answered": 4, "occasion": 1})
    frame = frame.assign(about_id=[f"K{n:02}" for n in range(len(totals))], informant="self")
    return frame.assign(respondent_id=frame["about_id"]).assign(**columns)


def numbers_of(result, shown, by):
    """Return the number that stands for each id, found by what is shown of a person once only."""
    both = shown.merge(result, on=by, suffixes=("", " was"))
    return dict(zip(both["about_id was"], both["about_id"], strict=True))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("exhibit", EXHIBITS)
def test_neither_ids_nor_the_order_of_rows_have_a_part_in_it(results, exhibit, seed):
    expected = fit_to_show(results[exhibit], exhibit)
    assert_frame_equal(fit_to_show(renamed(results[exhibit], seed), exhibit), expected)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=5, max_size=20), st.randoms(use_true_random=False))
def test_those_of_whom_the_same_is_shown_could_change_places(totals, random):
    result = scores_of([float(total) for total in totals], age_years=9.0)
    expected = unnamed(result, exhibit="e")
    assert_frame_equal(unnamed(renamed(result, random.randrange(999)), exhibit="e"), expected)


def test_rows_that_nothing_else_puts_in_order_are_put_in_order_by_what_they_show():
    result = scores_of(np.arange(18.0), about_id=[f"K{n % 6}" for n in range(18)])
    expected = unnamed(result, exhibit="e")
    assert_frame_equal(unnamed(result[::-1], exhibit="e"), expected)


def test_the_order_of_columns_and_the_types_of_numbers_have_no_part_in_it():
    result = scores_of([20.0, 21.0, 22.0, 23.0, 24.0])
    other = result[result.columns[::-1]].astype({"total": "Int64", "occasion": "float64"})
    expected = numbers_of(result, unnamed(result, exhibit="e"), "total")
    assert numbers_of(other, unnamed(other, exhibit="e"), "total") == expected


def test_the_order_is_not_that_of_what_is_shown():
    result = scores_of(np.arange(200) / 10)
    shown = unnamed(result, exhibit="e")
    assert abs(np.corrcoef(shown["total"], np.arange(200))[0, 1]) < 0.2
    assert sorted(shown["total"]) == sorted(result["total"])


def test_the_number_in_one_exhibit_does_not_tell_that_in_another(results):
    result = results["first-last-cors"].query("informant == 'self'")
    by = ["first", "last", "n_forms", "n_valid", "first_occasion"]
    once = result[~result.duplicated(by, keep=False)]
    one, other = (numbers_of(once, unnamed(result, exhibit=name), by) for name in ("a", "b"))
    assert len(one) > 30
    same = sum(one[person] == other[person] for person in one)
    assert same < len(one) / 4


def test_a_person_has_one_number_in_all_rows_and_columns_of_ids(results):
    result = results["trajectories-cors"]
    shown = fit_to_show(result, "trajectories-cors")
    large, _ = of_groups_large_enough(result, keep="group_id")
    numbers = sorted(shown["about_id"].unique())
    assert numbers == [f"{n:02}" for n in range(1, large["about_id"].nunique() + 1)]
    sizes = [sorted(frame.groupby("about_id").size()) for frame in (shown, large)]
    assert sizes[0] == sizes[1]
    own = shown["informant"] == "self"
    assert (shown["about_id"] == shown["respondent_id"])[own].all()
    assert shown.loc[~own, "respondent_id"].isna().all()
    assert set(shown["informant"]) == {"self", "caretaker"}


def test_numbers_of_many_persons_sort_as_numbers_do():
    shown = unnamed(scores_of(np.arange(120) / 10), exhibit="e")
    assert list(shown["about_id"]) == [f"{n:03}" for n in range(1, 121)]


def families():
    """Return forms of six children: a mother of two of them, two parents of two others."""
    children = scores_of([20.0, 21.0, 22.0, 23.0, 24.0, 25.0])
    about = ["K00", "K01", "K02", "K02", "K03", "K03", "K04", "K05"]
    parents = ["M", "M", "P1", "P2", "P3", "P4", "P5", "P6"]
    answers = scores_of(
        [10.0, 11, 12, 13, 14, 15, 16, 17],
        about_id=about,
        informant="parent",
        respondent_id=parents,
    )
    return pd.concat([children, answers], ignore_index=True)


def test_who_answered_for_a_child_is_not_named_and_ties_no_siblings_together():
    shown = unnamed(families(), exhibit="e").query("informant == 'parent'").set_index("total")
    assert shown.loc[[10.0, 11.0, 16.0, 17.0], "respondent_id"].isna().all()
    assert sorted(shown.loc[[12.0, 13.0], "respondent_id"]) == ["1", "2"]
    assert sorted(shown.loc[[14.0, 15.0], "respondent_id"]) == ["1", "2"]
    # An only parent of a single child leaves no other trace than a parent of two.
    alone = families().replace({"respondent_id": {"M": None}})
    alone["respondent_id"] = alone["respondent_id"].fillna(pd.Series(["Q", "R"], index=[6, 7]))
    assert_frame_equal(unnamed(alone, exhibit="e"), unnamed(families(), exhibit="e"))


def test_two_parents_of_a_child_keep_a_panel_each_with_a_title_of_its_own():
    result = families().assign(age_years=9.0)
    shown = unnamed(result, exhibit="e", cutoff_ages=ages_of(CORS))
    ax = ek.figures.trajectories(shown, CORS, profile="pcoms_5", language="en")
    titles = [each.get_title(loc="left").replace("\n", " ") for each in ax.figure.axes]
    assert len(titles) == len(set(titles)) == 14
    child = shown.loc[shown["total"] == 12.0, "about_id"].item()
    assert {f"{child}, Own answers", f"{child}, Parent, 1", f"{child}, Parent, 2"} <= set(titles)
    assert not any(re.search(r"[KMP]\d|nan|NA", title) for title in titles)


def test_a_parent_known_and_one_not_known_are_not_taken_for_one():
    result = families().replace({"respondent_id": {"P2": None}})
    shown = unnamed(result, exhibit="e").set_index("total")["respondent_id"]
    assert shown[12.0] == "1"
    assert pd.isna(shown[13.0])


@pytest.mark.parametrize("exhibit", EXHIBITS)
def test_nothing_stays_but_what_is_known_to_be_harmless(results, exhibit):
    """Whatever else is put in changes nothing, and stands nowhere."""
    result = results[exhibit]
    days = ["answered_on", "first_on", "held_on", "ended_on"]
    words = [
        "gender",
        "referral_source",
        "ended_how",
        "note",
        "site",
        "family_id",
        "form_id",
        "theme",
    ]
    secrets = dict.fromkeys(days, pd.Timestamp("2024-02-29")) | dict.fromkeys(words, "Secret")
    secrets |= {"first_range": "Secret", "height": 131.5, "Fødselsdag": "29.02.2016"}
    shown = fit_to_show(result.assign(**secrets), exhibit)
    assert shown[list(secrets)].isna().all(axis=None)
    assert not re.search("Secret|2024-|131.5|29.02", shown.to_csv())
    plain = fit_to_show(result.assign(**dict.fromkeys(secrets)), exhibit)
    assert_frame_equal(shown, plain)
    assert list(shown.columns) == list(result.assign(**secrets).columns)


def test_categories_that_nobody_has_do_not_stay_behind(study):
    shown = fit_to_show(study.attendance, "attendance-map")
    words = [w for name in shown for w in getattr(shown[name].dtype, "categories", [])]
    assert set(words) == {*CLOSED["role"], *CLOSED["status"]}
    assert shown["ended_how"].dtype == shown["gender"].dtype == "str"


@pytest.mark.parametrize("name", ["role", "status", "informant", "category"])
def test_a_word_that_is_in_no_vocabulary_is_refused(name):
    result = scores_of([20.0] * 6, **{name: "Kari's mother"})
    with pytest.raises(ArgumentError, match=f"'Kari's mother' is no {name}"):
        unnamed(result, exhibit="e")


def test_words_where_numbers_should_be_go():
    result = scores_of([20.0] * 6).assign(occasion="the day Ada came")
    assert unnamed(result, exhibit="e")["occasion"].isna().all()


def test_groups_go_unless_they_are_kept(results):
    scores = results["trajectories-cors"]
    assert unnamed(scores, exhibit="e")["group_id"].isna().all()
    large, _ = of_groups_large_enough(scores, keep=["group_id"])
    shown = unnamed(large, exhibit="e", keep=["group_id"])
    assert set(shown["group_id"]) == set(large["group_id"])


def test_groups_with_too_few_persons_are_left_out_and_counted():
    result = pd.concat(
        [
            scores_of(np.arange(6.0), group_id="six"),
            scores_of(np.arange(4.0), group_id="four", about_id=list("abcd")),
            scores_of(np.arange(3.0), group_id="six", informant="mother"),
        ]
    )
    large, left_out = of_groups_large_enough(result, keep="group_id")
    assert left_out == 7
    assert len(large) == 6
    assert set(large["group_id"] + " " + large["informant"]) == {"six self"}
    assert len(of_groups_large_enough(result)[0]) == 10
    assert len(of_groups_large_enough(result, keep="group_id", min_cell=3)[0]) == 13


def test_many_rows_of_few_persons_are_few():
    result = scores_of(np.arange(12.0), about_id=list("abcd") * 3)
    assert of_groups_large_enough(result)[0].empty
    with pytest.raises(ArgumentError, match="fewer than 5 persons"):
        unnamed(result, exhibit="e")


def test_a_group_that_is_too_small_is_refused(results):
    with pytest.raises(ArgumentError, match="of_groups_large_enough"):
        unnamed(results["trajectories-cors"], exhibit="e", keep="group_id")


@pytest.mark.parametrize("exhibit", EXHIBITS)
def test_of_nobody_nothing_is_shown(results, exhibit):
    shown = fit_to_show(results[exhibit].head(0), exhibit)
    assert shown.empty
    assert list(shown.columns) == list(results[exhibit].columns)


def test_a_person_in_two_groups_has_one_number(study):
    attendance = study.attendance[
        study.attendance["group_id"].isin(["skydal-v24", "eventyrvik-v24"])
    ]
    one, other = attendance.groupby("group_id")["person_id"].first()
    shown = fit_to_show(attendance.replace({"person_id": {one: other}}), "attendance-map")
    assert (shown.groupby("person_id")["group_id"].nunique() == 2).sum() == 1


# Ages


def bands_of(shown):
    texts = shown["age_years"].dropna().unique()
    return sorted(tuple(map(int, text.split("–"))) for text in texts)


AGES = st.lists(st.one_of(st.none(), st.floats(0, 60)), min_size=8, max_size=40)


@settings(max_examples=40, deadline=None)
@given(AGES, st.integers(2, 8), st.lists(st.booleans(), min_size=40, max_size=40))
def test_each_band_has_enough_persons_or_is_the_only_one(ages, least, second):
    groups = np.where(second[: len(ages)], "a", "b")
    result = scores_of(np.arange(len(ages)), age_years=pd.array(ages, "Float64"), group_id=groups)
    result, _ = of_groups_large_enough(result, keep="group_id", min_cell=least)
    if result.empty:
        return
    shown = unnamed(result, exhibit="e", keep="group_id", min_cell=least)
    both = shown.merge(result, on="total", suffixes=("", " was"))
    assert both["age_years"].isna().tolist() == both["age_years was"].isna().tolist()
    for _, group in both.dropna(subset="age_years").groupby("group_id"):
        bands = bands_of(group)
        assert all(high > low for low, high in bands)
        assert all(before[1] < after[0] for before, after in pairwise(bands))
        assert len(bands) == 1 or group["age_years"].value_counts().min() >= least
        low, high = (group["age_years"].str.split("–").str[n].astype(int) for n in (0, 1))
        assert ((group["age_years was"] // 1 >= low) & (group["age_years was"] // 1 <= high)).all()


@pytest.mark.parametrize(
    ("ages", "bands"),
    [
        ([8] * 5 + [11] * 5, [(8, 10), (11, 13)]),
        ([8] * 4 + [11] * 6, [(8, 13)]),
        ([8] * 5 + [11] * 5 + [14] * 2, [(8, 10), (11, 16)]),
        ([8] * 5 + [11] * 2 + [14] * 5, [(8, 10), (11, 16)]),
        ([7] * 2 + [12] * 5 + [40] * 5, [(5, 13), (38, 40)]),
        ([10.9] * 6, [(8, 10)]),
        ([0, 1, 1.5, 2, 3], [(0, 4)]),
    ],
)
def test_a_band_takes_in_the_next_one_above(ages, bands):
    assert bands_of(unnamed(scores_of(np.arange(len(ages)), age_years=ages), exhibit="e")) == bands


@pytest.mark.parametrize("exhibit", EXHIBITS)
def test_an_age_changes_nothing_within_its_band(results, exhibit):
    """So no exact age can be in anything that is made of it, or in the order."""
    result = results[exhibit]
    if "age_years" not in result:
        return
    low = (result["age_years"] - 2) // 3 * 3 + 2
    person = result["about_id" if "about_id" in result else "person_id"]
    moved = result.assign(age_years=low + pd.Series(pd.factorize(person)[0] % 3, result.index))
    assert (moved["age_years"] != result["age_years"]).any()
    assert_frame_equal(fit_to_show(moved, exhibit), fit_to_show(result, exhibit))


def test_nobody_is_in_two_bands_whose_birthday_came_between():
    ages = [10.0] * 6 + [11.0] * 6
    early = scores_of(np.arange(12.0), age_years=ages)
    late = early.assign(occasion=9, age_years=early["age_years"] + 1)
    shown = unnamed(pd.concat([early, late]), exhibit="e")
    assert bands_of(shown) == [(8, 10), (11, 13)]
    assert len(shown[["about_id", "age_years"]].drop_duplicates()) == 12
    # One whose parent first answered after the birthday would be in two: the bands become one.
    parents = early.assign(informant="mother", respondent_id="m", total=early["total"] + 20)
    parents.loc[5, "age_years"] = 11.0
    assert bands_of(unnamed(pd.concat([early, parents]), exhibit="e")) == [(8, 13)]


def test_bands_are_parted_where_cutoffs_change_and_the_youngest_year_stands_for_them():
    ages = [11.0] * 5 + [14.0] * 5 + [17.0] * 5 + [19.0] * 5
    result = scores_of(np.arange(20.0), age_years=ages)
    shown = unnamed(result, exhibit="e", cutoff_ages=ages_of(ORS))
    assert sorted(shown["age_years"].unique()) == [11.0, 13.0, 18.0]
    before, after = (
        ek.outcomes.change(ek.outcomes.pairs(each), ORS, profile="pcoms_5").set_index("first")
        for each in (shown.assign(answered_on=pd.NaT), result.assign(answered_on=pd.NaT))
    )
    single = lambda table: table["cutoff"].sort_index()  # noqa: E731
    pd.testing.assert_series_equal(single(before), single(after))


def test_a_band_takes_in_one_on_its_side_of_an_edge_if_it_can():
    result = scores_of(np.arange(12.0), age_years=[8.0] * 5 + [11.0] * 2 + [13.0] * 5)
    shown = unnamed(result, exhibit="e", cutoff_ages=ages_of(ORS))
    assert shown["age_years"].value_counts().to_dict() == {8.0: 7, 13.0: 5}


def test_a_band_holds_enough_persons_of_each_informant():
    children = scores_of(np.arange(10.0), age_years=[8.0] * 5 + [11.0] * 5)
    mothers = children.assign(informant="mother", respondent_id="m", total=children["total"] + 20)
    all_of_them = pd.concat([children, mothers])
    assert bands_of(unnamed(all_of_them, exhibit="e")) == [(8, 10), (11, 13)]
    six = pd.concat([children, mothers.iloc[2:8]])
    assert bands_of(unnamed(six, exhibit="e")) == [(8, 13)]


def test_where_too_few_are_beyond_an_edge_no_cutoff_tells_who():
    result = scores_of(np.arange(13.0), age_years=[14.0] * 6 + [12.0] * 5 + [18.0] * 2)
    shown = unnamed(result, exhibit="e", cutoff_ages=ages_of(ORS))
    own = shown.set_index("total")["age_years"]
    assert own[own.index < 6].isna().all()
    assert own[own.index >= 11].isna().all()
    assert (own[(own.index >= 6) & (own.index < 11)] == 11.0).all()


def test_the_age_is_that_at_the_first_form_with_a_score():
    """As in `outcomes.change`: whose first form has none may have another cut-off by then."""
    early = scores_of([None, *np.arange(1.0, 12)], age_years=[17.0] * 7 + [18.0] * 5)
    late = scores_of(np.arange(20.0, 32), age_years=[18.0] * 12, occasion=2)
    result = pd.concat([early, late], ignore_index=True).astype({"total": "float64"})
    cutoffs = []
    for scores in (result, unnamed(result, exhibit="e", cutoff_ages=ages_of(ORS))):
        change = ek.outcomes.change(ek.outcomes.pairs(scores), ORS, profile="pcoms_5")
        cutoffs.append(change["cutoff"].value_counts().to_dict())
    assert cutoffs[0] == cutoffs[1] == {28.0: 6, 25.0: 6}


def ors_change(adults):
    ages = [14.0] * 8 + [18.0] * adults
    early = scores_of(np.arange(10.0, 18 + adults), age_years=ages)
    late = early.assign(occasion=2, total=early["total"] + 17)
    return ek.outcomes.change(ek.outcomes.pairs(pd.concat([early, late])), ORS, profile="pcoms_5")


def test_a_cutoff_that_few_have_is_not_shown_in_a_table_either():
    five = unnamed(ors_change(5), exhibit="e", cutoff_ages=ages_of(ORS))
    assert five["cutoff"].value_counts().to_dict() == {28.0: 8, 25.0: 5}
    assert five["recovered"].notna().all()
    four = unnamed(ors_change(4), exhibit="e", cutoff_ages=ages_of(ORS))
    assert four[["cutoff", "recovered", "age_years"]].isna().all(axis=None)
    assert set(four["category"]) == {"improved"}
    unstated = unnamed(ors_change(5), exhibit="e")
    assert unstated[["cutoff", "recovered"]].isna().all(axis=None)
    assert bands_of(unstated) == [(14, 16), (17, 19)]


def test_a_cutoff_that_all_have_stays(results):
    change = results["first-last-cors"]
    shown = unnamed(change, exhibit="e")
    for name in ("cutoff", "category", "recovered"):
        before, after = (each[name].astype("str").value_counts() for each in (change, shown))
        assert before.to_dict() == after.to_dict()


# What is refused


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        (lambda r: r.assign(about_id=None), {}, "6 rows have no about_id"),
        (lambda r: r.drop(columns="about_id"), {}, "lacks the column about_id"),
        (lambda r: r.assign(age_years="8–10"), {}, "age_years must hold numbers"),
        (lambda r: r, {"keep": "group_id"}, "lacks the column group_id"),
        (lambda r: r, {"keep": ["respondent_id"]}, "must not be kept"),
        (lambda r: r.assign(session_id="s", group_id="g"), {}, "keep='group_id'"),
        (lambda r: r, {"min_cell": 1}, "min_cell must be at least 2"),
        (lambda r: r.to_dict(), {}, "must be a pandas DataFrame"),
    ],
)
def test_what_cannot_be_made_fit_is_refused(change, options, message):
    with pytest.raises(ArgumentError, match=message):
        unnamed(change(scores_of(np.arange(6.0))), exhibit="e", **options)


# The figures and tables of a report


def texts_of(ax):
    figure = saving.figure_of(ax)
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


@pytest.fixture(scope="module")
def drawn(study, results):
    """Return all texts of the figures of unnamed results, and what is told of them."""
    texts = {}
    options = {"profile": "pcoms_5"}
    for language in ("nb", "en"):
        look = {"labels": study.labels(language), "language": language}
        for exhibit in EXHIBITS:
            shown = fit_to_show(results[exhibit], exhibit)
            parts = [part for _, part in shown.groupby("group_id", dropna=False)]
            for part in parts:
                name = f"{exhibit} {part['group_id'].iloc[0]} {language}"
                if exhibit == "attendance-map":
                    ax = ek.figures.attendance_map(part, **look)
                    told = ek.figures.describe_attendance_map(part, **look)
                elif exhibit == "trajectories-cors":
                    ax = ek.figures.trajectories(part, CORS, **options, **look)
                    told = ek.figures.describe_trajectories(part, CORS, **options, **look)
                elif exhibit == "first-last-cors":
                    ax = ek.figures.first_against_last(part, CORS, **look)
                    told = ek.figures.describe_first_against_last(part, CORS, **look)
                else:
                    continue
                texts[name] = [*texts_of(ax), told]
    return texts


def test_every_figure_is_drawn_of_every_group(drawn, study):
    groups = len(study.settings.groups)
    kinds = pd.Series([name.split()[0] for name in drawn]).value_counts()
    assert kinds.to_dict() == {
        "attendance-map": 2 * groups,
        "trajectories-cors": 2 * groups,
        "first-last-cors": 2,
    }


def test_no_figure_names_a_person_or_a_date(drawn, study):
    people = study.participants
    ids = {*people["person_id"], *people["family_id"].dropna(), *study.forms["CORS"]["form_id"]}
    for name, texts in drawn.items():
        text = "\n".join(texts)
        assert {each for each in re.findall(r"[\w-]+", text) if each in ids} == set(), name
        assert not re.search(
            r"\d{4}-\d\d|\d\d?\. ?\w+ \d{4}|\d\d\.\d\d\.\d|\bnan\b|<NA>|NaT", text
        ), name


def test_panels_are_named_by_numbers(results):
    shown = fit_to_show(results["trajectories-cors"], "trajectories-cors")
    both = shown[shown["group_id"] == "skydal-v24"]
    ax = ek.figures.trajectories(both, CORS, profile="pcoms_5", language="nb")
    titles = [each.get_title(loc="left").replace("\n", " ") for each in ax.figure.axes]
    assert all(re.fullmatch(r"\d\d, (Egne svar|Foresatt)", title) for title in titles)
    assert len(titles) == 14
    assert titles == sorted(titles)


def test_what_became_of_each_is_what_the_internal_report_says(results):
    scores, _ = of_groups_large_enough(results["trajectories-cors"], keep="group_id")
    shown = fit_to_show(scores, "trajectories-cors")
    columns = ["informant", "first", "last", "cutoff", "category", "recovered", "n_valid"]
    tables = [
        ek.outcomes.change(ek.outcomes.pairs(each), CORS, profile="pcoms_5")[columns]
        for each in (scores, shown)
    ]
    first, second = (
        t.astype({"informant": "str", "category": "str"}).sort_values(columns, ignore_index=True)
        for t in tables
    )
    assert_frame_equal(first, second)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_columns_of_the_tables_are_there_and_tell_nobody(study, results, language):
    listed = {each.id: each for each in (*ATTENDANCE, *exhibits_of_forms(study))}
    ids = set(study.participants["person_id"])
    for exhibit in ("attendance-by-person", "first-last-cors"):
        shown = fit_to_show(results[exhibit], exhibit)
        page = ek.tables.html(
            shown,
            columns=listed[exhibit].columns,
            rows_by=listed[exhibit].rows_by,
            labels=study.labels(language),
            language=language,
            table_id="t",
        )
        assert set(re.findall(r"[\w-]+", page)) & ids == set()
        assert ">01<" in page
