"""How evalkit's figures look: the only place with colours and sizes."""

from __future__ import annotations

import functools
import textwrap
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.textpath import TextPath
from matplotlib.ticker import FuncFormatter, MaxNLocator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

    from evalkit.locale import Words

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

MM = 1 / 25.4
WIDTH = 160.0
"""Width of a figure in mm: the text width of an A4 page."""

TEXT, SMALL = 9.0, 8.0
INK, MUTED, PAPER = "#1f2933", "#52606d", "#ffffff"
TRACK, TRACK_EDGE = "#dfe3e8", "#9aa5b1"
WARNING, LINK = "#b3261e", "#2f5f8a"

# Paul Tol's "bright" colours: told apart with every kind of colour vision, and in grey.
BLUE, CYAN, GREEN, YELLOW = "#4477aa", "#66ccee", "#228833", "#ccbb44"
RED, PURPLE, GREY = "#ee6677", "#aa3377", "#bbbbbb"
CHARCOAL = "#333333"
# From his "high-contrast" and "vibrant" schemes: four steps of lightness, also in grey.
NAVY, VERMILION, SLATE, SKY = "#004488", "#cc3311", "#888888", "#33bbee"

ROLE_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "child": BLUE,
        "parent": YELLOW,
        "sibling": CYAN,
        "professional": GREEN,
        "user_representative": PURPLE,
        "other_adult": GREY,
        "adult": CHARCOAL,
        "family_member": RED,
    }
)
KIND_COLOURS: Mapping[str, str] = MappingProxyType(
    {"children": BLUE, "family": RED, "parents": PURPLE, "activity": YELLOW}
)
CATEGORY_COLOURS: Mapping[str, str] = MappingProxyType(
    {"recovered": NAVY, "improved": SKY, "unchanged": SLATE, "deteriorated": VERMILION}
)
CATEGORY_MARKERS: Mapping[str, str] = MappingProxyType(
    {"recovered": "D", "improved": "^", "unchanged": "o", "deteriorated": "v"}
)
STATUS_COLOURS: Mapping[str, str] = MappingProxyType(
    {"present": BLUE, "absent": TRACK, "excused": CYAN, "unknown": YELLOW}
)
STATUS_SIGNS: Mapping[str, str] = MappingProxyType(
    {"present": "", "absent": "–", "excused": "/", "unknown": "?"}
)
LINE_COLOURS = (BLUE, RED, GREEN, PURPLE, YELLOW, CHARCOAL)
LINE_MARKERS = ("o", "s", "^", "D", "v", "P")
DASHES = (0, (4, 2.5))
"""How lines are drawn that state a value rather than show one: cut-offs."""

# Answers from one end of a scale to the other: the outermost first. Brown and blue of the same
# lightness are told apart with every kind of colour vision; black or white is read on each.
WORST_FIRST = ("#8c4a00", "#d98c3f", "#f5cb9b")
BEST_FIRST = ("#1d4f80", "#5d9fd6", "#b4d4ee")
NEUTRAL = "#d3d6da"
HATCH = "/////"

RC: Mapping[Any, Any] = MappingProxyType(
    {
        "axes.axisbelow": True,
        "axes.edgecolor": MUTED,
        "axes.grid": False,
        "axes.labelcolor": INK,
        "axes.labelsize": TEXT,
        "axes.linewidth": 0.6,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlelocation": "left",
        "axes.titlepad": 8.0,
        "axes.titlesize": TEXT + 1,
        "axes.titleweight": "bold",
        "figure.dpi": 100.0,
        "figure.facecolor": PAPER,
        "font.family": ["DejaVu Sans"],
        "font.size": TEXT,
        "grid.color": TRACK,
        "grid.linewidth": 0.6,
        "hatch.linewidth": 0.6,
        "legend.borderpad": 0.0,
        "legend.fontsize": SMALL,
        "legend.frameon": False,
        "legend.handlelength": 1.2,
        "legend.handleheight": 1.0,
        "pdf.fonttype": 42,
        "savefig.dpi": 200.0,
        "svg.fonttype": "path",
        "svg.hashsalt": "evalkit",
        "text.color": INK,
        "text.parse_math": False,
        "xtick.color": MUTED,
        "xtick.labelcolor": INK,
        "xtick.labelsize": SMALL,
        "xtick.major.width": 0.6,
        "ytick.color": MUTED,
        "ytick.labelcolor": INK,
        "ytick.labelsize": SMALL,
        "ytick.major.width": 0.6,
    }
)


