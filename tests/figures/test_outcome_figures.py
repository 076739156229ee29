"""Figures of outcomes: what is drawn is what the result says, readable with few and with many."""

from __future__ import annotations

import itertools

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

import evalkit as ek
from evalkit.errors import ArgumentError
from evalkit.figures import saving, style
from evalkit.instruments.model import Cutoff, Evidence, Instrument, Profile, Scale
from evalkit.metrics import outcomes

LANGUAGES = ["nb", "en"]
LONG = "Pedagogisk-psykologisk tjeneste i samarbeid med helsestasjonen og skolens rådgiver"
KNOWN = Evidence("invented for this test", "read")
TOTAL = Scale("total", {"nb": "Sum", "en": "Total"}, (), "sum", 4, 0, 40, 10, "higher")
CHILD = Cutoff("total", 32, "<", KNOWN, (6, 12), ("self",))
CARETAKER = Cutoff("total", 28, "<", KNOWN, (6, 12), ("caretaker",))
FORM = Instrument(
    "CORS",
    {"en": "CORS"},
    ("self", "caretaker"),
    (),
    (TOTAL,),
    profiles=(Profile("five", "total", 5.0, {"en": "5 points"}, KNOWN),),
    cutoffs=(CHILD, CARETAKER),
)
COURSE = ["occasion", "estimate", "lower", "upper", "n"]
SHARES = ["category", "estimate", "lower", "upper", "count", "n"]


def inline(ax, *words):
    """Return a figure as it stands in a page."""
    return saving.inline_svg(saving.rendered(saving.figure_of(ax), "svg"), *words)


class DrawnTexts(RendererAgg):
    """Notes which texts are really drawn: ticks beyond the limits are not."""

    drawn: dict[Text, None]

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        if s.strip() and mtext is not None:
            self.drawn[mtext] = None
        super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)


def assert_readable(ax):
    """Hold that no text is cut by the edge of the figure or lies on another."""
    figure = ax.get_figure(root=True)
    FigureCanvasAgg(figure)
    renderer = DrawnTexts(*(int(size) for size in figure.bbox.size), figure.dpi)
    renderer.drawn = {}
    figure.draw(renderer)
    seen = [(text.get_text(), text.get_window_extent(renderer)) for text in renderer.drawn]
    assert seen
    for text, box in seen:
        assert min(box.x0, box.y0) >= -1, f"{text!r} is cut at the left or the bottom"
        assert box.x1 <= figure.bbox.x1 + 1, f"{text!r} is cut at the right"
        assert box.y1 <= figure.bbox.y1 + 1, f"{text!r} is cut at the top"
    for (one, here), (other, there) in itertools.combinations(seen, 2):
        width = min(here.x1, there.x1) - max(here.x0, there.x0)
        height = min(here.y1, there.y1) - max(here.y0, there.y0)
        assert width <= 1 or height <= 1, f"{one!r} lies on {other!r}"


def legend_of(ax):
    return [text.get_text().replace("\n", " ") for text in ax.get_legend().get_texts()]


def means(occasions=12, n=9, **columns):
    """Return a course: means that rise from 24 by half a point, intervals of 4 points a side."""
    rows = [(o, 24 + o / 2, 20 + o / 2, 28 + o / 2, n) for o in range(1, occasions + 1)]
    result = pd.DataFrame(rows, columns=COURSE).astype({"n": "Int64", "occasion": "Int64"})
    for place, (name, value) in enumerate(columns.items()):
        result.insert(place, name, value)
    return result


def groups(count, occasions=12, n=9):
    each = [means(occasions, n, group_id=f"g{g}").assign(shift=g) for g in range(count)]
    result = pd.concat(each, ignore_index=True)
    for name in ("estimate", "lower", "upper"):
        result[name] += result["shift"]
    return result.drop(columns="shift")


def hide(result, rows, *columns):
    """Return a result as `protect` gives it, with these rows hidden."""
    hidden = np.isin(np.arange(len(result)), rows)
    blank = {name: result[name].mask(hidden) for name in columns}
    return result.assign(**blank, hidden=hidden)


