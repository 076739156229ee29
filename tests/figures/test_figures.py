"""Figures: what is drawn is what the result says, and no text is cut or lies on another."""

from __future__ import annotations

import itertools

import matplotlib as mpl
import numpy as np
import pandas as pd
import polars as pl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

import evalkit as ek
from evalkit.errors import ArgumentError
from evalkit.figures import saving, style
from evalkit.metrics import attendance, background
from evalkit.privacy import Policy, protect

LANGUAGES = ["nb", "en"]
LONG = "Pedagogisk-psykologisk tjeneste i samarbeid med helsestasjonen og skolens rådgiver"


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


def texts(ax):
    """Every text that is seen, with the box it takes and the box of the figure."""
    figure = ax.get_figure(root=True)
    FigureCanvasAgg(figure)
    width, height = (int(size) for size in figure.bbox.size)
    renderer = DrawnTexts(width, height, figure.dpi)
    renderer.drawn = {}
    figure.draw(renderer)
    for text in renderer.drawn:
        yield text.get_text(), text.get_window_extent(renderer), figure.bbox


def assert_readable(ax):
    seen = list(texts(ax))
    assert seen
    for text, box, inside in seen:
        assert box.x0 >= inside.x0 - 1, f"{text!r} is cut at the left"
        assert box.x1 <= inside.x1 + 1, f"{text!r} is cut at the right"
        assert box.y0 >= inside.y0 - 1, f"{text!r} is cut at the bottom"
        assert box.y1 <= inside.y1 + 1, f"{text!r} is cut at the top"
    for (one, here, _), (other, there, _) in itertools.combinations(seen, 2):
        width = min(here.x1, there.x1) - max(here.x0, there.x0)
        height = min(here.y1, there.y1) - max(here.y0, there.y0)
        assert width <= 1 or height <= 1, f"{one!r} lies on {other!r}"


def sessions_of(count, people, roles=("child",), group="g"):
    rng = np.random.default_rng(2)
    rows = [
        (f"s{n:03}", role, group, n, "activity", rng.integers(0, people + 1), people)
        for n in range(1, count + 1)
        for role in roles
    ]
    names = ["session_id", "role", "group_id", "number", "kind", "present", "expected"]
    frame = pd.DataFrame(rows, columns=names)
    return attendance.by_session(frame.astype({"present": "Int64", "expected": "Int64"}))


