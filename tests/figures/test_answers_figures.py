"""Figures of answers: what is drawn is what the distribution says, and every text is seen."""

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
from evalkit.instruments.model import Instrument, Item
from evalkit.metrics import satisfaction
from evalkit.privacy import Policy, protect

LANGUAGES = ["nb", "en"]
LONG = "Pedagogisk-psykologisk tjeneste i samarbeid med helsestasjonen og skolens rådgiver"
PARENTS = ek.load_instrument("SMIL_PARENTS")
CHOICES = [item.id for item in PARENTS.items if item.kind == "choice"]


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
    """No text is cut, and none lies on another."""
    figure = ax.get_figure(root=True)
    FigureCanvasAgg(figure)
    renderer = DrawnTexts(*(int(size) for size in figure.bbox.size), figure.dpi)
    renderer.drawn = {}
    figure.draw(renderer)
    seen = [(text.get_text(), text.get_window_extent(renderer)) for text in renderer.drawn]
    assert seen
    inside = figure.bbox
    for text, box in seen:
        assert box.x0 >= inside.x0 - 1, f"{text!r} is cut at the left"
        assert box.x1 <= inside.x1 + 1, f"{text!r} is cut at the right"
        assert box.y0 >= inside.y0 - 1, f"{text!r} is cut at the bottom"
        assert box.y1 <= inside.y1 + 1, f"{text!r} is cut at the top"
    for (one, here), (other, there) in itertools.combinations(seen, 2):
        width = min(here.x1, there.x1) - max(here.x0, there.x0)
        height = min(here.y1, there.y1) - max(here.y0, there.y0)
        assert width <= 1 or height <= 1, f"{one!r} lies on {other!r}"


def parents(n, seed=1, missing=0.08):
    """Invented answers to the parents' form."""
    rng = np.random.default_rng(seed)
    form = {}
    for item in CHOICES:
        answers = rng.choice(5, n, p=[0.03, 0.07, 0.2, 0.35, 0.35]) + 1.0
        if PARENTS.item(item).not_applicable:
            answers[rng.random(n) < 0.2] = 9
        answers[rng.random(n) < missing] = np.nan
        form[item] = pd.array(answers, dtype="Int64")
    return pd.DataFrame(form)


def scale_of(answers, counts, name="q"):
    """One item with so many of each answer."""
    items = (Item(name, {"en": name}, "choice", answers={n + 1: {} for n in range(answers)}),)
    form = Instrument("X", {"en": "X"}, ("self",), items)
    frame = pd.DataFrame({name: np.repeat(np.arange(1, answers + 1), counts)})
    return satisfaction.distribution(frame, name, instrument=form)


def distribution(n, **options):
    return satisfaction.distribution(parents(n), instrument=PARENTS, **options)


def public(table, *by):
    cells = satisfaction.DISTRIBUTION_CELLS.by(*by, "item", "answer")
    return protect(table, cells, Policy(min_cell=5))


def spans(ax, answers=None):
    """Where each bar of answers lies: a row per item, (start, end) per answer."""
    bars = ax.containers[:answers]
    ends = [[(bar.get_x(), bar.get_x() + bar.get_width()) for bar in each] for each in bars]
    return list(zip(*ends, strict=True))


def rows_of(ax):
    return [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]