def shares(*counts, n=24, **columns):
    """Return a change summary of counts of `n`, with intervals a tenth to each side."""
    rows = [
        (category, count / n, max(0, count / n - 0.1), min(1, count / n + 0.1), count, n)
        for category, count in zip(style.CATEGORY_COLOURS, counts, strict=True)
    ]
    result = pd.DataFrame(rows, columns=SHARES).astype({"count": "Int64", "n": "Int64"})
    for place, (name, value) in enumerate(columns.items()):
        result.insert(place, name, value)
    return result


def scores(persons, occasions=12, *, start=24.0, missed=0.15, informants=("self",)):
    rng = np.random.default_rng(4)
    rows = [
        (f"K{p:03}", f"{who}-{p}", who, "g", o, 9.0, total)
        for p in range(1, persons + 1)
        for who in informants
        for o, total in enumerate(
            np.clip(np.round(start + rng.normal(0, 6) + rng.normal(0, 3, occasions), 1), 0, 40), 1
        )
        if o == 1 or rng.random() > missed
    ]
    names = ["about_id", "respondent_id", "informant", "group_id", "occasion", "age_years", "total"]
    return pd.DataFrame(rows, columns=names).assign(total_answered=4).astype({"occasion": "Int64"})


def changes(firsts, lasts, cutoff=32.0):
    """Return a change by 5 points, written out by hand."""
    frame = pd.DataFrame({"first": firsts, "last": lasts}, dtype="Float64")
    change = frame["last"] - frame["first"]
    kind = np.select(
        [change.fillna(0) >= 5, change.fillna(0) <= -5], ["improved", "deteriorated"], "unchanged"
    )
    category = pd.Series(kind, dtype="str").mask(change.isna())
    crossed = (frame["first"] < cutoff) & (frame["last"] >= cutoff) & (category == "improved")
    recovered = crossed.astype("boolean").mask(change.isna())
    return frame.assign(threshold=5.0, cutoff=cutoff, category=category, recovered=recovered)


def drawn_course(ax, nth=0):
    """Return the line of means that was drawn nth, without the marks beside the numbers."""
    lines = [line for line in ax.lines if line.get_marker() in style.LINE_MARKERS]
    return [line for line in lines if line.get_transform() == ax.transData][nth]


# mean_course


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("occasions", "n"), [(1, 3), (2, 300), (12, 3), (14, 9), (14, 300), (40, 300)]
)
def test_a_course_short_and_long(occasions, n, language):
    ax = ek.figures.mean_course(means(occasions, n), instrument=FORM, cutoff=32, language=language)
    assert_readable(ax)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("count", "n"), [(2, 3), (6, 9), (6, 300)])
def test_a_course_of_groups_with_long_names(count, n, language):
    labels = {"group_id": {"g0": f"{LONG} – {LONG}", "g1": LONG}}
    result = groups(count, 14, n)
    ax = ek.figures.mean_course(result, instrument=FORM, labels=labels, language=language)
    assert_readable(ax)
    only = result[result["group_id"] == "g0"]
    assert_readable(ek.figures.mean_course(only, instrument=FORM, labels=labels, language=language))


def test_means_and_intervals_are_drawn_where_they_are():
    result = means(4)
    ax = ek.figures.mean_course(result, instrument=FORM)
    line = drawn_course(ax)
    assert line.get_xdata().tolist() == [1, 2, 3, 4]
    assert line.get_ydata().tolist() == [24.5, 25, 25.5, 26]
    bars = [segment.tolist() for segment in ax.collections[0].get_segments()]
    assert bars == [[[o, 20 + o / 2], [o, 28 + o / 2]] for o in (1, 2, 3, 4)]


def test_persons_stand_under_each_occasion():
    few = ek.figures.mean_course(means(3, n=7), instrument=FORM, language="en")
    assert [text.get_text() for text in few.texts] == ["n = 7"] * 3
    many = ek.figures.mean_course(groups(2, 3, n=7), instrument=FORM, language="en")
    assert [text.get_text() for text in many.texts] == [*["7"] * 3, "n", *["7"] * 3, "n"]


