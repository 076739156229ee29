"""What somebody who knows every shown number of a table can tell about the hidden ones.

A table with its margins is a network. Every row and every column is a node, the margins too; every
number is an arc between its row and its column. Inner cells and the grand total lead from row to
column, the other margins from column to row. What enters a node leaves it: these are all relations
between the numbers. The true table is a flow, and another table is possible where the difference
is a flow too that changes hidden numbers only and takes none below zero: how far a number can rise
or fall is a maximum flow. ``interval`` finds the same by linear programming, as a check.

Tables are arrays of whole numbers with the margins in the last row and column; ``hidden`` is an
array of truth values of the same shape. No code of evalkit is used here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

if TYPE_CHECKING:
    from collections.abc import Iterator

UNBOUNDED = 3  # a status of linprog


def with_margins(counts) -> np.ndarray:
    rows = np.column_stack([counts, np.sum(counts, axis=1)])
    return np.vstack([rows, rows.sum(axis=0)])


def unsafe(table: np.ndarray, min_cell: int) -> np.ndarray:
    return (table > 0) & (table < min_cell)


def required_width(table: np.ndarray, hidden: np.ndarray, min_cell: int) -> np.ndarray:
    """Return how wide the interval of each number must be, were it unsafe and hidden."""
    shown = np.where(hidden, np.inf, table)
    width = np.minimum(np.full(table.shape, float(min_cell)), shown[-1, -1])
    width[:-1, :-1] = np.minimum(width[:-1, :-1], np.minimum(shown[:-1, -1:], shown[-1:, :-1]))
    width[-1, -1] = min_cell
    return width


def bounds(table: np.ndarray, hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the greatest possible value of every number."""
    lower, upper = table.astype(float), table.astype(float)
    for spot in np.argwhere(hidden):
        lower[*spot], upper[*spot] = number(table, hidden, *spot)
    return lower, upper


def too_narrow(table: np.ndarray, hidden: np.ndarray, min_cell: int) -> Iterator[tuple[int, int]]:
    """Yield where an unsafe number is shown or known too closely."""
    width = required_width(table, hidden, min_cell)
    for row, column in np.argwhere(unsafe(table, min_cell)).tolist():
        lower, upper = number(table, hidden, row, column)
        if upper - lower < width[row, column]:
            yield row, column


def number(table: np.ndarray, hidden: np.ndarray, row: int, column: int) -> tuple[float, float]:
    """Return the least and the greatest possible value of one number."""
    true = float(table[row, column])
    if not hidden[row, column]:
        return true, true
    capacity, endless = _residual(table, hidden)
    ends = row, len(table) + column
    tail, head = ends if _forward(table)[row, column] else ends[::-1]
    capacity[tail, head] = capacity[head, tail] = 0
    fall = min(true, _flow(capacity, tail, head, endless))
    return true - fall, true + _flow(capacity, head, tail, endless)


def complements(table: np.ndarray, min_cell: int) -> np.ndarray:
    """Return of which numbers of a row the rest of its total is unsafe; columns by transposing."""
    found = unsafe(table[:, -1:] - table, min_cell)
    found[:, -1] = False
    return found


def complement(table: np.ndarray, hidden: np.ndarray, row: int, column: int) -> tuple[float, float]:
    """Return what the total of the row minus a number of the row may be.

    The node of the row is split: the other numbers hang on a node of their own, and what passes
    between the two nodes is the complement.
    """
    capacity, endless = _residual(table, hidden)
    others = len(table) + np.delete(np.arange(table.shape[1] - 1), column)
    split = len(capacity)
    capacity = np.pad(capacity, (0, 1))
    capacity[split, others], capacity[others, split] = capacity[row, others], capacity[others, row]
    capacity[row, others] = capacity[others, row] = 0
    tail, head = (row, split) if row < len(table) - 1 else (split, row)
    true = float(table[row, -1] - table[row, column])
    fall, rise = _flow(capacity, tail, head, endless), _flow(capacity, head, tail, endless)
    return true - fall, true + rise


def narrow_complements(
    table: np.ndarray, hidden: np.ndarray, min_cell: int
) -> Iterator[tuple[int, int, str]]:
    """Yield of which number, within its row or column, the complement is known too closely."""
    for within, numbers, mask in (("row", table, hidden), ("column", table.T, hidden.T)):
        width = required_width(numbers, mask, min_cell)
        for row, column in np.argwhere(complements(numbers, min_cell)).tolist():
            lower, upper = complement(numbers, mask, row, column)
            total = numbers[row, -1] if not mask[row, -1] else np.inf
            if upper - lower < min(width[row, -1], total):
                yield (row, column, within) if within == "row" else (column, row, within)


def interval(table: np.ndarray, hidden: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Return the least and the greatest possible weighted sum of numbers, by linear programming."""
    relations = _relations(table.shape)
    spots = hidden.ravel()
    known = np.where(spots, 0, table.ravel())
    objective = weights.ravel()[spots].astype(float)
    constant = float(weights.ravel() @ known)
    if not objective.any():
        return constant, constant
    ends = [
        _optimum(sign * objective, relations[:, spots], -relations @ known) * sign
        for sign in (1, -1)
    ]
    return constant + ends[0], constant + ends[1]


def _forward(table: np.ndarray) -> np.ndarray:
    rows, columns = np.indices(table.shape)
    return (rows == table.shape[0] - 1) == (columns == table.shape[1] - 1)


def _residual(table: np.ndarray, hidden: np.ndarray) -> tuple[np.ndarray, int]:
    """Return how much more may flow from node to node, and the capacity that means endless.

    No cut through arcs that have an end lets that much pass.
    """
    rows, columns = table.shape
    endless = int(table[hidden].sum()) + 1
    if endless > np.iinfo(np.int32).max // 2:
        message = "scipy counts flows in 32 bits: these counts are too large"
        raise OverflowError(message)
    forward = _forward(table)
    capacity = np.zeros((rows + columns, rows + columns), dtype=np.int32)
    capacity[:rows, rows:] = np.where(hidden, np.where(forward, endless, table), 0)
    capacity[rows:, :rows] = np.where(hidden, np.where(forward, table, endless), 0).T
    return capacity, endless


def _flow(capacity: np.ndarray, source: int, sink: int, endless: int) -> float:
    """Return the maximum flow; a node before the source lets no more in than can be counted."""
    before = len(capacity)
    capacity = np.pad(capacity, (0, 1))
    capacity[before, source] = endless
    flow = maximum_flow(csr_array(capacity), before, sink).flow_value
    return np.inf if flow == endless else float(flow)


def _relations(shape: tuple[int, int]) -> np.ndarray:
    """Return a line per row and per column: its numbers minus its total are nothing."""
    rows, columns = shape
    signs_of_row = np.append(np.ones(columns - 1), -1)
    signs_of_column = np.append(np.ones(rows - 1), -1)
    of_rows = np.kron(np.eye(rows), signs_of_row)
    of_columns = np.kron(signs_of_column, np.eye(columns))
    return np.vstack([of_rows, of_columns])


def _optimum(objective: np.ndarray, relations: np.ndarray, right: np.ndarray) -> float:
    found = linprog(objective, A_eq=relations, b_eq=right, bounds=(0, None), method="highs")
    if found.status == UNBOUNDED:
        return -np.inf
    if not found.success:
        raise RuntimeError(found.message)
    return float(found.fun)
