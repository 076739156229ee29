"""A report that tells too much is not kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.errors import DisclosureError
from evalkit.report.auditing import audit

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

MOST_NAMED = 20


def refuse_breaches(folder: Path) -> None:
    """Audit a report before it is kept.

    Raises
    ------
    DisclosureError
        Something in it tells too much: names each exhibit, its cells and a way out.
    """
    found = audit(folder).breaches
    if len(found):
        raise DisclosureError(
            "The report was not written: an audit found that it tells too much.\n"
            f"{told(found)}\n{_way_out(found)}"
        )


def told(breaches: pd.DataFrame) -> str:
    """Return breaches as lines of text, each with its place."""
    lines = [
        ", ".join(
            part
            for part in (
                f"exhibit '{row['exhibit']}'" if row["exhibit"] else "",
                str(row["file"]),
                f'sheet "{row["sheet"]}"' if row["sheet"] else "",
                f"cell {row['cell']}" if row["cell"] else "",
            )
            if part
        )
        + f": {row['problem']}."
        for row in breaches.head(MOST_NAMED).to_dict("records")
    ]
    if len(breaches) > MOST_NAMED:
        lines.append(f"... and {len(breaches) - MOST_NAMED} more.")
    return "\n".join(lines)


def _way_out(breaches: pd.DataFrame) -> str:
    exhibits = sorted({str(name) for name in breaches["exhibit"] if name})
    listed = ", ".join(f'"{name}"' for name in exhibits)
    return (
        f"Keep it internal with internal_exhibits = [{listed}] under [disclosure] of study.toml, "
        "or put groups or answers together, so that fewer numbers are small."
    )