def legend_of(ax):
    return {text.get_text() for text in ax.get_legend().get_texts()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("n", [1, 3, 19, 41, 300, 30_000])
@pytest.mark.parametrize("neutral", ["split", "aside", "omit"])
def test_few_and_many(n, language, neutral):
    labels = PARENTS.labels(language)
    ax = ek.figures.likert(distribution(n), labels=labels, language=language, neutral=neutral)
    assert_readable(ax)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("answers", [2, 3, 4, 5, 6, 7])
def test_short_and_long_scales(answers, language):
    table = scale_of(answers, np.arange(answers) + 3)
    assert_readable(ek.figures.likert(table, language=language))
    labels = {"q": {str(code): f"{code} {LONG}" for code in range(1, answers + 1)}}
    assert_readable(ek.figures.likert(table, labels=labels, language=language))


@pytest.mark.parametrize("neutral", ["split", "aside", "omit"])
def test_long_names_of_items(neutral):
    names = {item: f"{LONG} – {item}" for item in CHOICES}
    labels = {**PARENTS.labels("nb"), "item": names}
    assert_readable(ek.figures.likert(distribution(41), labels=labels, neutral=neutral))
    one = distribution(41).query("item == 'belief'")
    assert_readable(ek.figures.likert(one, labels=labels, neutral=neutral))


def test_bars_are_the_shares():
    table = scale_of(5, [1, 2, 3, 4, 10])
    (row,) = spans(ek.figures.likert(table))
    ends = np.cumsum([-0.225, 0.05, 0.1, 0.15, 0.2, 0.5])
    assert np.allclose(row, list(itertools.pairwise(ends)))
    (row,) = spans(ek.figures.likert(scale_of(4, [1, 2, 3, 4])))
    assert np.allclose(row, [(-0.3, -0.2), (-0.2, 0), (0, 0.3), (0.3, 0.7)])


def test_where_the_middle_answer_goes():
    table = scale_of(5, [1, 2, 3, 4, 10])
    aside = ek.figures.likert(table, neutral="aside", language="en")
    *answers, beside = next(iter(spans(aside)))
    sides = [(-0.15, -0.1), (-0.1, 0), (0, 0), (0, 0.2), (0.2, 0.7)]
    assert np.allclose(answers, sides)
    assert beside[1] - beside[0] == pytest.approx(0.15)
    assert "3" in legend_of(aside)
    omitted = ek.figures.likert(table, neutral="omit", language="en")
    assert np.allclose(next(iter(spans(omitted))), sides)
    assert legend_of(omitted) == {"1", "2", "4", "5"}
    assert "The middle answer is not drawn" in omitted.get_xlabel().replace("\n", " ")
    even = [ek.figures.likert(scale_of(4, [1, 2, 3, 4]), neutral=n) for n in ("split", "omit")]
    assert spans(even[0]) == spans(even[1])
    assert even[0].get_xlabel() == even[1].get_xlabel()


def test_numbers_are_percent_or_people():
    many = ek.figures.likert(scale_of(4, [5, 5, 5, 5]), language="en")
    assert [text.get_text() for text in many.texts] == ["25%"] * 4 + ["n = 20"]
    few = ek.figures.likert(scale_of(4, [5, 4, 5, 5]), language="en")
    assert [text.get_text() for text in few.texts] == ["5", "4", "5", "5", "n = 19"]
    assert "people" in few.get_xlabel()
    assert "people" not in many.get_xlabel()


def test_numbers_that_have_no_room_are_left_out():
    ax = ek.figures.likert(scale_of(4, [1, 0, 500, 500]), language="en")
    assert [text.get_text() for text in ax.texts] == ["50%", "50%", "n = 1,001"]


def test_unused_answers_stay_in_the_legend_in_their_order():
    ax = ek.figures.likert(scale_of(5, [0, 0, 0, 2, 3]), language="en")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == list("12345")


def test_who_did_not_answer_is_shown():
    form = pd.DataFrame({"hour_of_day": [5, 4, 9, None, None], "belief": [5, 4, 3, 2, 1]})
    items = ["hour_of_day", "belief"]
    table = satisfaction.distribution(form, items, instrument=PARENTS)
    ax = ek.figures.likert(table, labels=PARENTS.labels("en"), language="en")
    *_, not_relevant, missing = (container.patches for container in ax.containers)
    assert [bar.get_width() for bar in not_relevant] == pytest.approx([1 / 5])
    assert [bar.get_width() for bar in missing] == pytest.approx([2 / 5])
    assert missing[0].get_hatch()
    assert not not_relevant[0].get_hatch()
    assert {"Not relevant", "No answer"} <= legend_of(ax)
    assert {"1", "2", "n = 2", "n = 5"} <= {text.get_text() for text in ax.texts}
    nobody_missing = ek.figures.likert(table[table["item"] == "belief"], language="en")
    assert legend_of(nobody_missing) == {"1", "2", "3", "4", "5"}


def test_an_item_that_nobody_answered():
    form = parents(12).assign(belief=pd.array([None] * 12, dtype="Int64"))
    table = satisfaction.distribution(form, instrument=PARENTS)
    ax = ek.figures.likert(table, language="en", order="agreement")
    assert rows_of(ax)[-1] == "belief"
    assert "– nobody answered" in legend_of(ax)
    assert_readable(ax)


def test_items_in_the_order_of_the_form_or_by_agreement():
    table = distribution(41)
    assert rows_of(ek.figures.likert(table)) == CHOICES
    ax = ek.figures.likert(table, order="agreement")
    shares = [
        table.loc[(table["item"] == item) & table["answer"].isin(["4", "5"]), "share"].sum()
        for item in rows_of(ax)
    ]
    assert shares == sorted(shares, reverse=True)
    assert set(rows_of(ax)) == set(CHOICES)


def test_hidden_items_are_blank_with_a_colon_and_come_last():
    table = public(distribution(120))
    some = table.groupby("item", sort=False)["hidden"].any()
    assert some.any()
    assert not some.all()
    ax = ek.figures.likert(table, order="agreement", language="en")
    assert rows_of(ax)[-some.sum() :] == some[some].index.tolist()
    assert_readable(ax)
    lengths = [sum(end - start for start, end in row) for row in spans(ax, 5)]
    assert np.allclose(lengths, [1.0] * (~some).sum() + [0.0] * some.sum())
    assert ": hidden" in legend_of(ax)


def test_hidden_numbers_change_nothing_that_is_drawn():
    def drawn(*counts):
        shown = scale_of(5, [10, 20, 30, 40, 50], "open")
        hidden = scale_of(5, counts, "shut")
        table = public(pd.concat([shown, hidden], ignore_index=True))
        assert table.groupby("item")["hidden"].any().to_dict() == {"open": False, "shut": True}
        figures = [
            inline(ek.figures.likert(table, order=order, neutral=neutral), "a", "t", "d")
            for order in ("questionnaire", "agreement")
            for neutral in ("split", "aside", "omit")
        ]
        return figures, ek.figures.describe_likert(table)

    assert drawn(1, 2, 3, 4, 40) == drawn(40, 4, 3, 2, 1) == drawn(4, 1, 20, 22, 3)


def test_a_hidden_number_of_missing_answers():
    form = pd.DataFrame({"belief": [5] * 30 + [1] * 20 + [None] * 3})
    table = public(satisfaction.distribution(form, "belief", instrument=PARENTS))
    ax = ek.figures.likert(table, language="en")
    assert [text.get_text() for text in ax.texts] == ["40%", "60%", ":", "n = 50"]
    assert ": hidden" in legend_of(ax)
    assert "No answer (hidden)" in ek.figures.describe_likert(table, language="en")


def test_groups_of_one_item():
    form = parents(80).assign(site=["Oslo", "Mo", "Bodø", None] * 20)
    table = satisfaction.distribution(form, "belief", instrument=PARENTS, by="site")
    labels = {**PARENTS.labels("en"), "site": {"Mo": "Mo i Rana"}}
    ax = ek.figures.likert(table, labels=labels, language="en")
    assert rows_of(ax) == ["Bodø", "Mo i Rana", "Oslo", "Not known"]
    assert ax.get_title(loc="left") == "Belief in the offer"
    assert_readable(ax)
    words = ek.figures.describe_likert(table, labels=labels, language="en")
    assert words.startswith("Bars of answers. Belief in the offer. Bodø (n = ")


def test_items_of_one_group():
    form = parents(40).assign(site=["Oslo", "Mo"] * 20)
    table = satisfaction.distribution(form, instrument=PARENTS, by="site")
    ax = ek.figures.likert(table[table["site"] == "Oslo"], language="en")
    assert rows_of(ax) == CHOICES
    assert ax.get_title(loc="left") == "Oslo"
    assert_readable(ax)
    with pytest.raises(ArgumentError, match=r"12 items in 2 groups\. .*\['site'\] == 'Mo'"):
        ek.figures.likert(table)


def test_items_on_other_scales_are_named():
    couple = ek.load_instrument("COUPLE_TALK")
    useful = satisfaction.distribution(pd.DataFrame({"useful": [5]}), "useful", instrument=couple)
    table = pd.concat([distribution(41), useful])
    labels = {**PARENTS.labels("en"), **couple.labels("en")}
    with pytest.raises(ArgumentError, match="those of useful are not those of satisfaction"):
        ek.figures.likert(table, labels=labels)
    two = pd.concat([scale_of(5, [1] * 5, "a"), scale_of(4, [1] * 4, "b")])
    with pytest.raises(ArgumentError, match="those of b are not those of a: 1, 2, 3, 4 and 1, 2"):
        ek.figures.likert(two)


def test_answers_without_an_order_are_drawn_otherwise():
    couple = ek.load_instrument("COUPLE_TALK")
    form = pd.DataFrame({"heard_of": [1, 1, 2]})
    table = satisfaction.distribution(form, "heard_of", instrument=couple)
    with pytest.raises(ArgumentError, match="nominal_answers"):
        ek.figures.likert(table)
    with pytest.raises(ArgumentError, match="nominal_answers"):
        ek.figures.describe_likert(table)


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (scale_of(4, [1] * 4), {"neutral": "away"}, "neutral is 'away'"),
        (scale_of(4, [1] * 4), {"order": "best"}, "order is 'best'"),
        (scale_of(4, [1] * 4), {"language": "nn"}, "language is 'nn'"),
        (scale_of(8, [1] * 8), {}, "2 to 7 answers, but here are 8"),
        (scale_of(1, [1]), {}, "2 to 7 answers, but here are 1"),
        (scale_of(4, [1] * 4).head(0), {}, "likert has no answers to draw"),
        (scale_of(4, [1] * 4).drop(columns="n"), {}, "lacks the column n"),
        (pd.concat([scale_of(4, [1] * 4)] * 2), {}, "each answer once"),
        (None, {}, "must be a pandas DataFrame"),
    ],
)
def test_what_makes_no_sense_is_refused(table, options, message):
    with pytest.raises(ArgumentError, match=message):
        ek.figures.likert(table, **options)