def sources(counts, name="Kilde"):
    margins = pd.DataFrame(
        {
            "group_id": "g",
            "variable": "referral_source",
            "value": [f"{name} {n}" for n in range(len(counts))],
            "count": counts,
        }
    )
    return background.distribution(margins)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sample_is_readable(smil, language):
    labels = smil.labels(language)
    by_session = attendance.by_session(smil.headcounts)
    people = background.distribution(smil.margins)
    assert_readable(ek.figures.attendance_by_session(by_session, labels=labels, language=language))
    assert_readable(ek.figures.programme(smil.sessions, labels=labels, language=language))
    for _, group in people.groupby("group_id"):
        assert_readable(ek.figures.recruitment(group, labels=labels, language=language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("count", "people", "roles"),
    [
        (1, 3, ["child"]),
        (4, 3, ["child", "parent"]),
        (12, 300, ["child"]),
        (30, 300, ["child", "parent", "professional"]),
        (60, 30, ["child"]),
        (100, 9, ["child"]),
    ],
)
def test_attendance_with_few_and_many(count, people, roles, language):
    ax = ek.figures.attendance_by_session(sessions_of(count, people, roles), language=language)
    assert_readable(ax)


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_names_of_groups_and_roles(language):
    labels = {"group_id": {"g": f"{LONG} – {LONG}"}, "role": {"child": LONG, "parent": LONG}}
    result = sessions_of(12, 30, ["child", "parent"])
    ax = ek.figures.attendance_by_session(result, labels=labels, language=language)
    assert_readable(ax)
    assert_readable(ek.figures.recruitment(sources([9, 8], LONG), labels=labels, language=language))


@pytest.mark.parametrize("counts", [[3], [2, 1], [300, 120, 40], list(range(40, 0, -2))])
@pytest.mark.parametrize("name", ["Kilde", LONG])
def test_sources_few_and_many(counts, name):
    assert_readable(ek.figures.recruitment(sources(counts, name)))


@pytest.mark.parametrize(("groups", "length"), [(1, 1), (2, 12), (8, 30), (3, 60), (20, 14)])
def test_programmes_short_and_long(groups, length):
    rng = np.random.default_rng(3)
    kinds = ["children", "family", "parents", "activity", None]
    table = pd.DataFrame(
        [
            (f"{LONG[:50]} {g}", n, rng.choice(kinds), rng.choice(["together", "alongside", None]))
            for g in range(groups)
            for n in range(1, length + 1)
        ],
        columns=["group_id", "number", "kind", "parents"],
    )
    assert_readable(ek.figures.programme(table))


def test_bars_are_the_counts(smil):
    result = attendance.by_session(smil.headcounts)
    ax = ek.figures.attendance_by_session(result)
    tracks, bars = ([bar.get_height() for bar in container] for container in ax.containers)
    assert bars == [7, 3, 9, 8, 9, 10, 7, 8, 8, 7, 9, 9, 7, 8, 8, 11]
    assert [track for track in tracks if track] == [9] * 12
    numbers = [text.get_text() for text in ax.texts]
    assert numbers == [str(int(bar)) for bar in bars]


def test_nobody_came_not_known_and_hidden_look_different():
    result = sessions_of(3, 9).assign(present=pd.array([0, None, 4], dtype="Int64"))
    ax = ek.figures.attendance_by_session(result.assign(hidden=[False, False, True]), language="en")
    assert [text.get_text() for text in ax.texts] == ["0", "–", ":"]
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend[-2:] == [": hidden", "– not known"]


def test_in_a_figure_of_ones_own_names_are_still_no_maths(smil):
    ax = Figure(layout="constrained").add_subplot()
    ek.figures.recruitment(sources([5, 4], r"$\x{ $"), ax=ax)
    assert_readable(ax)
    assert not ax.spines["top"].get_visible()


def test_frames_of_ones_own(smil):
    sessions = smil.sessions.assign(number=smil.sessions["number"].astype("Int64"))
    sessions.loc[0, "number"] = pd.NA
    assert_readable(ek.figures.programme(sessions.astype({"group_id": "category"})))
    assert_readable(ek.figures.programme(sessions.assign(group_id=1)))
    assert_readable(ek.figures.recruitment(sources([5, 4], "\u200b")))


def test_a_role_nobody_knows():
    with pytest.raises(ArgumentError, match="'pupil' is no role"):
        ek.figures.attendance_by_session(sessions_of(2, 9).assign(role="pupil"))


def test_only_pandas_results_are_drawn(smil):
    with pytest.raises(ArgumentError, match="must be a pandas DataFrame"):
        ek.figures.programme(pl.from_pandas(smil.sessions.drop(columns="held_on")))


def test_axes_are_numbered_in_the_readers_language():
    ax = ek.figures.recruitment(sources([3000, 1000]), language="nb")
    FigureCanvasAgg(ax.get_figure()).draw()
    assert "3\u00a0000" in [label.get_text() for label in ax.get_xticklabels()]


def test_sources_are_drawn_from_the_top_in_their_order(smil):
    people = background.distribution(smil.margins)
    ax = ek.figures.recruitment(people[people["group_id"] == "oslo-v09"])
    assert [bar.get_width() for bar in ax.patches] == [4, 2, 1, 1, 1]
    assert ax.get_yticklabels()[0].get_text() == "Helsesøster"
    assert ax.yaxis_inverted()


def test_kinds_have_their_colours(smil):
    ax = ek.figures.programme(smil.sessions)
    colours = [mpl.colors.to_hex(bar.get_facecolor()) for bar in ax.patches]
    kinds = smil.sessions["kind"].astype(str)
    assert colours == [style.KIND_COLOURS[kind] for kind in kinds]


def test_hidden_numbers_are_not_drawn():
    result = sessions_of(6, 9)
    public = protect(result, attendance.by_session_cells(result), Policy(open=()))
    hidden = public["hidden"].to_numpy()
    assert hidden.any()
    ax = ek.figures.attendance_by_session(public)
    heights = np.array([bar.get_height() for bar in ax.containers[1]])
    assert (heights[hidden] == 0).all()
    marks = [text.get_text() for text in ax.texts]
    assert [mark == ":" for mark in marks] == hidden.tolist()
    words = ek.figures.describe_attendance_by_session(public, language="en")
    assert words.count("Children hidden of 9") == hidden.sum()


def test_hidden_sources_are_not_drawn_and_set_no_scale():
    one, other = (
        protect(sources(counts), background.DISTRIBUTION_CELLS, Policy(min_cell=5))
        for counts in ([4, 2, 1], [3, 3, 1])
    )
    first, second = ek.figures.recruitment(one), ek.figures.recruitment(other)
    assert {bar.get_width() for bar in first.patches} == {0}
    assert first.get_xlim() == second.get_xlim()
    assert ek.figures.describe_recruitment(one, language="en").count("hidden") == 3


def test_figures_do_not_depend_on_the_callers_style(smil):
    result = attendance.by_session(smil.headcounts)
    plain = inline(ek.figures.attendance_by_session(result), "a", "t", "d")
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "black", "savefig.dpi": 20}):
        assert inline(ek.figures.attendance_by_session(result), "a", "t", "d") == plain
        assert mpl.rcParams["font.size"] == 30


