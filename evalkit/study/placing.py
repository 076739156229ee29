"""Problems of rows, told at their place in their file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def at(
    rows: pd.DataFrame,
    column: str,
    message: Callable[[dict[str, object]], str],
    severity: str = "error",
) -> Iterator[Problem]:
    """Yield a problem for each row, at its place in its file.

    A row of a register is one cell: its column is the header of the session, unless it is the
    person that is wrong.
    """
    for record in rows.to_dict("records"):
        row = {str(name): cell for name, cell in record.items()}
        value = row[column]
        header = row.get("_header")
        yield Problem(
            file=str(row["_file"]),
            problem=message(row),
            sheet=None if pd.isna(row["_sheet"]) else str(row["_sheet"]),
            row=int(str(row["_row"])),
            column=header if isinstance(header, str) and column != "person_id" else column,
            value=None if pd.isna(value) else str(value),
            severity=severity,
        )