def test_the_figure_in_words():
    form = pd.DataFrame({"hour_of_day": [5, 4, 9, None, 4]})
    table = satisfaction.distribution(form, "hour_of_day", instrument=PARENTS)
    assert ek.figures.describe_likert(table, labels=PARENTS.labels("en"), language="en") == (
        "Bars of answers. Hour of the day (n = 3): To a very small degree (0), To a small degree "
        "(0), To some degree (0), To a large degree (2), To a very large degree (1), Not relevant "
        "(1), No answer (1)."
    )


def test_an_axes_of_ones_own_and_the_callers_style():
    table = distribution(41)
    ax = Figure(figsize=(10, 6), layout="constrained").add_subplot()
    assert ek.figures.likert(table, ax=ax, labels=PARENTS.labels("nb")) is ax
    assert ax.figure.get_figheight() == 6
    assert_readable(ax)
    plain = inline(ek.figures.likert(table), "a", "t", "d")
    with mpl.rc_context({"font.size": 30, "hatch.linewidth": 9, "axes.facecolor": "black"}):
        assert inline(ek.figures.likert(table), "a", "t", "d") == plain


def test_names_are_plain_text():
    labels = {"item": {"q": r"100 % $\x{ & <b>"}, "q": {"1": "$a_1$"}}
    ax = ek.figures.likert(scale_of(2, [3, 4]), labels=labels)
    assert rows_of(ax) == [r"100 % $\x{ & <b>"]
    assert_readable(ax)


