"""Writing figures: the same bytes for the same figure, in every run."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.figures.style import styled

if TYPE_CHECKING:
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


def save(ax: Axes, path: Path) -> Path:
    """Write the figure of ``ax`` to ``path`` (svg, png at 200 dpi, or pdf) and return the path."""
    path = Path(path)
    path.write_bytes(rendered(ax, path.suffix.removeprefix(".")))
    return path


@styled
def rendered(ax: Axes, kind: str) -> bytes:
    """Return the figure of ``ax`` as the bytes of a file of ``kind``."""
    buffer = BytesIO()
    figure: Figure = ax.get_figure(root=True)  # type: ignore[assignment]
    figure.savefig(buffer, format=kind, metadata=METADATA[kind])
    return buffer.getvalue()


def inline_svg(ax: Axes, prefix: str, title: str, description: str) -> str:
    """Return the figure as svg for a html page: described, its ids those of ``prefix``."""
    from markupsafe import escape

    svg = rendered(ax, "svg").decode("utf-8")
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
