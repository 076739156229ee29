"""Which numbers of a system to hide: all unsafe ones, and the fewest others that protect them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from evalkit.privacy.attacking import NOISE, NotSolvedError, judge, reach
from evalkit.privacy.greedy import greedy
from evalkit.privacy.optimal import optimal
from evalkit.privacy.system import clusters

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evalkit.privacy.system import Mask, System

MOST_SEARCHED = 260
"""In larger clusters the nearly cheapest pattern is taken: the search for the cheapest is long."""
LEAST_WIDTH = 3
"""Where only ones are unsafe, two hidden numbers that add up to 2 are both known to be 1."""


def pattern(system: System, min_cell: int, kept: Mask | None = None) -> Mask:
    """Return which numbers of a system are hidden.

    All that are unsafe or forced, and as few others as possible (then as few people), so that
    nobody who knows the shown ones can narrow an unsafe number to an interval shorter than
    ``min_cell``. It depends on the numbers and their ids only, not on the order they come in.
    ``kept`` are numbers that were hidden before: they stay so where they protect something.
    """
    hidden = system.must_hide.copy()
    width = float(max(min_cell, LEAST_WIDTH))
    found: dict[bytes, Mask] = {}
    for places in clusters(system.sums, np.ones(len(hidden), dtype=bool)):
        part = system.part(places)
        if kept is not None:
            part = replace(part, forced=part.forced | kept[places])
        if part.unsafe.any() and part.sums.shape[0]:
            # Many clusters of a long table are alike: 9 of 10 came, 9 of 10 came, ...
            alike = part.signature
            if alike not in found:
                found[alike] = _of_cluster(part, min_cell, width)
            hidden[places] = found[alike]
    return _without_the_idle(system, hidden)


def _without_the_idle(system: System, hidden: Mask) -> Mask:
    """Return the pattern without hidden numbers that hang together with no unsafe one."""
    out = hidden.copy()
    for places in clusters(system.sums, hidden):
        if not (system.unsafe | system.forced)[places].any():
            out[places] = ~system.printed[places]
    return out


def _of_cluster(part: System, min_cell: int, width: float) -> Mask:
    """Return the pattern of numbers that hang together.

    Nobody can see which hidden number is unsafe: a companion that might be is protected too.
    """
    while True:
        try:
            hidden = _cheapest(part, width)
        except NotSolvedError:
            part = _as_far_as_possible(part, width)
            hidden = _cheapest(part, width)
        doubtful = _might_be_unsafe(part, hidden, min_cell, width)
        if not doubtful.any():
            return hidden
        part = replace(part, unsafe=part.unsafe | doubtful)


def _as_far_as_possible(part: System, width: float) -> System:
    """Return the system without unsafe numbers that its sums tell though all else is hidden.

    All that an audit can do is find them: the table itself has to change.
    """
    unsafe = np.flatnonzero(part.unsafe)
    everything = np.ones(len(part.values), dtype=bool)
    told = unsafe[judge(part, everything, unsafe, width).short]
    if not len(told):
        return part
    still, forced = part.unsafe.copy(), part.forced.copy()
    still[told], forced[told] = False, True
    return replace(part, unsafe=still, forced=forced)


def _cheapest(part: System, width: float) -> Mask:
    costs = costs_of(part)
    found = greedy(part, costs, width)
    more = found & ~part.must_hide
    if not more.any() or int((~part.must_hide).sum()) > MOST_SEARCHED:
        return found
    return optimal(part, costs, width, found)


def _might_be_unsafe(part: System, hidden: Mask, min_cell: int, width: float) -> Mask:
    """Return which safe numbers are hidden, but known to an interval too short, of unsafe ones."""
    out = np.zeros(len(hidden), dtype=bool)
    # A larger number would have to move farther than a short interval lets it.
    near = part.values < width + min_cell
    places = np.flatnonzero(hidden & near & ~part.unsafe)
    if len(places):
        found = reach(part, hidden, places, 2 * width)
        known = found.width < NOISE  # what is not printed may still follow from what is
        small = part.values[places] - found.down < min_cell - NOISE
        out[places] = small & (found.width < width - NOISE) & ~known
        out[places] &= part.values[places] + found.up > 1 - NOISE
    return out


def costs_of(system: System) -> NDArray[np.float64]:
    """Return what hiding each number costs: numbers lost first, then people."""
    people = system.values / (1.0 + system.values[system.printed].sum())
    return np.where(system.printed, system.weights + people, 0.0)