def test_the_axis_spans_the_whole_scale_unless_a_part_is_asked_for():
    low, high = ek.figures.mean_course(means(), instrument=FORM).get_ylim()
    assert (low, high) == pytest.approx((-1.2, 41.2))
    low, high = ek.figures.mean_course(means(), instrument=FORM, limits=(20, 40)).get_ylim()
    assert (low, high) == pytest.approx((19.4, 40.6))
    low, high = ek.figures.mean_course(means(12)).get_ylim()
    assert (low, high) == pytest.approx((-0.03 * 34, 1.03 * 34))
    low, high = ek.figures.mean_course(
        means(2).assign(estimate=np.nan, lower=np.nan, upper=np.nan)
    ).get_ylim()
    assert low < 0 < 1 < high


@pytest.mark.parametrize(
    ("informants", "cutoffs", "expected"),
    [
        (["self"], (CHILD, CARETAKER), 32),
        (["caretaker"], (CHILD, CARETAKER), 28),
        ([], (CHILD,), 32),
        ([], (CHILD, CARETAKER), None),
        (["self", "caretaker"], (CHILD, CARETAKER), None),
        (["self", "caretaker"], (CHILD,), None),
        (["self", "caretaker"], (Cutoff("total", 36, "<", KNOWN),), 36),
        (["teacher"], (CHILD,), None),
        ([], (), None),
    ],
)
def test_a_cutoff_is_drawn_where_one_holds_for_all(informants, cutoffs, expected):
    form = Instrument("CORS", {"en": "CORS"}, (), (), (TOTAL,), cutoffs=cutoffs)
    rows = [means(3, informant=who) for who in informants] or [means(3)]
    ax = ek.figures.mean_course(pd.concat(rows), instrument=form, language="en")
    flat = [line.get_ydata()[0] for line in ax.lines if line.get_linestyle() == "--"]
    assert flat == ([] if expected is None else [expected])
    legend = legend_of(ax) if ax.get_legend() else []
    assert [text for text in legend if "Cut-off" in text] == [f"Cut-off: {each}" for each in flat]


def test_hidden_means_are_gaps_and_set_no_scale():
    result = hide(means(5), [1, 4], "estimate", "lower", "upper", "n")
    ax = ek.figures.mean_course(result, instrument=FORM, language="en")
    drawn = drawn_course(ax).get_ydata()
    assert np.isnan(drawn).tolist() == [False, True, False, False, True]
    assert [text.get_text() for text in ax.texts] == ["n = 9", "n = :", "n = 9", "n = 9", "n = :"]
    assert legend_of(ax) == [": hidden"]
    other = result.assign(estimate=result["estimate"].where(result["estimate"].isna(), 3.0))
    assert ek.figures.mean_course(other, instrument=FORM).get_ylim() == ax.get_ylim()
    told = ek.figures.describe_mean_course(result, instrument=FORM, language="en")
    assert "2: hidden (n = hidden)" in told


def test_a_mean_hidden_beside_a_count_that_is_shown():
    result = hide(means(2), [1], "estimate", "lower", "upper").assign(hidden_n=False)
    ax = ek.figures.mean_course(result, instrument=FORM, language="en")
    assert [text.get_text() for text in ax.texts] == ["n = 9", "n = 9 (:)"]
    assert legend_of(ax) == [": hidden"]


def test_a_mean_that_is_not_known_is_a_gap_and_no_secret():
    result = means(3)
    result.loc[1, ["estimate", "lower", "upper"]] = np.nan
    result.loc[1, "n"] = 0
    ax = ek.figures.mean_course(result, instrument=FORM, language="en")
    assert np.isnan(drawn_course(ax).get_ydata()).tolist() == [False, True, False]
    assert [text.get_text() for text in ax.texts] == ["n = 9", "n = 0", "n = 9"]
    told = ek.figures.describe_mean_course(result, instrument=FORM, language="en")
    assert "2: not known (n = 0)" in told


def test_occasions_without_a_row_are_dotted_across():
    ends = means(12, informant="caretaker").iloc[[0, 11]]
    both = pd.concat([means(12, informant="self"), ends])
    ax = ek.figures.mean_course(both, instrument=FORM)
    dotted = [line for line in ax.lines if line.get_linestyle() == ":"]
    assert [line.get_ydata().tolist() for line in dotted] == [[24.5, 30.0]]
    assert np.isfinite(drawn_course(ax, 1).get_ydata()).sum() == 2
    alone = ek.figures.mean_course(ends, instrument=FORM)
    assert not [line for line in alone.lines if line.get_linestyle() == ":"]


