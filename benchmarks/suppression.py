"""How well ``privacy.suppress`` hides, and how soon: random tables, attacked by an outsider.

``python -m benchmarks.suppression --tables 2000`` fails, and names the seeds, where an unsafe
number, or an unsafe rest of a total, is known too closely, the result contradicts itself, or the
order of the rows matters. The attack (``benchmarks.outsider``) shares no code with evalkit.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from dataclasses import dataclass, field
from functools import cache, partial

import numpy as np
import pandas as pd

from benchmarks import outsider, random_tables
from benchmarks.smallest import Smallest, smallest
from evalkit import privacy

MIN_CELL = 5
TOO_CLOSE = "known too closely"
COMPANIONS = 8  # the most that the optimum is looked for with


@dataclass
class Trial:
    """What became of one random table; hidden numbers are counted with the margins."""

    seed: int
    shape: tuple[int, int]
    problems: list[str] = field(default_factory=list)
    seconds: float = np.nan  # of the processor: other processes do not count
    unsafe: int = 0
    hidden: int = 0
    hidden_cells: int = 0  # without the margins
    people: int = 0  # behind numbers that are hidden for the sake of others
    complements: int = 0  # unsafe ones
    needless: int | None = None  # companions that could be shown, each by itself
    optimum: Smallest | None = None

    @property
    def numbers(self) -> int:
        return (self.shape[0] + 1) * (self.shape[1] + 1)


def shown(result) -> np.ndarray:
    """Return the numbers of a result with the margins last, nan where hidden."""
    rows = np.column_stack([result.table, result.row_totals])
    return np.vstack([rows, np.append(result.column_totals, result.total)])


def problems(counts: pd.DataFrame, result, min_cell: int = MIN_CELL) -> list[str]:
    """Return what is wrong with a result, in words."""
    true, numbers = outsider.with_margins(counts.to_numpy()), shown(result)
    hidden, unsafe = np.isnan(numbers), outsider.unsafe(true, min_cell)
    primary, secondary = result.primary.to_numpy(), result.secondary.to_numpy()
    narrow = list(outsider.too_narrow(true, hidden, min_cell))
    rests = list(outsider.narrow_complements(true, hidden, min_cell))
    wrong = {
        f"{TOO_CLOSE}: {narrow}": narrow,
        f"what is left of a total is {TOO_CLOSE}: {rests}": rests,
        "a shown number is not the true one": (numbers != true)[~hidden].any(),
        "not all unsafe numbers are primary, or others are": (primary != unsafe).any(),
        "what is hidden is not primary or secondary": (hidden != (primary ^ secondary)).any(),
        "something is hidden though nothing is unsafe": hidden.any() and not unsafe.any(),
        "the labels have changed": not _labelled_as(counts, result),
    }
    return [words for words, found in wrong.items() if found]


def _labelled_as(counts: pd.DataFrame, result) -> bool:
    rows, columns = map(list, counts.axes)
    parts = (result.table, result.row_totals, result.column_totals)
    masks = (result.primary, result.secondary)
    wanted = [rows, columns, rows, columns] + [[*rows, "total"], [*columns, "total"]] * 2
    return [list(axis) for part in (*parts, *masks) for axis in part.axes] == wanted


def same_pattern(result, other) -> bool:
    """Whether two results of one table in different order hide the same numbers."""
    return all(
        mask.equals(again.loc[mask.index, mask.columns])
        for mask, again in (
            (result.primary, other.primary),
            (result.secondary, other.secondary),
        )
    )


def examine(seed: int, *, every: int, shuffle_every: int) -> Trial:
    """Suppress and attack the table of a seed; each so many-th is examined more closely."""
    counts = random_tables.table(seed)
    trial = Trial(seed, counts.shape)
    try:
        _warm_up()
        start = time.process_time()
        result = privacy.suppress(counts, min_cell=MIN_CELL)
        trial.seconds = time.process_time() - start
        if seed % shuffle_every == 0:
            again = privacy.suppress(random_tables.shuffled(counts, seed), min_cell=MIN_CELL)
            if not same_pattern(result, again):
                trial.problems.append("another order of rows and columns hides others")
    except Exception as error:  # the other tables are tried all the same
        trial.problems.append(f"raised {error!r}")
        return trial
    trial.problems += problems(counts, result)
    table, hidden = outsider.with_margins(counts.to_numpy()), np.isnan(shown(result))
    _count(trial, table, hidden)
    if max(counts.shape) <= max(random_tables.SMALL):
        trial.optimum = smallest(table, MIN_CELL, most=COMPANIONS)
        if trial.optimum and trial.optimum.hidden > trial.hidden and not trial.problems:
            trial.problems.append("fewer are hidden than the optimum: the search is wrong")
    if seed % every == 0:
        trial.needless = _needless(table, hidden)
        if not _linear_programs_agree(table, hidden):
            trial.problems.append("flows and linear programs differ: the attack is wrong")
    return trial


def _count(trial: Trial, table: np.ndarray, hidden: np.ndarray) -> None:
    unsafe = outsider.unsafe(table, MIN_CELL)
    trial.unsafe, trial.hidden = int(unsafe.sum()), int(hidden.sum())
    trial.hidden_cells = int(hidden[:-1, :-1].sum())
    trial.people = int(table[hidden & ~unsafe].sum())
    trial.complements = sum(
        int(outsider.complements(numbers, MIN_CELL).sum()) for numbers in (table, table.T)
    )


def _needless(table: np.ndarray, hidden: np.ndarray) -> int:
    needless = 0
    for spot in np.argwhere(hidden & ~outsider.unsafe(table, MIN_CELL)):
        fewer = hidden.copy()
        fewer[*spot] = False
        needless += not any(outsider.too_narrow(table, fewer, MIN_CELL))
    return needless


def _linear_programs_agree(table: np.ndarray, hidden: np.ndarray) -> bool:
    for numbers, mask in ((table, hidden), (table.T, hidden.T)):
        weights = np.zeros(numbers.shape, dtype=int)
        for row, column in np.argwhere(outsider.unsafe(numbers, MIN_CELL)).tolist():
            weights[row, column] = 1
            by_flow = outsider.number(numbers, mask, row, column)
            if not np.allclose(by_flow, outsider.interval(numbers, mask, weights)):
                return False
            weights[:] = 0
        for row, column in np.argwhere(outsider.complements(numbers, MIN_CELL)).tolist():
            weights[row, [-1, column]] = 1, -1
            by_flow = outsider.complement(numbers, mask, row, column)
            if not np.allclose(by_flow, outsider.interval(numbers, mask, weights)):
                return False
            weights[:] = 0
    return True


def report(trials: list[Trial]) -> None:
    total = partial(_total, trials)
    touched = sum(trial.unsafe > 0 for trial in trials)
    cells = sum(trial.shape[0] * trial.shape[1] for trial in trials)
    breached = sum(any(TOO_CLOSE in words for words in trial.problems) for trial in trials)
    print(
        f"tables: {len(trials)}, with unsafe numbers: {touched}, "
        f"with one that is known too closely: {breached}"
    )
    print(
        f"hidden: {total('hidden_cells') / cells:.1%} of the cells, "
        f"{total('hidden') / total('numbers'):.1%} of cells and margins "
        f"({total('unsafe') / total('numbers'):.1%} are unsafe)"
    )
    print(f"unsafe complements, attacked as well: {total('complements')}")
    close = [trial for trial in trials if trial.needless is not None]
    companions = _total(close, "hidden") - _total(close, "unsafe")
    print(
        f"companions that could be shown, each by itself: {_total(close, 'needless')} "
        f"of {companions} in {len(close)} tables"
    )
    _report_optimum([trial for trial in trials if trial.optimum and trial.unsafe])
    _report_times(trials)


def _report_optimum(small: list[Trial]) -> None:
    if not small:
        return
    best = sum(trial.optimum.hidden for trial in small)
    reached = [trial for trial in small if trial.hidden == trial.optimum.hidden]
    fewest_people = sum(trial.people == trial.optimum.people for trial in reached)
    companions = sum(trial.optimum.companions for trial in small)
    print(
        f"small tables with unsafe numbers, of which the optimum is known: {len(small)}; hidden: "
        f"{_total(small, 'hidden') / best:.4f} of the optimum "
        f"({_total(small, 'hidden') - best + companions} companions where {companions} would do); "
        f"the optimum in {len(reached)}, in {fewest_people} with as few people as can be"
    )
    missed = [trial.seed for trial in small if trial.hidden > trial.optimum.hidden]
    if missed:
        print(f"seeds that miss it: {missed}")


def _report_times(trials: list[Trial]) -> None:
    timed = [trial for trial in trials if not np.isnan(trial.seconds)]
    if not timed:
        return
    median, high = np.quantile([trial.seconds for trial in timed], [0.5, 0.95])
    slowest = max(timed, key=lambda trial: trial.seconds)
    print(
        f"processor seconds: median {median:.4f}, 95th percentile {high:.4f}, "
        f"slowest {slowest.seconds:.3f} "
        f"({slowest.shape[0]} x {slowest.shape[1]}, seed {slowest.seed})"
    )


def _total(trials: list[Trial], name: str) -> int:
    return sum(getattr(trial, name) for trial in trials)


@cache
def _warm_up() -> None:
    """Let what is imported at first use be there before anything is timed."""
    counts = pd.DataFrame([[1, 20], [20, 20]], index=["a", "b"], columns=["c", "d"])
    privacy.suppress(counts, min_cell=MIN_CELL)


def main(arguments: list[str] | None = None) -> int:
    """Run the trials and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0, help="of the first table")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--every", type=int, default=10, help="look closely at each so many-th")
    parser.add_argument("--shuffle-every", type=int, default=1, help="shuffle each so many-th")
    given = parser.parse_args(arguments)
    look = partial(examine, every=given.every, shuffle_every=given.shuffle_every)
    seeds = range(given.seed, given.seed + given.tables)
    with multiprocessing.Pool(given.processes) as pool:
        trials = list(pool.imap(look, seeds, chunksize=5))
    report(trials)
    failed = [trial for trial in trials if trial.problems]
    print(f"tables that fail: {len(failed)}")
    for trial in failed:
        print(f"seed {trial.seed} ({trial.shape[0]} x {trial.shape[1]}):", *trial.problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