def test_an_axes_of_ones_own(smil):
    ax = Figure(figsize=(8, 4)).add_subplot()
    result = attendance.by_session(smil.headcounts)
    assert ek.figures.attendance_by_session(result, ax=ax) is ax


def test_dollars_and_percents_in_names_are_plain_text():
    ax = ek.figures.recruitment(sources([5, 4], "100 % $x_{1}$ & <b>"))
    assert ax.get_yticklabels()[0].get_text() == "100 % $x_{1}$ & <b> 0"
    assert_readable(ax)
    svg = inline(ax, "p", "<t>", 'a "quoted" & b')
    assert "<t>" not in svg
    assert "&lt;t&gt;" in svg


def test_ids_of_two_figures_on_one_page_differ(smil):
    ax = ek.figures.programme(smil.sessions)
    ids = [
        {part.split('"')[0] for part in inline(ax, prefix, "t", "d").split(' id="')[1:]}
        for prefix in ("one", "two")
    ]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_a_figure_shows_itself_in_a_notebook(smil):
    shown = ek.figures.programme(smil.sessions).figure._repr_svg_()
    assert "<svg" in shown


def test_an_ending_no_figure_has(smil, tmp_path):
    with pytest.raises(ArgumentError, match="ending of the file is 'doc'"):
        ek.figures.save(ek.figures.programme(smil.sessions), tmp_path / "a.doc")


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_saved_bytes_are_the_same(smil, tmp_path, kind):
    def draw(name):
        ax = ek.figures.programme(smil.sessions)
        return ek.figures.save(ax, tmp_path / f"{name}.{kind}").read_bytes()

    assert draw("one") == draw("two")


@pytest.mark.parametrize("draw", ["attendance_by_session", "recruitment", "programme"])
def test_nothing_to_draw_is_said(smil, draw):
    tables = {
        "attendance_by_session": attendance.by_session(smil.headcounts.head(0)),
        "recruitment": background.distribution(smil.margins, "gender"),
        "programme": smil.sessions.head(0),
    }
    with pytest.raises(ArgumentError, match="to draw"):
        getattr(ek.figures, draw)(tables[draw])


def test_several_groups_are_refused_with_a_way_out(smil):
    people = background.distribution(smil.margins)
    with pytest.raises(ArgumentError, match=r"result\[result\['group_id'\] == 'mo-v09'\]"):
        ek.figures.recruitment(people)


# Colour vision deficiencies as linear RGB matrices at full severity
# (Machado, Oliveira and Fernandes 2009, IEEE Trans. Vis. Comput. Graph. 15, 1291-1298).
DEFICIENCIES = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
XYZ = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]


def lab(colour, deficiency):
    rgb = np.array(mpl.colors.to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.asarray(DEFICIENCIES[deficiency]) @ linear, 0, 1)
    xyz = np.asarray(XYZ) @ seen / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize(
    "palette",
    [style.KIND_COLOURS, style.ROLE_COLOURS, style.CATEGORY_COLOURS],
    ids=["kind", "role", "category"],
)
def test_colours_are_told_apart_with_every_colour_vision(palette, deficiency):
    for one, other in itertools.combinations(sorted(set(palette.values())), 2):
        distance = np.linalg.norm(lab(one, deficiency) - lab(other, deficiency))
        assert distance > 10, (one, other)  # told apart at a glance


def test_text_on_colours_is_readable():
    for colour in {*style.KIND_COLOURS.values(), style.TRACK}:
        ink = style.relative_luminance(style.text_on(colour))
        paper = style.relative_luminance(colour)
        light, dark = max(ink, paper), min(ink, paper)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, colour