def test_the_order_of_rows_does_not_matter_but_that_of_groups_is_kept():
    result = groups(3, 4)
    mixed = pd.concat([result.iloc[::-1].query(f"group_id == 'g{g}'") for g in range(3)])
    one, other = (
        inline(ek.figures.mean_course(r, instrument=FORM), "a", "t", "d") for r in (result, mixed)
    )
    assert one == other
    last_first = result.sort_values("group_id", ascending=False)
    assert legend_of(ek.figures.mean_course(last_first, instrument=FORM)) == ["g2", "g1", "g0"]


def test_lines_differ_in_colour_and_mark():
    ax = ek.figures.mean_course(groups(6, 3), instrument=FORM)
    drawn = [drawn_course(ax, nth) for nth in range(6)]
    assert len({line.get_color() for line in drawn}) == 6
    assert len({line.get_marker() for line in drawn}) == 6


def test_a_group_not_known_is_named_so():
    result = groups(2, 2)
    result["group_id"] = result["group_id"].mask(result["group_id"] == "g1")
    ax = ek.figures.mean_course(result, instrument=FORM, language="en")
    assert legend_of(ax) == ["g0", "Not known"]


@pytest.mark.parametrize(
    ("result", "options", "message"),
    [
        (means(0), {}, "no occasion to draw"),
        (means(2).drop(columns="n"), {}, "lacks the column n"),
        (
            means(2).assign(occasion=pd.array([None, None], dtype="Int64")),
            {},
            "no occasion to draw",
        ),
        (groups(7, 2), {}, "at most 6 lines apart, but group_id has 7"),
        (pd.concat([means(2), means(2)]), {}, "several for occasion 1"),
        (means(2), {"limits": (30, 40)}, "the means go from 24.5 to 25"),
        (means(2), {"limits": (40, 0)}, "the lower first"),
        (means(2), {"instrument": FORM, "scale": "totl"}, "Did you mean 'total'"),
        (means(2), {"language": "nn"}, "language is 'nn'"),
    ],
)
def test_courses_that_cannot_be_drawn(result, options, message):
    with pytest.raises(ArgumentError, match=message):
        ek.figures.mean_course(result, **options)


def test_two_grouping_columns_are_refused_with_a_way_out():
    both = pd.concat([groups(2, 2).assign(site=site) for site in "AB"])[
        ["site", "group_id", *COURSE]
    ]
    with pytest.raises(ArgumentError, match=r"result\[result\['site'\] == 'A'\]"):
        ek.figures.mean_course(both)


