"""Results of the same people, guarded together: what one hides no other tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from evalkit.arguments import check_columns, check_pandas
from evalkit.errors import ArgumentError
from evalkit.privacy.masking import masked
from evalkit.privacy.numbering import full_rows, numbered

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pandas as pd

    from evalkit.privacy.cells import Cells
    from evalkit.privacy.numbering import Numbered
    from evalkit.privacy.numbers import Number, Relation
    from evalkit.privacy.policy import Policy
    from evalkit.privacy.system import System


class Part(NamedTuple):
    """A result, its declaration, and the columns of it that are told (None: all)."""

    result: pd.DataFrame
    cells: Cells
    shown: Collection[str] | None = None


class Guarded(NamedTuple):
    """A result as it may be shown, with what decided it.

    Attributes
    ----------
    table : pandas.DataFrame
        As `protect` returns it.
    numbered : Numbered
        The numbers of the result, and what adds up.
    hidden : frozenset of str
        The ids of the numbers that are hidden, those of results guarded with it among them.
    """

    table: pd.DataFrame
    numbered: Numbered
    hidden: frozenset[str]


def guarded(
    result: pd.DataFrame,
    cells: Cells,
    policy: Policy,
    *,
    shown: Collection[str] | None = None,
    earlier: Collection[str] = (),
) -> Guarded:
    """Return what `protect` does, and what decided it; ``earlier`` as for `guarded_together`."""
    return guarded_together([Part(result, cells, shown)], policy, earlier)[0]


def guarded_together(
    parts: Sequence[Part], policy: Policy, earlier: Collection[str] = ()
) -> list[Guarded]:
    """Protect results that tell of the same people: a number in two of them is one number.

    ``earlier`` are the ids of numbers that were hidden in an earlier report: where anything still
    has to be hidden, they stay so. Whoever holds both must not find more than in either.
    """
    for part in parts:
        _check(part.result, part.cells)
    parts = [_without_lone_values(part, policy) for part in parts]
    counts = [numbered(each.result, each.cells, policy, shown=each.shown) for each in parts]
    if policy.rounding and policy.hides and not any(policy.is_open(each.cells) for each in parts):
        from evalkit.privacy.rounding import rounded, rounded_result

        system = _system(counts)
        told = dict(zip(system.ids, rounded(system, policy.rounding), strict=True))
        return [
            Guarded(rounded_result(each.result, each.cells, policy, own, told), own, frozenset())
            for each, own in zip(parts, counts, strict=True)
        ]
    hidden = _hidden(counts, policy, earlier) if policy.hides else frozenset[str]()
    apart = _apart(parts, counts, hidden)
    return [
        Guarded(masked(each.result, each.cells, policy, own, hidden, apart), own, hidden)
        for each, own in zip(parts, counts, strict=True)
    ]


def _without_lone_values(part: Part, policy: Policy) -> Part:
    """Return a result without values that are everyone's, where only values that occur are named.

    Where "girl" is the only gender that has a row, its name tells what its hidden count would.
    """
    result, cells = part.result, part.cells
    if cells.observed is None or policy.is_open(cells) or policy.rounding is not None:
        return part
    others = [key for key in cells.keys if key != cells.observed]
    again = result.duplicated(others, keep=False) if others else len(result) > 1
    return part._replace(result=result[~full_rows(result, cells, policy) | again])


def _check(result: pd.DataFrame, cells: Cells) -> None:
    check_pandas(result, "the result")
    check_columns(result, *cells.columns, what="the result")
    undeclared = [name for name in result.columns if name not in cells.columns]
    if undeclared:
        raise ArgumentError(
            f"The columns {', '.join(undeclared)} are not declared in Cells, so it is not known "
            "whether they may be shown. Declare each as a key, a count, derived or open."
        )


def _hidden(counts: Sequence[Numbered], policy: Policy, earlier: Collection[str]) -> frozenset[str]:
    """Return the ids of the numbers that are hidden."""
    numbers = list(merged(counts).values())
    if not any(number.unsafe for number in numbers):
        return frozenset(number.id for number in numbers if number.forced or not number.printed)
    from evalkit.privacy.hiding import pattern

    system = _system(counts)
    kept = np.isin(system.ids, list(earlier)) if earlier else None
    hidden = pattern(system, policy.min_cell, kept)
    return frozenset(name for name, is_hidden in zip(system.ids, hidden, strict=True) if is_hidden)


def _system(counts: Sequence[Numbered]) -> System:
    from evalkit.privacy.system import System

    relations: list[Relation] = [each for own in counts for each in own.relations]
    return System.of(merged(counts).values(), relations)


def merged(counts: Sequence[Numbered]) -> Mapping[str, Number]:
    """Return the numbers of several results, each once: hidden for one, it is for all.

    Raises
    ------
    ArgumentError
        Two results say different things of what is declared to be the same number.
    """
    found: dict[str, Number] = {}
    for number in (each for own in counts for each in own.numbers):
        other = found.get(number.id)
        if other is None:
            found[number.id] = number
        elif other.value != number.value:
            raise ArgumentError(
                f"'{number.id}' is declared to be one number, but is {other.value} and "
                f"{number.value}. Mend the Cells of these results."
            )
        else:
            found[number.id] = other.and_(number)
    return found


def _apart(
    parts: Sequence[Part], counts: Sequence[Numbered], hidden: frozenset[str]
) -> frozenset[str]:
    """Return the hidden counts of answers, where a result tells them answer by answer."""
    keys = {mean.over for part in parts for mean in part.cells.means if mean.over is not None}
    told: set[str] = set()
    for part, own in zip(parts, counts, strict=True):
        if keys & set(part.cells.keys) and part.cells.count is not None:
            told |= set(own.places[part.cells.count].dropna()) & hidden
    return frozenset(told)
