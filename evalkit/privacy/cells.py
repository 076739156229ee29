"""What the numbers of a result are made of: declared by every metric, used by protection."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class At(NamedTuple):
    """The numbers of a column at one value of a key: the count of those who improved."""

    column: str
    value: str


class Everyone(NamedTuple):
    """How many there are in all, a number of no column; the same ``across`` some keys."""

    across: tuple[str, ...] = ()


class Same(NamedTuple):
    """A number that another result of the same people holds too.

    ``column`` at the value of ``key`` that stands in the column ``of``: how many gave the best
    answer is the count of that answer.
    """

    column: str
    key: str
    of: str


class Sum(NamedTuple):
    """Numbers that add up to another.

    Attributes
    ----------
    total : str, At or Everyone
        A column, its value at one value of a key, or all there are.
    parts : tuple of str and At
        What adds up to it; of a column everything that is left when ``over`` is gone through.
    over : tuple of str
        The keys that are gone through: n is the sum of count over all answers.
    rest : bool
        Whether others belong to the total too, whom no column counts.
    least, most : mapping of str to int
        Where the sum holds only in rows in which a column has such a value.
    """

    total: str | At | Everyone
    parts: tuple[str | At, ...]
    over: tuple[str, ...] = ()
    rest: bool = False
    least: tuple[str, int] | None = None
    most: tuple[str, int] | None = None


class Mean(NamedTuple):
    """A column that holds means or the like, and what tells how many answered.

    Attributes
    ----------
    column : str
        The mean. It is shown where ``n`` is, of enough people.
    n : str
        Of how many.
    spreads : tuple of str
        Standard deviations, intervals, medians and what else takes more people to show.
    lowest, highest : float or str, optional
        The ends of the scale: numbers, or columns. Where they are known, a mean is hidden that
        leaves but one set of answers: 4.8 of five people is 5, 5, 5, 5, 4.
    step : float
        From one answer to the next.
    best, worst : str, optional
        The columns that count those at the ends of the scale.
    reversed : str, optional
        The column that says whether the best answer is the lowest.
    over : str, optional
        The key of another result of the same people that tells how often each answer was given.
        Beside hidden counts there, a mean would give them back.
    """

    column: str
    n: str
    spreads: tuple[str, ...] = ()
    lowest: float | str | None = None
    highest: float | str | None = None
    step: float = 1.0
    best: str | None = None
    worst: str | None = None
    reversed: str | None = None
    over: str | None = None


@dataclass(frozen=True)
class Cells:
    """Which columns of a result count people, and which can be worked out from those.

    Attributes
    ----------
    population : str
        Who is counted, in words; two results that count the same people say the same.
    keys : tuple of str
        The grouping columns: together they name a cell.
    count : str, optional
        The column that counts people in the cell; none where a result counts nobody.
    total : str, optional
        The column of which ``count`` is a part; what is left over is a count of people too.
    persons : tuple of str
        How many different persons stand behind a cell, at least, where ``count`` counts
        attendances; NA where it is not known.
    persons_left : tuple of str
        How many different persons stand behind what is left of the total.
    also : tuple of str
        Other columns that count people, each safe or unsafe by itself.
    derived : tuple of str
        Columns from which ``count`` could be worked out: shares, intervals.
    told_by : mapping of str to tuple of str
        For some of ``also``, the declared columns from which it could be worked out: they are
        hidden where it is.
    open : tuple of str
        Columns that say nothing about single people: names, methods, numbers of sessions.
    about : str
        What is told of people: attendance, answers, outcomes, background or completeness. A
        policy says which of these are open. What is about nothing of these is personal.
    plain_keys : tuple of str, optional
        The keys that may be used where what is told is open; by default any. By another key (by
        gender) it is personal.
    outside : tuple of str
        Those of ``also`` that count the people who are not in the total: of whom it is not known.
    observed : str, optional
        The key of which only those values have a row that occur.
    share : str, optional
        The one of ``derived`` that is ``count`` divided by ``total``.
    repeated : mapping of str to tuple of str
        For a key, the columns that hold one and the same number at all its values.
    only_where : mapping of str to str
        For some of ``also``, the open column that says whether there is such a number at all. An
        answer that a form does not have is given by nobody, as anyone can see.
    same : mapping of str to Same
        For a column, the number of another result that it is.
    sums : tuple of Sum
        What adds up, besides a count and what is left of its total.
    means : tuple of Mean
        Columns that are means of something.
    never : tuple of str
        Columns that are never published: smallest and largest values, ids.
    """

    population: str
    keys: tuple[str, ...] = ()
    count: str | None = None
    total: str | None = None
    persons: tuple[str, ...] = ()
    persons_left: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    told_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    open: tuple[str, ...] = ()
    about: str = ""
    plain_keys: tuple[str, ...] | None = None
    outside: tuple[str, ...] = ()
    observed: str | None = None
    share: str | None = None
    repeated: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    only_where: Mapping[str, str] = field(default_factory=dict, hash=False)
    same: Mapping[str, Same] = field(default_factory=dict, hash=False)
    sums: tuple[Sum, ...] = ()
    means: tuple[Mean, ...] = ()
    never: tuple[str, ...] = ()

    def by(self, *keys: str) -> Cells:
        """Return the same declaration for other grouping columns."""
        return replace(self, keys=keys)

    @property
    def counted(self) -> tuple[str, ...]:
        """The columns that count people, each number of which is protected."""
        return tuple(name for name in (self.count, self.total, *self.also) if name is not None)

    @property
    def of_means(self) -> tuple[str, ...]:
        """The columns of means, and of what tells more than these."""
        return tuple(name for mean in self.means for name in (mean.column, *mean.spreads))

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are accounted for."""
        people = (*self.counted, *self.persons, *self.persons_left)
        return (*self.keys, *people, *self.derived, *self.of_means, *self.never, *self.open)