# change_categories


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("counts", "n"), [((0, 1, 2, 0), 3), ((100, 150, 140, 10), 300), ((0, 0, 3000, 0), 3000)]
)
def test_categories_of_few_and_many(counts, n, language):
    assert_readable(ek.figures.change_categories(shares(*counts, n=n), language=language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [2, 6, 12])
def test_categories_of_groups_with_long_names(count, language):
    each = [shares(3, 11, 9, 4, group_id=f"g{g}") for g in range(count)]
    result = hide(pd.concat(each, ignore_index=True), [0, 5], "estimate", "lower", "upper", "count")
    labels = {"group_id": {"g0": f"{LONG} – {LONG}", "g1": LONG}}
    ax = ek.figures.change_categories(result, labels=labels, language=language)
    assert_readable(ax)
    headings = [
        text.get_text().replace("\n", " ") for text in ax.texts if text.get_fontweight() == "bold"
    ]
    assert headings[:2] == [f"{LONG} – {LONG}", LONG]
    assert len(headings) == count


def test_bars_whiskers_and_counts_are_those_of_the_result():
    result = shares(3, 11, 9, 4)
    ax = ek.figures.change_categories(result, language="nb")
    assert [bar.get_width() for bar in ax.patches] == (result["estimate"]).tolist()
    for whisker in ax.collections:
        ends = [(segment[0, 0], segment[1, 0]) for segment in whisker.get_segments()]
        assert ends == list(zip(result["lower"], result["upper"], strict=True))
    numbers = [text.get_text() for text in ax.texts]
    assert numbers[:2] == ["3 av 24 (12,5\u00a0%)", "11 av 24 (45,8\u00a0%)"]
    colours = [mpl.colors.to_hex(bar.get_facecolor()) for bar in ax.patches]
    assert colours == list(style.CATEGORY_COLOURS.values())
    assert ax.get_xlim() == (0, 1)
    assert ax.yaxis_inverted()


def test_that_improved_includes_recovered_is_said_where_both_are_shown():
    result = shares(3, 11, 9, 4)
    note = '"Improved" includes "Recovered".'
    assert note in ek.figures.change_categories(result, language="en").get_xlabel()
    assert ek.figures.describe_change_categories(result, language="en").endswith(note)
    apart = result[result["category"] != "recovered"]
    assert (
        ek.figures.change_categories(apart, language="en").get_xlabel() == "Share of those eligible"
    )
    assert note not in ek.figures.describe_change_categories(apart, language="en")


def test_nobody_eligible_and_hidden_and_not_known_look_different():
    result = shares(3, 11, 9, 4)
    blank = ["estimate", "lower", "upper"]
    result.loc[0, [*blank, "count", "n"]] = [np.nan, np.nan, np.nan, 0, 0]
    result.loc[3, [*blank, "count", "n"]] = pd.NA
    public = hide(result, [1], *blank, "count").assign(hidden_n=False)
    ax = ek.figures.change_categories(public, language="en")
    assert [text.get_text() for text in ax.texts] == [
        "none eligible",
        ": of 24",
        "9 of 24 (37.5%)",
        "–",
    ]
    assert [bar.get_width() for bar in ax.patches] == [0, 0, 0.375, 0]
    assert legend_of(ax) == [": hidden", "– not known"]
    told = ek.figures.describe_change_categories(public, language="en")
    assert "Recovered none eligible, Improved hidden of 24, Unchanged 9 of 24 (37.5%)" in told
    assert_readable(ax)


def test_categories_stand_in_their_order_whatever_that_of_the_rows():
    result = shares(3, 11, 9, 4)
    one, other = (
        inline(ek.figures.change_categories(r), "a", "t", "d") for r in (result, result.iloc[::-1])
    )
    assert one == other


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (shares(1, 2, 3, 4).head(0), "no category to draw"),
        (shares(1, 2, 3, 4).assign(category="imprved"), "Did you mean 'improved'"),
        (pd.concat([shares(1, 2, 3, 4)] * 2), "several for category recovered"),
        (shares(1, 2, 3, 4).drop(columns="count"), "lacks the column count"),
    ],
)
def test_categories_that_cannot_be_drawn(result, message):
    with pytest.raises(ArgumentError, match=message):
        ek.figures.change_categories(result)


