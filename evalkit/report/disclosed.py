"""What a manifest says of an exhibit's numbers: where they stand, and what adds up.

From this and the workbook alone it can be worked out what an outsider knows. No number stands in
it, and nothing of which hidden number is unsafe.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from evalkit.privacy import Cells, Mean, Policy
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
    return {
        "open": policy.is_open(cells),
        "by_size": not (cells.persons or cells.persons_left),
        "full_rows": "hide" if policy.hides_full_rows(cells) else "show",
        "numbers": {name: " ".join(stands) for name, stands in sorted(numbers.items())},
        "sums": sorted([total, *sorted(parts)] for total, parts in guarded.numbered.relations),
        "outside": _outside(cells, places) if policy.hides_full_rows(cells) else {},
        "derived": {letters[count]: beside} if count in letters and beside else {},
        "means": [
            _mean(mean, letters, places, top)
            for mean in cells.means
            if mean.column in letters and mean.n in letters
        ],
    }


def _outside(cells: Cells, places: pd.DataFrame) -> dict[str, list[str]]:
    """Return who is not in a total: where many are not, nobody can be sure of anyone."""
    if cells.count is None or not cells.outside:
        return {}
    columns = [places[name].tolist() for name in (cells.count, *cells.outside)]
    return {
        number: [each for each in others if isinstance(each, str)]
        for number, *others in zip(*columns, strict=True)
        if isinstance(number, str)
    }


def _mean(mean: Mean, letters: Mapping[str, str], places: pd.DataFrame, top: int) -> dict[str, Any]:
    """Return where a mean, its number and its spreads stand, and of which answers it is."""
    told: dict[str, Any] = {
        "mean": letters[mean.column],
        "n": letters[mean.n],
        "spreads": [letters[name] for name in mean.spreads if name in letters],
        "over": mean.over,
        "of": {},
    }
    if mean.over is not None and mean.best is not None:
        numbers = enumerate(places[mean.best].tolist(), start=top + 1)
        cells = {f"{told['mean']}{row}": number for row, number in numbers}
        told["of"] = {cell: number for cell, number in cells.items() if isinstance(number, str)}
    return told


def hidden_numbers(guarded: Guarded) -> tuple[str, ...]:
    """Return the ids of the numbers that would stand in the exhibit and are hidden, in order."""
    printed = {number.id for number in guarded.numbered.numbers if number.printed}
    return tuple(sorted(guarded.hidden & printed))