def styled(draw: Callable[P, R]) -> Callable[P, R]:
    """Run a function with evalkit's style, whatever style the caller has set."""

    @functools.wraps(draw)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        with mpl.rc_context({**mpl.rcParamsDefault, **RC, "backend": mpl.rcParams["backend"]}):
            return draw(*args, **kwargs)

    return wrapper


class Drawing(Figure):
    """A figure that shows itself in a notebook: no pyplot, no magic needed."""

    def _repr_svg_(self) -> str:
        from evalkit.figures.saving import rendered

        return rendered(self, "svg").decode("utf-8")


def new_axes(height: float, width: float = WIDTH) -> Axes:
    """Return the axes of a new figure of a size in mm; not registered with pyplot."""
    return new_figure(height, width).add_subplot()


def new_figure(height: float, width: float = WIDTH) -> Figure:
    """Return a new, empty figure of a size in mm; not registered with pyplot."""
    figure = Drawing(figsize=(width * MM, height * MM), layout="constrained")
    figure.get_layout_engine().set(w_pad=1 * MM, h_pad=1 * MM)  # type: ignore[union-attr,call-arg]
    return figure


def set_height(ax: Axes, height: float) -> None:
    """Make the figure of axes so many mm high."""
    figure = ax.get_figure(root=True)
    if figure is not None:
        figure.set_figheight(height * MM)


def text_on(colour: str) -> str:
    """Return black or white, whichever is read better on a colour (WCAG 2 contrast)."""
    luminance = relative_luminance(colour)
    on_white = 1.05 / (luminance + 0.05)
    on_ink = (luminance + 0.05) / (relative_luminance(INK) + 0.05)
    return PAPER if on_white > on_ink else INK


def relative_luminance(colour: str) -> float:
    """Return the relative luminance of a colour, from 0 (black) to 1 (white)."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def diverging(answers: int) -> list[str]:
    """Return a colour per answer of a scale, the lowest first; a middle one is grey."""
    half = answers // 2
    middle = [NEUTRAL] * (answers % 2)
    return [*WORST_FIRST[:half], *middle, *reversed(BEST_FIRST[:half])]


def wrapped(text: str, width: int = 30) -> str:
    """Return a label in lines of at most ``width`` letters, broken between words."""
    return "\n".join(textwrap.wrap(text, width)) or text


def dress(ax: Axes, *, baseline: str | None) -> None:
    """Give axes the look of the house, also where the caller made them in another style.

    ``baseline`` is the one side that is drawn; names are written as they are, never as maths.
    """
    for side, spine in ax.spines.items():
        spine.set_visible(side == baseline)
        spine.set(color=MUTED, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.tick_params(length=0, labelsize=SMALL, labelcolor=INK)
    for text in ax.findobj(Text):
        text.set_parse_math(False)


def count_axis(axis: Axis, say: Words, *, most: int) -> None:
    """Let an axis count people: whole numbers in the reader's language, a pale grid."""
    axis.set_major_locator(
        MaxNLocator(integer=True, nbins=most, min_n_ticks=1, steps=[1, 2, 5, 10])
    )
    axis.set_major_formatter(FuncFormatter(lambda value, _: say.number(value)))
    axis.grid(visible=True, color=TRACK, linewidth=0.6)


def write_above(ax: Axes, x: float, y: float, text: str) -> None:
    """Write a number or a sign just above the end of a bar, a sign larger."""
    offset = {"xytext": (0, 1.5), "textcoords": "offset points"}
    ax.annotate(text, (x, y), ha="center", va="bottom", fontsize=_size_of(text), **offset)  # type: ignore[arg-type]