# trajectories


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("persons", "occasions", "page"), [(1, 1, 1), (3, 12, 1), (5, 2, 1), (300, 14, 7)]
)
def test_trajectories_of_few_and_many(persons, occasions, page, language):
    table = scores(persons, occasions)
    assert_readable(
        ek.figures.trajectories(table, FORM, profile="five", language=language, page=page)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_trajectories_with_long_ids_and_several_informants(language):
    table = scores(3, informants=("self", "caretaker"), start=39.0)
    table["about_id"] = "oslo-våren-2009-barnegruppe-" + table["about_id"]
    labels = {"informant": {"caretaker": LONG}}
    ax = ek.figures.trajectories(table, FORM, profile="five", labels=labels, language=language)
    assert_readable(ax)


def course_of(ax):
    return next(line for line in ax.lines if line.get_marker() not in {"None", None})


def one_person(*totals, occasions=None, **columns):
    frame = pd.DataFrame({"occasion": occasions or range(1, len(totals) + 1), "total": totals})
    person = {"about_id": "K1", "respondent_id": "K1", "informant": "self", "age_years": 9.0}
    return frame.assign(**(person | {"group_id": "g"} | columns)).astype({"occasion": "Int64"})


def test_a_panel_shows_scores_band_and_cutoff_of_its_person():
    ax = ek.figures.trajectories(one_person(24.5, 30.0, 33.5), FORM, profile="five")
    assert course_of(ax).get_ydata().tolist() == [24.5, 30.0, 33.5]
    band = ax.patches[0]
    assert (band.get_y(), band.get_y() + band.get_height()) == (19.5, 29.5)
    assert [line.get_ydata()[0] for line in ax.lines if line.get_linestyle() == "--"] == [32]
    assert ax.get_ylim() == pytest.approx((-1.2, 41.2))
    caretaker = one_person(24.5, 30.0, informant="caretaker")
    ax = ek.figures.trajectories(caretaker, FORM, profile="five")
    assert [line.get_ydata()[0] for line in ax.lines if line.get_linestyle() == "--"] == [28]


def test_the_band_ends_where_the_scale_does():
    band = ek.figures.trajectories(one_person(38.0, 40.0), FORM, profile="five").patches[0]
    assert (band.get_y(), band.get_y() + band.get_height()) == (33, 40)


@pytest.mark.parametrize(
    ("totals", "kind"),
    [
        ((24.5, 33.5), "recovered"),
        ((20.0, 25.0), "improved"),  # just at the threshold, below the cut-off
        ((33.0, 39.0), "improved"),  # above the cut-off from the start
        ((20.0, 24.9), "unchanged"),
        ((30.0, 25.0), "deteriorated"),
    ],
)
def test_colour_and_mark_tell_what_became_of_a_person(totals, kind):
    line = course_of(ek.figures.trajectories(one_person(*totals), FORM, profile="five"))
    assert line.get_color() == style.CATEGORY_COLOURS[kind]
    assert line.get_marker() == style.CATEGORY_MARKERS[kind]


def test_missed_occasions_and_forms_without_a_score_are_gaps():
    missed = one_person(24.5, 30.0, 33.5, occasions=[1, 2, 4])
    unscored = one_person(24.5, np.nan, 33.5, 33.0, about_id="K2", respondent_id="K2")
    ax = ek.figures.trajectories(pd.concat([missed, unscored]), FORM, profile="five")
    first, second = (course_of(panel).get_ydata() for panel in ax.figure.axes)
    np.testing.assert_array_equal(first, [24.5, 30.0, np.nan, 33.5])
    np.testing.assert_array_equal(second, [24.5, np.nan, 33.5, 33.0])


def test_an_occasion_nobody_of_an_informant_was_asked_at_is_no_gap():
    own = one_person(24.5, 30.0, 33.5)
    caretaker = one_person(25.0, 31.0, occasions=[1, 3], respondent_id="F", informant="caretaker")
    ax = ek.figures.trajectories(pd.concat([own, caretaker]), FORM, profile="five", language="en")
    panels = {panel.get_title(loc="left"): course_of(panel) for panel in ax.figure.axes}
    assert panels["K1, Caretaker"].get_ydata().tolist() == [25.0, 31.0]
    assert panels["K1, Own answers"].get_ydata().tolist() == [24.5, 30.0, 33.5]


def test_two_respondents_of_one_kind_are_told_apart():
    mother, teacher = (
        one_person(20.0, 24.0, respondent_id=who, informant="teacher") for who in "AB"
    )
    ax = ek.figures.trajectories(pd.concat([mother, teacher]), FORM, profile="five", language="en")
    assert [panel.get_title(loc="left") for panel in ax.figure.axes] == ["K1, A", "K1, B"]


def test_one_score_and_none_have_their_panel_and_scores_without_occasion_are_counted():
    lone = one_person(24.5)
    none = one_person(np.nan, about_id="K2", respondent_id="K2")
    unplaced = one_person(24.5, about_id="K3", respondent_id="K3")
    unplaced["occasion"] = pd.array([None], dtype="Int64")
    table = pd.concat([lone, none, unplaced])
    ax = ek.figures.trajectories(table, FORM, profile="five", language="en")
    assert len(ax.figure.axes) == 3
    legend = ax.figure.legends[0]
    assert legend.get_title().get_text() == "1 score without an occasion is not drawn"
    assert "No two scores to compare" in [text.get_text() for text in legend.get_texts()]
    assert_readable(ax)


def test_every_person_stands_on_one_page():
    table = scores(50, 3)
    pages = ek.figures.trajectory_pages(table)
    assert pages == 3
    titles = [
        panel.get_title(loc="left")
        for page in range(1, pages + 1)
        for panel in ek.figures.trajectories(table, FORM, profile="five", page=page).figure.axes
    ]
    assert titles == sorted(set(table["about_id"]))
    assert ek.figures.trajectory_pages(table, columns=3) == 3
    assert ek.figures.trajectory_pages(table.head(0)) == 0


def test_panels_share_their_axes_on_every_page():
    table = scores(30, 14)
    table = table[(table["about_id"] < "K025") | (table["occasion"] < 4)]
    limits = {
        (panel.get_xlim(), panel.get_ylim())
        for page in (1, 2)
        for panel in ek.figures.trajectories(table, FORM, profile="five", page=page).figure.axes
    }
    assert len(limits) == 1


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        (lambda s: s.assign(about_id=None), {}, "have no about_id"),
        (lambda s: s.head(0), {}, "nobody to draw"),
        (lambda s: s.drop(columns="occasion"), {}, "lacks the column occasion"),
        (
            lambda s: s.drop_duplicates("about_id").assign(occasion=pd.array([None] * 3, "Int64")),
            {},
            "no form has an occasion",
        ),
        (lambda s: s, {"page": 2}, "from 1 to 1, but is 2"),
        (lambda s: s, {"page": True}, "but is True"),
        (lambda s: s, {"columns": 0}, "columns must be at least 1"),
        (lambda s: s, {"profile": "six"}, "no threshold profile 'six'"),
    ],
)
def test_trajectories_that_cannot_be_drawn(change, options, message):
    with pytest.raises(ArgumentError, match=message):
        ek.figures.trajectories(change(scores(3)), FORM, **({"profile": "five"} | options))


