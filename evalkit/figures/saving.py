"""Writing figures: the same bytes for the same figure, in every run."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.arguments import check_choice
from evalkit.errors import ArgumentError
from evalkit.figures.style import styled

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = ("svg", "png", "pdf")
# matplotlib writes the time of day into svg and pdf unless told not to.
METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": "evalkit"},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": "evalkit"},
    "png": {"Software": "evalkit"},
}
ID = re.compile(r'(\bid="|href="#|url\(#)')


def save(ax: Axes, path: str | os.PathLike[str]) -> Path:
    """Write the figure of some axes to a file, the same bytes every time.

    Parameters
    ----------
    ax : matplotlib Axes
        From any function of `evalkit.figures`.
    path : path
        Ends in ``.svg``, ``.png`` (200 dots per inch) or ``.pdf``.

    Returns
    -------
    Path

    Raises
    ------
    ArgumentError
        Another ending.

    Examples
    --------
    >>> import tempfile
    >>> import evalkit as ek
    >>> study = ek.read_study("data/sample/smil-2009")
    >>> ax = ek.figures.programme(study.sessions)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     ek.figures.save(ax, f"{folder}/programme.png").name
    'programme.png'
    """
    path = Path(path)
    check_choice(path.suffix.removeprefix("."), "the ending of the file", FORMATS)
    path.write_bytes(rendered(figure_of(ax), path.suffix.removeprefix(".")))
    return path


def figure_of(ax: Axes) -> Figure:
    """Return the whole figure that axes stand in."""
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ArgumentError("these axes were removed from their figure, so nothing can be written.")
    return figure


def rendered(figure: Figure, kind: str) -> bytes:
    """Return a figure as the bytes of a file of ``kind``."""
    return rendered_as(figure, (kind,))[kind]


@styled
def rendered_as(figure: Figure, kinds: Iterable[str]) -> dict[str, bytes]:
    """Return a figure as the bytes of files of several kinds, laid out once for all."""
    engine = figure.get_layout_engine()
    if engine is not None:
        _lay_out_afresh(figure)
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
    files = {}
    try:
        for kind in kinds:
            buffer = BytesIO()
            figure.savefig(buffer, format=kind, metadata=METADATA[kind])
            files[kind] = buffer.getvalue()
    finally:
        if engine is not None:
            figure.set_layout_engine(engine)
    return files


def _lay_out_afresh(figure: Figure) -> None:
    """Put axes back where they began: constrained layout goes on from where it last ended."""
    for ax in figure.axes:
        spec = ax.get_subplotspec()
        if spec is not None and ax.get_in_layout():
            ax.set_position(spec.get_position(figure))
            ax.set_in_layout(True)  # setting a position takes axes out of the layout


def inline_svg(file: bytes, prefix: str, title: str, description: str) -> str:
    """Return an svg file as part of a html page: described, its ids those of ``prefix``."""
    from markupsafe import escape

    svg = file.decode("utf-8")
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = ID.sub(rf"\g<1>{prefix}-", svg)
    start = svg.index(">") + 1
    opening = svg[:start].replace(
        "<svg", f'<svg role="img" aria-labelledby="{prefix}-title {prefix}-description"', 1
    )
    words = (
        f'<title id="{prefix}-title">{escape(title)}</title>'
        f'<desc id="{prefix}-description">{escape(description)}</desc>'
    )
    return opening + words + svg[start:]