def write_beside(ax: Axes, x: float, y: float, text: str) -> None:
    """Write a number or a sign just after the end of a bar that lies, a sign larger."""
    offset = {"xytext": (3, 0), "textcoords": "offset points"}
    ax.annotate(text, (x, y), va="center_baseline", fontsize=_size_of(text), **offset)  # type: ignore[arg-type]


def _size_of(text: str) -> float:
    return SMALL if text.strip().isalnum() or len(text) > 1 else SMALL + 3


def width_of(ax: Axes) -> float:
    """Return how many points wide axes may become."""
    figure = ax.get_figure(root=True)
    if figure is None:
        return WIDTH * MM * 72
    alone = len(figure.axes) == 1
    return figure.get_figwidth() * 72 * (1.0 if alone else ax.get_position().width)


def title_above(ax: Axes, title: str, *, left: float, pad: float) -> None:
    """Write a title in as many lines as its width asks; ``left`` points are not to be had."""
    size = TEXT + 1
    room = (width_of(ax) - left - 2 * SMALL) / 1.15  # bold letters are wider than measured
    ax.set_title(fitted(title, room, size), pad=pad, loc="left", fontsize=size, fontweight="bold")


def fitted(text: str, width: float, size: float) -> str:
    """Return a text in lines of at most ``width`` points, broken between words."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def legend_above(
    ax: Axes,
    handles: Sequence[Artist],
    title: str | None,
    beside: Sequence[str],
    *,
    by_row: bool = False,
) -> float:
    """Put title and legend above a figure, the legend in as many lines as its width asks.

    ``beside`` are the labels at the left, which take some of the width. ``by_row`` fills line
    by line, so that a scale is read from left to right. Returns the height in points.
    """
    names = [wrapped(str(handle.get_label()), 50) for handle in handles]
    for handle, name in zip(handles, names, strict=True):
        handle.set_label(name)
    left = max((text_width(line) for name in beside for line in name.split("\n")), default=0.0)
    columns = legend_columns(names, width_of(ax) - left - 3 * SMALL, by_row=by_row)
    legend = ax.legend(
        handles=_across(handles, columns) if by_row else list(handles),
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=columns,
        columnspacing=1.2,
        borderaxespad=0.5,
        borderpad=0,
        frameon=False,
        fontsize=SMALL,
    )
    legend.set_in_layout(False)  # constrained layout would make the axes narrower instead
    names = _across(names, columns) if by_row else names
    lines = sum(name.count("\n") + 1 for name in names[: -(-len(names) // columns)])
    height = lines * 1.6 * SMALL
    if title is None:
        ax.set_title(" ", pad=height, fontsize=1)
        return height
    title_above(ax, title, left=left, pad=height + 10)
    return height + 10 + (ax.get_title(loc="left").count("\n") + 1) * 1.3 * TEXT


def legend_columns(names: Sequence[str], width: float, *, by_row: bool = False) -> int:
    """Return the largest number of legend columns that is not wider than ``width`` points."""
    for columns in range(len(names), 1, -1):
        # matplotlib fills column by column, the first ones one longer where it does not come out.
        widest = [
            max(text_width(line) for name in part for line in str(name).split("\n"))
            for part in np.array_split(_across(names, columns) if by_row else names, columns)
        ]
        if sum(widest) + len(widest) * 3.4 * SMALL <= width:
            return columns
    return 1


def _across(entries: Sequence[T], columns: int) -> list[T]:
    """Return entries in the order that puts them line by line into so many columns."""
    return [entry for place in range(columns) for entry in entries[place::columns]]


@functools.lru_cache(maxsize=4096)
def text_width(text: str, size: float = SMALL) -> float:
    """Return the width of a line of text in points."""
    path = TextPath((0, 0), text, size=size) if text.strip() else None
    return float(path.get_extents().width) if path is not None and len(path.vertices) else 0.0
