"""Figures of attendance and of completeness: what is drawn is the result, and all of it is read."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure

import evalkit as ek
from evalkit.errors import ArgumentError
from evalkit.figures import style
from evalkit.metrics import attendance, completeness
from evalkit.privacy import Policy, protect

LANGUAGES = ["nb", "en"]
LONG = "Pedagogisk-psykologisk tjeneste i samarbeid med helsestasjonen og skolens rådgiver"
STATUSES = ["present", "absent", "excused", "unknown"]


class Noting(RendererAgg):
    """Notes which texts are really drawn: ticks beyond the limits are not."""

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        if s.strip() and mtext is not None:
            self.noted.append(mtext)
        super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)


def assert_readable(ax):
    """No text is cut at an edge, and none lies on another."""
    figure = ax.get_figure(root=True)
    FigureCanvasAgg(figure)
    renderer = Noting(*(int(size) for size in figure.bbox.size), figure.dpi)
    renderer.noted = []
    figure.draw(renderer)
    boxes = np.array([text.get_window_extent(renderer).extents for text in renderer.noted])
    assert len(boxes)
    inside = [*figure.bbox.p0 - 1, *figure.bbox.p1 + 1]
    assert (boxes[:, :2] >= inside[:2]).all()
    assert (boxes[:, 2:] <= inside[2:]).all()
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    on = ((high - low) > 1).all(axis=2)
    np.fill_diagonal(on, val=False)
    assert not on.any(), [renderer.noted[i].get_text() for i in np.argwhere(on)[0]]


def texts(ax):
    return [text.get_text() for text in ax.texts]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def register(persons, sessions, group="g", chances=(0.7, 0.1, 0.1, 0.1), expected=1.0, seed=1):
    rng = np.random.default_rng(seed)
    rows = [
        (f"c{p:03}", f"{group}{n:02}", rng.choice(STATUSES, p=chances), n)
        for p in range(persons)
        for n in range(1, sessions + 1)
        if rng.random() < expected
    ]
    table = pd.DataFrame(rows, columns=["person_id", "session_id", "status", "number"])
    return table.assign(group_id=group, role="child")


def rates(groups=4, persons=8, sessions=12, by=("group_id", "role"), **options):
    parts = [register(persons, sessions, f"g{n}", seed=n, **options) for n in range(groups)]
    table = pd.concat(parts)
    return attendance.rate(table.assign(person_id=table["group_id"] + table["person_id"]), by=by)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("groups", "persons", "name"),
    [(1, 3, "{}"), (6, 8, "{}"), (3, 8, LONG), (2, 300, "{}"), (40, 8, "{}")],
)
def test_rates_are_readable(groups, persons, name, language):
    result = rates(groups, persons)
    labels = {"group_id": {key: name.format(key) for key in result["group_id"]}}
    public = protect(result, attendance.RATE_CELLS.by("group_id", "role"), Policy(min_cell=8))
    for table in (result, public):
        ax = ek.figures.attendance_by_group(table, labels=labels, language=language)
        assert_readable(ax)


def test_a_dot_is_the_rate_and_a_line_its_interval():
    result = rates()
    ax = ek.figures.attendance_by_group(result, language="en")
    (dots,) = ax.lines
    assert dots.get_xdata().tolist() == result["estimate"].tolist()
    assert dots.get_ydata().tolist() == [0, 1, 2, 3]
    (lines,) = ax.collections
    ends = [segment[:, 0].tolist() for segment in lines.get_segments()]
    assert ends == result[["lower", "upper"]].to_numpy().tolist()
    bands = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]
    bounds = result[["estimate_all_absent", "estimate_all_present"]].to_numpy()
    assert bands == [pytest.approx(tuple(row)) for row in bounds]
    counts = zip(result["present"], result["n"], strict=True)
    assert texts(ax) == [f"{present} of {n}" for present, n in counts]
    assert ax.yaxis_inverted()
    assert ax.get_title(loc="left") == "Children"


def test_where_all_marks_are_known_there_is_no_band():
    ax = ek.figures.attendance_by_group(rates(chances=(0.8, 0.1, 0.1, 0)), language="en")
    assert legend(ax) == ["Share present", "Interval"]


def test_headcounts_have_a_dot_alone(smil):
    result = attendance.rate(smil.headcounts.query("role == 'child'"), by="group_id")
    ax = ek.figures.attendance_by_group(result, labels=smil.labels("en"), language="en")
    assert legend(ax) == ["Share present"]
    assert texts(ax) == ["95 of 108"]
    assert_readable(ax)


def test_hidden_rates_are_not_drawn():
    result = rates(3, 4)
    public = protect(result, attendance.RATE_CELLS.by("group_id", "role"), Policy(min_cell=5))
    ax = ek.figures.attendance_by_group(public, language="en")
    assert np.isnan(ax.lines[0].get_xdata()).all()
    assert texts(ax) == [":"] * 3
    assert legend(ax)[-1] == ": hidden"
    told = ek.figures.describe_attendance_by_group(public, language="en")
    assert told == "Dots: share present of each group. g0: hidden; g1: hidden; g2: hidden."


def test_a_rate_that_is_not_known():
    result = rates(2, chances=(0, 0, 0, 1))
    ax = ek.figures.attendance_by_group(result, language="en")
    assert texts(ax) == ["– of 0"] * 2
    assert legend(ax)[-1] == "– not known"


def test_rates_told_in_words():
    row = pd.DataFrame(
        {"group_id": ["g"], "estimate": [0.9], "lower": [0.7], "upper": [0.97], "present": [90]}
    ).assign(n=100, estimate_all_absent=0.85, estimate_all_present=0.91)
    told = ek.figures.describe_attendance_by_group(row, language="en")
    assert told.endswith(
        "g: 90 of 100, 90.0%, interval 70.0% to 97.0%, "
        "85.0% to 91.0% if marks not known were all absences, or none were."
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: r.assign(role=["child", "parent", "child", "child"]), "draws one role"),
        (lambda r: r.drop(columns="present"), "lacks the column present"),
        (lambda r: r.head(0), "no group to draw"),
        (lambda r: r.to_dict(), "must be a pandas DataFrame"),
    ],
)
def test_rates_that_cannot_be_drawn(change, message):
    for draw in (ek.figures.attendance_by_group, ek.figures.describe_attendance_by_group):
        with pytest.raises(ArgumentError, match=message):
            draw(change(rates()))


def completed(instruments=3, persons=9, share=0.8, extra=0, by=("instrument", "informant")):
    rng = np.random.default_rng(5)
    names = ["instrument", "informant", "group_id", "person_id", "occasion"]
    rows = [
        (f"FORM{i}", "self", "g", f"c{p}", n)
        for i in range(instruments)
        for p in range(persons)
        for n in range(1, 13)
    ]
    expected = pd.DataFrame(rows, columns=names)
    came = expected[rng.random(len(expected)) < share].rename(columns={"person_id": "about_id"})
    stray = came.head(1).assign(about_id="stranger")
    forms = {
        str(key): pd.concat([table, *[stray] * extra]) for key, table in came.groupby("instrument")
    }
    return completeness.received(expected, forms, by=by)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"persons": 3, "instruments": 1}, "{}"),
        ({"persons": 300, "extra": 12}, LONG + " {}"),
        ({"instruments": 1, "by": ("instrument", "occasion")}, "{}"),
        ({"instruments": 12, "extra": 3}, "{}"),
        ({"by": None}, "{}"),
    ],
)
def test_forms_received_are_readable(options, name, language):
    result = completed(**options)
    labels = {"instrument": {f"FORM{n}": name.format(n) for n in range(12)}}
    public = protect(result, completeness.received_cells(result), Policy(min_cell=15))
    for table in (result, public):
        ax = ek.figures.forms_received(table, labels=labels, language=language)
        assert_readable(ax)


def test_a_bar_is_the_share_received():
    result = completed(extra=2)
    ax = ek.figures.forms_received(result, language="en")
    tracks, bars = ([bar.get_width() for bar in container] for container in ax.containers)
    assert bars == result["estimate"].tolist()
    assert tracks == [1.0] * 3
    received, n = result["received"], result["n"]
    assert texts(ax) == [f"{a} of {b} +2" for a, b in zip(received, n, strict=True)]
    assert legend(ax) == ["Received", "Expected", "+ forms nobody expected"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["FORM0", "FORM1", "FORM2"]
    assert ax.get_title(loc="left") == "Own answers"


def test_forms_that_only_came_unexpected():
    nothing = pd.DataFrame(columns=["instrument", "informant", "group_id", "person_id", "occasion"])
    result = completeness.received(
        nothing, {"ORS": pd.DataFrame({"about_id": ["a", "b"]})}, by="instrument"
    )
    ax = ek.figures.forms_received(result, language="en")
    assert texts(ax) == ["+2"]
    assert [bar.get_width() for bar in ax.patches] == [0, 0]
    told = ek.figures.describe_forms_received(result, language="en")
    assert told == "Bars: forms received of those expected. ORS: (2 nobody expected)."


def test_hidden_forms_are_not_drawn():
    result = completed(persons=3, extra=2)
    public = protect(result, completeness.received_cells(result), Policy(min_cell=5))
    ax = ek.figures.forms_received(public, language="en")
    assert [bar.get_width() for bar in ax.containers[1]] == [0, 0, 0]
    assert texts(ax) == [": +:"] * 3
    assert legend(ax)[-1] == ": hidden"
    told = ek.figures.describe_forms_received(public, language="en")
    assert told.count("hidden (hidden nobody expected)") == 3


def test_forms_by_occasion_are_told():
    result = completed(1, by=("instrument", "informant", "group_id", "occasion")).head(2)
    told = ek.figures.describe_forms_received(result, language="en")
    assert told == (
        "Bars: forms received of those expected. g, FORM0, Own answers: "
        f"no. 1: {result['received'][0]} of 9; no. 2: {result['received'][1]} of 9."
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: r.drop(columns="received"), "lacks the column received"),
        (lambda r: r.head(0), "no forms to draw"),
    ],
)
def test_forms_that_cannot_be_drawn(change, message):
    for draw in (ek.figures.forms_received, ek.figures.describe_forms_received):
        with pytest.raises(ArgumentError, match=message):
            draw(change(completed()))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("persons", "sessions"), [(3, 1), (9, 12), (9, 60), (60, 14), (300, 14)])
def test_maps_are_readable(persons, sessions, language):
    table = register(persons, sessions, expected=0.9)
    ax = ek.figures.attendance_map(table, labels={"group_id": {"g": LONG}}, language=language)
    height = ax.get_figure().get_figheight() / style.MM
    assert height <= 240  # a page
    ids = [label.get_text() for label in ax.get_yticklabels()]
    assert len(ids) == persons if persons <= 60 else len(ids) < persons
    ax.get_figure(root=True).draw_without_rendering()
    if persons < 60:
        assert_readable(ax)


def test_each_mark_stands_in_its_place():
    table = register(9, 12, expected=0.8).sample(frac=1, random_state=2)
    ax = ek.figures.attendance_map(table, language="en")
    drawn = {
        (round(bar.get_x() + 0.46), round(bar.get_y() + 0.42)): mpl.colors.to_hex(
            bar.get_facecolor()
        )
        for bar in ax.patches
    }
    assert len(drawn) == len(table)
    for row in table.to_dict("records"):
        place = (row["number"] - 1, int(row["person_id"][1:]))
        assert drawn[place] == style.STATUS_COLOURS[row["status"]]
    signs = table["status"].map(style.STATUS_SIGNS)
    assert sorted(texts(ax)) == sorted(signs[signs != ""])
    assert legend(ax) == [
        *("Present", "– Absent", "/ Excused", "? Not known", "(blank) Not expected")
    ]


def test_a_map_needs_neither_groups_nor_numbers():
    table = register(3, 4)[["person_id", "session_id", "status"]]
    ax = ek.figures.attendance_map(table.astype({"status": "category"}), language="en")
    assert [label.get_text() for label in ax.get_xticklabels()] == ["g01", "g02", "g03", "g04"]
    told = ek.figures.describe_attendance_map(table.assign(status="present"), language="en")
    assert told == "Map of the register, 3 persons by 4 sessions. Present: 12."


def test_children_stand_before_parents():
    table = register(4, 2).assign(role=["parent"] * 4 + ["child"] * 4)
    ax = ek.figures.attendance_map(table)
    ids = [label.get_text() for label in ax.get_yticklabels()]
    assert ids == ["c002", "c003", "c000", "c001"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.head(0), "no person to draw"),
        (lambda t: t.assign(status="presnt"), "'presnt' is no status. Did you mean 'present'"),
        (lambda t: t.drop(columns="status"), "lacks the column status"),
        (lambda t: t.assign(group_id=["g", "h"] * 6), "draws one group, but the result has 2"),
    ],
)
def test_registers_that_cannot_be_drawn(change, message):
    for draw in (ek.figures.attendance_map, ek.figures.describe_attendance_map):
        with pytest.raises(ArgumentError, match=message):
            draw(change(register(3, 4)))


def test_marks_are_told_apart_in_grey():
    dark, pale = (style.relative_luminance(style.STATUS_COLOURS[s]) for s in ("present", "absent"))
    assert pale - dark > 0.4
    assert len(set(style.STATUS_SIGNS.values())) == len(STATUSES)
    for colour in style.STATUS_COLOURS.values():
        ink = style.relative_luminance(style.text_on(colour))
        light, dark = sorted([ink, style.relative_luminance(colour)], reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_axes_of_ones_own():
    for draw, table in (
        (ek.figures.attendance_by_group, rates()),
        (ek.figures.forms_received, completed()),
        (ek.figures.attendance_map, register(3, 4)),
    ):
        ax = Figure(layout="constrained").add_subplot()
        assert draw(table, ax=ax) is ax