def test_trajectories_in_words():
    told = ek.figures.describe_trajectories(
        one_person(24.5, 30.0, 33.5, occasions=[1, 2, 4]), FORM, profile="five", language="en"
    )
    assert "K1 – 1: 24.5; 2: 30; 4: 33.5 (Recovered)." in told
    assert told.endswith("Change of less than 5: not reliable. Cut-off: 32.")


# first_against_last


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("persons", "start"), [(3, 24.0), (300, 24.0), (300, 39.0)])
def test_first_against_last_of_few_and_many(persons, start, language):
    table = outcomes.pairs(scores(persons, 4, start=start, informants=("self", "caretaker")))
    change = outcomes.change(table, FORM, profile="five")
    assert_readable(ek.figures.first_against_last(change, FORM, language=language))


def test_every_pair_is_drawn_once_at_its_place():
    change = changes([24.5, 20, 33, 30, 30, 30], [33.5, 26, 31, 25, 31, 31])
    ax = ek.figures.first_against_last(change, FORM, language="en")
    marks = {
        mpl.colors.to_hex(c.get_facecolor()[0]): (c.get_offsets().tolist(), c.get_sizes().tolist())
        for c in ax.collections[1:]
    }
    assert marks == {
        style.NAVY: ([[24.5, 33.5]], [36]),
        style.SKY: ([[20, 26]], [36]),
        style.SLATE: ([[30, 31], [33, 31]], [72, 36]),
        style.VERMILION: ([[30, 25]], [36]),
    }
    legend = legend_of(ax)
    assert legend[:4] == [
        "Recovered: 1",
        "Improved, not recovered: 1",
        "Unchanged: 3",
        "Deteriorated: 1",
    ]
    assert legend[-2:] == ["1 person", "2 persons"]


def test_band_diagonal_and_cutoffs_stand_where_they_should():
    ax = ek.figures.first_against_last(changes([24.5], [33.5]), FORM)
    corners = ax.collections[0].get_paths()[0].vertices
    assert set(np.round(corners[:, 1] - corners[:, 0], 9)) == {-5, 5}
    diagonal, vertical, horizontal = ax.lines
    assert diagonal.get_xdata().tolist() == diagonal.get_ydata().tolist()
    assert vertical.get_xdata()[0] == horizontal.get_ydata()[0] == 32
    assert ax.get_xlim() == ax.get_ylim() == pytest.approx((-1.2, 41.2))
    assert ax.get_aspect() == 1


def test_marks_at_the_ceiling_grow_with_persons_but_not_beyond_reason():
    ax = ek.figures.first_against_last(changes([40] * 100 + [20], [40] * 100 + [21]), FORM)
    sizes = ax.collections[1].get_sizes()
    assert sizes[0] == pytest.approx(100 * sizes[1])
    assert np.sqrt(sizes[0]) == pytest.approx(20)
    assert_readable(ax)