NOMINAL = Instrument(
    "X",
    {"en": "X"},
    ("self",),
    (
        Item(
            "heard_of",
            {"en": "Heard of it"},
            "nominal",
            answers={code: {"en": f"by way {code}"} for code in range(1, 10)},
            not_applicable=(9,),
        ),
    ),
)


def nominal(counts, missing=0):
    codes = [*np.repeat(np.arange(1, len(counts) + 1), counts).tolist(), *[None] * missing]
    frame = pd.DataFrame({"heard_of": pd.array(codes, dtype="Int64")})
    return satisfaction.distribution(frame, "heard_of", instrument=NOMINAL)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("counts", [[1], [2, 1], [30, 0, 7, 3], [300, 120, 4, 1, 0, 9, 80, 3, 40]])
@pytest.mark.parametrize("missing", [0, 2])
def test_answers_without_an_order(counts, missing, language):
    table = nominal(counts, missing)
    labels = NOMINAL.labels(language)
    assert_readable(ek.figures.nominal_answers(table, labels=labels, language=language))
    long = {"item": {"heard_of": f"{LONG} – {LONG}"}, "heard_of": {"1": LONG, "2": LONG}}
    assert_readable(ek.figures.nominal_answers(table, labels=long, language=language))


def test_nominal_bars_are_the_counts():
    table = nominal([30, 0, 7, 3, 0, 0, 0, 0, 6], missing=2)
    ax = ek.figures.nominal_answers(table, labels=NOMINAL.labels("en"), language="en")
    assert [bar.get_width() for bar in ax.patches] == [30, 0, 7, 3, 0, 0, 0, 0, 6, 2]
    assert [text.get_text() for text in ax.texts] == [str(int(b.get_width())) for b in ax.patches]
    assert rows_of(ax)[-3:] == ["by way 8", "Not relevant", "No answer"]
    assert ax.get_xlabel() == "Number (n = 40)"
    assert ax.get_title(loc="left") == "Heard of it"
    words = ek.figures.describe_nominal_answers(table, language="en")
    assert words.startswith("Bars of answers. heard_of (n = 40): 1 (30), 2 (0), 3 (7), 4 (3)")
    assert words.endswith("Not relevant (6), No answer (2).")


