"""How evalkit's figures look: the only place with colours and sizes."""

from __future__ import annotations

import functools
import textwrap
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.textpath import TextPath

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

P = ParamSpec("P")
R = TypeVar("R")

MM = 1 / 25.4
WIDTH = 160.0
"""Width of a figure in mm: the text width of an A4 page."""

TEXT, SMALL = 9.0, 8.0
INK, MUTED, TRACK, PAPER = "#1f2933", "#52606d", "#dfe3e8", "#ffffff"
WARNING, LINK = "#b3261e", "#2f5f8a"

# Paul Tol's "bright" colours: told apart with every kind of colour vision, and in grey.
BLUE, CYAN, GREEN, YELLOW = "#4477aa", "#66ccee", "#228833", "#ccbb44"
RED, PURPLE, GREY = "#ee6677", "#aa3377", "#bbbbbb"

ROLE_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "child": BLUE,
        "parent": YELLOW,
        "sibling": CYAN,
        "professional": GREEN,
        "user_representative": PURPLE,
        "other_adult": GREY,
        "adult": GREY,
        "family_member": RED,
    }
)
KIND_COLOURS: Mapping[str, str] = MappingProxyType(
    {"children": BLUE, "family": RED, "parents": PURPLE, "activity": YELLOW}
)

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


def new_axes(height: float, width: float = WIDTH) -> Axes:
    """Return the axes of a new figure of a size in mm; not registered with pyplot."""
    figure = Figure(figsize=(width * MM, height * MM), layout="constrained")
    figure.get_layout_engine().set(w_pad=1 * MM, h_pad=1 * MM)  # type: ignore[union-attr,call-arg]
    return figure.add_subplot()


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


def wrapped(text: str, width: int = 30) -> str:
    """Return a label in lines of at most ``width`` letters, broken between words."""
    return "\n".join(textwrap.wrap(text, width)) or text


def legend_above(
    ax: Axes, handles: Sequence[Artist], title: str | None, beside: Sequence[str]
) -> None:
    """Put title and legend above a figure, the legend in as many lines as its width asks.

    ``beside`` are the labels at the left, which take some of the width.
    """
    names = [str(handle.get_label()) for handle in handles]
    left = max((text_width(line) for name in beside for line in name.split("\n")), default=0.0)
    figure = ax.get_figure(root=True)
    width = figure.get_figwidth() * 72 if figure is not None else WIDTH * MM * 72
    columns = _columns(names, width - left - 3 * SMALL)
    lines = -(-len(names) // columns)
    legend = ax.legend(
        handles=list(handles),
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=columns,
        columnspacing=1.2,
        borderaxespad=0.5,
    )
    legend.set_in_layout(False)  # constrained layout would make the axes narrower instead
    ax.set_title(title or " ", pad=lines * 1.6 * SMALL + 10, fontsize=None if title else 1)


def _columns(names: Sequence[str], width: float) -> int:
    """Return the largest number of legend columns that is not wider than ``width`` points."""
    for columns in range(len(names), 1, -1):
        # matplotlib fills column by column, the first ones one longer where it does not come out.
        widest = [
            max(text_width(str(name)) for name in part) for part in np.array_split(names, columns)
        ]
        if sum(widest) + len(widest) * 3.4 * SMALL <= width:
            return columns
    return 1


def text_width(text: str, size: float = SMALL) -> float:
    """Return the width of a line of text in points."""
    return float(TextPath((0, 0), text or " ", size=size).get_extents().width)
