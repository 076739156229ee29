"""What a manifest says of an exhibit's numbers: where they stand, and what adds up.

From this and the workbook alone it can be worked out what an outsider knows. No number stands in
it, and nothing of which hidden number is unsafe.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from evalkit.privacy import Cells, Policy
    from evalkit.privacy.guarding import Guarded


def disclosed(
    guarded: Guarded,
    cells: Cells,
    policy: Policy,
    places: pd.DataFrame,
    columns: Sequence[str],
    top: int,
) -> dict[str, Any]:
    """Return what the manifest says of an exhibit.

    ``places`` are the ids of numbers in the order of the rows of its sheet, ``columns`` those of
    the sheet, ``top`` is the row of their headings.
    """
    letters = {name: get_column_letter(n) for n, name in enumerate(columns, start=1)}
    numbers: dict[str, list[str]] = {}
    for name in (each for each in cells.counted if each in letters):
        for row, number in enumerate(places[name].tolist(), start=top + 1):
            if isinstance(number, str):
                numbers.setdefault(number, []).append(f"{letters[name]}{row}")
    count = cells.count or cells.total
    beside = [letters[name] for name in cells.derived if name in letters]
    outside = [name for name in cells.outside if name in places]
    return {
        "open": policy.is_open(cells),
        "by_size": not (cells.persons or cells.persons_left),
        "full_rows": "hide" if policy.hides_full_rows(cells) else "show",
        "numbers": {name: " ".join(stands) for name, stands in sorted(numbers.items())},
        "sums": sorted([total, *sorted(parts)] for total, parts in guarded.numbered.relations),
        # Who is not in a total: where many are not, nobody can be sure of anyone.
        "outside": {
            number: [each for each in others if isinstance(each, str)]
            for number, *others in zip(
                *(places[name].tolist() for name in (cells.count, *outside)), strict=True
            )
            if isinstance(number, str)
        }
        if cells.count is not None and outside and policy.hides_full_rows(cells)
        else {},
        "derived": {letters[count]: beside} if count in letters and beside else {},
        "means": [
            {
                "mean": letters[mean.column],
                "n": letters[mean.n],
                "spreads": [letters[name] for name in mean.spreads if name in letters],
                "over": mean.over,
                "of": {
                    f"{letters[mean.column]}{row}": number
                    for row, number in enumerate(places[mean.best].tolist(), start=top + 1)
                    if isinstance(number, str)
                }
                if mean.over is not None and mean.best is not None
                else {},
            }
            for mean in cells.means
            if mean.column in letters and mean.n in letters
        ],
    }


def hidden_numbers(guarded: Guarded) -> tuple[str, ...]:
    """Return the ids of the numbers that would stand in the exhibit and are hidden, in order."""
    printed = {number.id for number in guarded.numbered.numbers if number.printed}
    return tuple(sorted(guarded.hidden & printed))