def test_one_hidden_answer_hides_all():
    def drawn(counts):
        table = public(nominal(counts))
        ax = ek.figures.nominal_answers(table, language="en")
        assert {bar.get_width() for bar in ax.patches} == {0}
        assert {text.get_text() for text in ax.texts} == {":"}
        assert ": hidden" in legend_of(ax)
        assert_readable(ax)
        return inline(ax, "a", "t", "d"), ek.figures.describe_nominal_answers(table)

    assert drawn([30, 8, 2]) == drawn([20, 1, 19])


def test_nominal_answers_draws_one_item():
    both = pd.concat([nominal([3, 2]), nominal([3, 2]).assign(item="known")])
    with pytest.raises(ArgumentError, match=r"one item of one group, but the result has 2"):
        ek.figures.nominal_answers(both)
    with pytest.raises(ArgumentError, match="nominal_answers has no answers to draw"):
        ek.figures.nominal_answers(nominal([3, 2]).head(0))


@pytest.mark.parametrize("answers", [2, 3, 4, 5, 6, 7])
def test_colours_differ_and_carry_text(answers):
    colours = style.diverging(answers)
    assert len(set(colours)) == answers
    for colour in colours:
        light, dark = sorted(
            (style.relative_luminance(each) for each in (colour, style.text_on(colour))),
            reverse=True,
        )
        assert (light + 0.05) / (dark + 0.05) >= 4.5, colour


@pytest.mark.parametrize("language", LANGUAGES)
def test_best_answers_are_those_of_the_summary(language):
    form = pd.DataFrame({item: [5, 5, 4, 3, 5, None] * 4 for item in CHOICES})
    result = satisfaction.summary(form, CHOICES, instrument=PARENTS)
    ax = ek.figures.best_answers(result, labels=PARENTS.labels(language), language=language)
    assert_readable(ax)
    assert ax.lines[0].get_xdata().tolist() == [0.6] * len(CHOICES)
    of = {"nb": "12 av 20", "en": "12 of 20"}[language]
    assert [text.get_text() for text in ax.texts] == [of] * len(CHOICES)


def test_best_answers_that_are_hidden_are_a_sign():
    form = pd.DataFrame({"a": [5] * 8 + [1] * 8, "b": [5] * 14 + [1] * 2})
    summary = satisfaction.summary(form, ["a", "b"])
    result = protect(summary, satisfaction.SUMMARY_CELLS, Policy(min_cell=5))
    ax = ek.figures.best_answers(result, language="en")
    assert [text.get_text() for text in ax.texts] == ["8 of 16", ": of 16"]
    assert np.isnan(ax.lines[0].get_xdata()[1])
    assert "b: hidden of 16." in ek.figures.describe_best_answers(result, language="en")


def test_best_answers_refuses_what_it_cannot_draw():
    result = satisfaction.summary(pd.DataFrame({"a": [5, 4]}), "a")
    with pytest.raises(ArgumentError, match="no item to draw"):
        ek.figures.best_answers(result[:0])
    with pytest.raises(ArgumentError, match="'a' has several rows"):
        ek.figures.best_answers(pd.concat([result, result]))