def test_who_has_one_score_is_counted_beside_the_figure():
    change = changes([24.5, 20, None], [33.5, None, None])
    ax = ek.figures.first_against_last(change, FORM, language="en")
    assert legend_of(ax)[-1] == "Not drawn: 2 without two scores"
    told = ek.figures.describe_first_against_last(change, FORM, language="en")
    assert "Recovered: 1." in told
    assert told.endswith("Not drawn: 2 without two scores.")


def test_without_a_cutoff_improved_is_just_improved():
    change = changes([24.5], [33.5]).assign(cutoff=np.nan, recovered=pd.array([None], "boolean"))
    ax = ek.figures.first_against_last(change, FORM, language="en")
    assert legend_of(ax) == ["Improved: 1", "No change", "Change of less than 5: not reliable"]
    assert len(ax.lines) == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (changes([24.5], [None]), "nobody with two scores"),
        (changes([24.5, 20], [33.5, 20]).assign(threshold=[5.0, 6.0]), r"the values \[5.0, 6.0\]"),
        (changes([24.5], [41]), "41 lies beyond Sum, which goes from 0 to 40"),
        (changes([24.5], [33.5]).drop(columns="cutoff"), "lacks the column cutoff"),
    ],
)
def test_changes_that_cannot_be_drawn(change, message):
    with pytest.raises(ArgumentError, match=message):
        ek.figures.first_against_last(change, FORM)


# All of them


def every_figure():
    table = scores(3, 4, informants=("self", "caretaker"))
    change = outcomes.change(outcomes.pairs(table), FORM, profile="five")
    yield lambda **o: ek.figures.mean_course(groups(3), instrument=FORM, **o)
    yield lambda **o: ek.figures.change_categories(shares(3, 11, 9, 4), **o)
    yield lambda **o: ek.figures.trajectories(table, FORM, profile="five", **o)
    yield lambda **o: ek.figures.first_against_last(change, FORM, **o)


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_saved_bytes_are_the_same_also_when_saved_again(tmp_path, kind):
    for draw in every_figure():
        ax = draw()
        files = [
            ek.figures.save(each, tmp_path / f"f.{kind}").read_bytes() for each in (ax, ax, draw())
        ]
        assert files[0] == files[1] == files[2]


def test_figures_do_not_depend_on_the_callers_style():
    for draw in every_figure():
        plain = inline(draw(), "a", "t", "d")
        with mpl.rc_context({"font.size": 30, "axes.facecolor": "black", "lines.linewidth": 9}):
            assert inline(draw(), "a", "t", "d") == plain


def test_pages_of_panels_have_ids_of_their_own_on_one_html_page():
    table = scores(24, 14)
    svg = [inline(ek.figures.trajectories(table, FORM, profile="five"), p, "t", "d") for p in "ab"]
    ids = [{part.split('"')[0] for part in text.split(' id="')[1:]} for text in svg]
    assert len(ids[0]) > 100
    assert not ids[0] & ids[1]
    used = {
        part.split(end)[0]
        for mark, end in (('href="#', '"'), ("url(#", ")"))
        for part in svg[0].split(mark)[1:]
    }
    assert used <= ids[0]


def test_axes_of_ones_own():
    for draw in (each for nth, each in enumerate(every_figure()) if nth != 2):
        ax = Figure(figsize=(7, 5), layout="constrained").add_subplot()
        assert draw(ax=ax) is ax
        assert_readable(ax)


def test_names_are_never_maths():
    labels = {"group_id": {"g0": r"$\x{ $", "g1": "100 % $x_{1}$"}}
    ax = ek.figures.mean_course(groups(2, 3), instrument=FORM, labels=labels)
    assert legend_of(ax)[0] == r"$\x{ $"
    assert_readable(ax)
    table = scores(2, 3).replace({"about_id": {"K001": r"$\x{ $"}})
    assert_readable(ek.figures.trajectories(table, FORM, profile="five"))


def test_categories_are_told_apart_in_grey():
    lightness = sorted(
        116 * np.cbrt(style.relative_luminance(colour)) - 16
        for colour in style.CATEGORY_COLOURS.values()
    )
    assert np.diff(lightness).min() > 10
    assert len(set(style.CATEGORY_MARKERS.values())) == len(style.CATEGORY_MARKERS)
