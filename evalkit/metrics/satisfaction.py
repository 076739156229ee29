"""Satisfaction: what was answered to each item of a form, and how many gave the best answer."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evalkit.arguments import as_list, check_between
from evalkit.errors import ArgumentError
from evalkit.locale import N_
from evalkit.metrics.answer_counts import count_answers, item_of_answer
from evalkit.privacy import Cells, Everyone, Mean, Same, Sum
from evalkit.statistics import proportion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from narwhals.typing import IntoFrame
    from numpy.typing import ArrayLike, NDArray

    from evalkit.instruments import Instrument
    from evalkit.metrics.answer_counts import Asked, Counted

__all__ = ["distribution", "summary"]


def _everyone(over: tuple[str, ...] = ()) -> tuple[Sum, Sum]:
    """Return who filled in a form: where no answer is outside the scale, nobody gave one."""
    parts, outside = ("n", "n_missing"), "has_not_applicable"
    everyone = Everyone(across=("item",))
    return (
        Sum(everyone, parts, over, most=(outside, 0)),
        Sum(everyone, (*parts, "n_not_applicable"), over, least=(outside, 1)),
    )


DISTRIBUTION_CELLS = Cells(
    population="respondents",
    about="answers",
    keys=("item", "answer"),
    count="count",
    total="n",
    share="share",
    also=("n_missing", "n_not_applicable"),
    derived=("share",),
    open=("ordered", "has_not_applicable"),
    outside=("n_missing", "n_not_applicable"),
    only_where={"n_not_applicable": "has_not_applicable"},
    repeated={"answer": ("n", "n_missing", "n_not_applicable")},
    sums=(
        Sum("n", ("count",), over=("answer",)),
        *_everyone(over=("answer",)),
    ),
)
SUMMARY_CELLS = Cells(
    population="respondents",
    about="answers",
    keys=("item",),
    count="top_box",
    total="n",
    share="estimate",
    also=("n_missing", "n_not_applicable", "top_two", "bottom_box"),
    derived=("estimate", "lower", "upper"),
    open=(
        *("method", "note", "n_answers", "lowest", "highest", "best_answer", "worst_answer"),
        *("reversed", "has_not_applicable"),
    ),
    outside=("n_missing", "n_not_applicable"),
    only_where={"n_not_applicable": "has_not_applicable"},
    same={
        "top_box": Same("count", "answer", of="best_answer"),
        "bottom_box": Same("count", "answer", of="worst_answer"),
    },
    sums=(
        *_everyone(),
        Sum("top_two", ("top_box",), rest=True),
        Sum("n", ("top_box", "bottom_box"), most=("n_answers", 2)),
        Sum("n", ("top_two", "bottom_box"), least=("n_answers", 3), most=("n_answers", 3)),
        Sum("n", ("top_two", "bottom_box"), rest=True, least=("n_answers", 4)),
    ),
    means=(
        Mean(
            "mean",
            n="n",
            lowest="lowest",
            highest="highest",
            best="top_box",
            worst="bottom_box",
            reversed="reversed",
            over="answer",
        ),
    ),
)

NOBODY_ANSWERED = N_("No share: nobody answered.")
OBSERVED_SCALE = N_(
    "No form says which answers there are: the best one is the highest that was given."
)


def distribution(
    form: IntoFrame,
    items: str | Sequence[str] | None = None,
    *,
    instrument: str | Instrument | None = None,
    by: str | Sequence[str] | None = None,
) -> pd.DataFrame:
    """How often each answer was given to each item.

    Parameters
    ----------
    form : DataFrame (pandas, Polars, DuckDB)
        One row per filled-in form and one column per item, as ``study.forms`` has them. Each
        respondent at most once (in a group of ``by``): with a column ``respondent_id`` that is
        checked.
    items : str or sequence of str, optional
        Which items; by default all of the instrument that have answers to choose between. Without
        an instrument they are columns of ordered categoricals, or of whole numbers; these then
        share one scale, from the lowest to the highest number in any of them.
    instrument : str or Instrument, optional
        The form that was filled in, by its id or as `evalkit.load_instrument` returns it.
    by : str or sequence of str, optional
        Columns to group by.

    Returns
    -------
    pandas.DataFrame
        ``by``, ``item``, ``answer`` (category: codes as text, in the order of the scale),
        ``count``, ``share`` (of 1, of those who answered), ``n`` (who answered), ``n_missing``
        (who did not), ``n_not_applicable`` (who answered outside the scale: not relevant),
        ``ordered`` (whether the answers have an order), ``has_not_applicable`` (whether the item
        has an answer outside the scale). Answers that nobody gave are there with
        a count of 0. Sorted by ``by``, then as in the form. For `evalkit.privacy.protect` take
        ``DISTRIBUTION_CELLS``, with groups ``DISTRIBUTION_CELLS.by(*by, "item", "answer")``.

    Raises
    ------
    ArgumentError
        A missing column, neither items nor instrument, an item without answers to choose
        between, an answer the form does not have, several forms of one respondent.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> form = pd.DataFrame({"useful": [5, 4, 5, None], "clear": [3, 5, 5, 4]})
    >>> table = ek.satisfaction.distribution(form, ["useful", "clear"])
    >>> table.loc[table["item"] == "useful", ["answer", "count", "n", "n_missing"]]
      answer  count  n  n_missing
    0      3      0  3          1
    1      4      1  3          1
    2      5      2  3          1
    """
    counted = count_answers(form, items, instrument, _keys(by))
    of_answer = item_of_answer(counted.asked)
    count, n = counted.counts, counted.counts @ of_answer
    place = of_answer.argmax(axis=1)
    table = _rows(counted.groups, [counted.asked[item].item for item in place])
    answers = [answer for each in counted.asked for answer in each.answers]
    order = pd.CategoricalDtype(list(dict.fromkeys(answers)))
    table["answer"] = pd.Categorical(answers * len(counted.groups), dtype=order)
    table["count"] = count.ravel()
    table["share"] = _divided(count, n[:, place]).ravel()
    table["n"] = n[:, place].ravel()
    table["n_missing"] = counted.n_missing[:, place].ravel()
    table["n_not_applicable"] = counted.n_not_applicable[:, place].ravel()
    for name, of in {
        "ordered": [each.ordered for each in counted.asked],
        "has_not_applicable": [bool(each.not_applicable) for each in counted.asked],
    }.items():
        table[name] = np.tile(np.array(of)[place], len(counted.groups))
    return table


def summary(
    form: IntoFrame,
    items: str | Sequence[str] | None = None,
    *,
    instrument: str | Instrument | None = None,
    by: str | Sequence[str] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Share of respondents who gave the best answer to each item.

    The best answer (top-box) is the highest, or the lowest where the form says that the item is
    reversed. Its interval is Wilson's (1927, *JASA* 22, 209-212): one answer each, from people
    who answered independently of each other.

    Parameters
    ----------
    form, instrument, by
        As for `distribution`.
    items : str or sequence of str, optional
        As for `distribution`, but only items whose answers have an order.
    level : float
        Confidence level of the interval.

    Returns
    -------
    pandas.DataFrame
        One row per group and item: ``by``, ``item``, ``estimate, lower, upper`` (share of 1 that
        gave the best answer), ``n`` (who answered), ``n_missing``, ``n_not_applicable``,
        ``method``, ``top_box``, ``top_two``, ``bottom_box`` (how many gave the best answer, one of
        the two best, the worst), ``mean`` (of the codes as they were given; of a categorical, its
        answers are 1, 2, 3 ...), ``n_answers``, ``lowest``, ``highest`` (how many answers the
        item has, and the ends of the scale that the mean lies on), ``best_answer``,
        ``worst_answer`` (their codes), ``reversed`` (whether the lowest is the best),
        ``has_not_applicable``, ``note``. Sorted by ``by``,
        then as in the form. For
        `evalkit.privacy.protect` take ``SUMMARY_CELLS``, with groups
        ``SUMMARY_CELLS.by(*by, "item")``.

    Raises
    ------
    ArgumentError
        As for `distribution`, an item whose answers have no order, a level outside (0, 1).

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> form = pd.DataFrame({"useful": [5, 4, 5, 5, None], "clear": [1, 5, 5, 4, 3]})
    >>> table = ek.satisfaction.summary(form, ["useful", "clear"]).round(3)
    >>> table[["item", "estimate", "lower", "upper", "top_box", "n", "mean"]]
         item  estimate  lower  upper  top_box  n  mean
    0  useful      0.75  0.301  0.954        3  4  4.75
    1   clear      0.40  0.118  0.769        2  5  3.60
    """
    check_between(level, "level", above=0, below=1)
    counted = count_answers(form, items, instrument, _keys(by), ordered=True)
    n = (counted.counts @ item_of_answer(counted.asked)).ravel()
    boxes = {name: _weighted(counted, of) for name, of in BOXES.items()}
    interval = proportion(boxes["top_box"], n, level=level)
    table = _rows(counted.groups, [each.item for each in counted.asked])
    table["estimate"], table["lower"], table["upper"] = interval[:3]
    table["n"] = n
    table["n_missing"] = counted.n_missing.ravel()
    table["n_not_applicable"] = counted.n_not_applicable.ravel()
    table["method"] = np.where(n > 0, interval.method, "none")
    for name, box in boxes.items():
        table[name] = box
    table["mean"] = _divided(_weighted(counted, lambda each: each.scores), n)
    again = np.tile(np.arange(len(counted.asked)), len(counted.groups))
    for name, values in _scales(counted.asked).items():
        table[name] = values.take(again).reset_index(drop=True)
    stated = np.tile([each.stated for each in counted.asked], len(counted.groups))
    note = pd.Series(OBSERVED_SCALE, index=table.index, dtype="str").mask(stated)
    table["note"] = note.where(n > 0, NOBODY_ANSWERED)
    return table


def _keys(by: str | Sequence[str] | None) -> list[str]:
    keys = list(dict.fromkeys(as_list(by)))
    own = {*DISTRIBUTION_CELLS.columns, *SUMMARY_CELLS.columns}
    reserved = [name for name in keys if name in own]
    if reserved:
        raise ArgumentError(
            f"by names '{reserved[0]}', which is a column of the result. Rename it first."
        )
    return keys


def _rows(groups: pd.DataFrame, items: Sequence[str]) -> pd.DataFrame:
    """Return a row per group and entry of ``items``, with the grouping columns."""
    table = groups.loc[groups.index.repeat(len(items))].reset_index(drop=True)
    table["item"] = pd.Series(list(items) * len(groups), dtype="str")
    return table


def _ranks(each: Asked) -> NDArray[np.intp]:
    """Return how many answers are better than each: 0 for the best."""
    best_first = sorted(each.scores, reverse=not each.reversed)
    return np.array([best_first.index(score) for score in each.scores], dtype=np.intp)


BOXES: Mapping[str, Callable[[Asked], ArrayLike]] = MappingProxyType(
    {
        "top_box": lambda each: _ranks(each) == 0,
        "top_two": lambda each: _ranks(each) <= 1,
        "bottom_box": lambda each: _ranks(each) == len(each.scores) - 1,
    }
)
"""Which answers of an item are counted together."""


def _scales(asked: Sequence[Asked]) -> dict[str, pd.Series]:
    """Return what is told of the scale of each item; blank where nothing says which answers."""
    ranks = [_ranks(each) for each in asked]
    pairs = list(zip(asked, ranks, strict=True))
    ends = {
        name: [each.answers[int(of(rank))] if each.answers else None for each, rank in pairs]
        for name, of in (("best_answer", np.argmin), ("worst_answer", np.argmax))
    }
    return {
        "n_answers": pd.Series([len(each.scores) for each in asked], dtype="int64"),
        "lowest": pd.Series([min(each.scores, default=None) for each in asked], dtype="Int64"),
        "highest": pd.Series([max(each.scores, default=None) for each in asked], dtype="Int64"),
        **{name: pd.Series(codes, dtype="str") for name, codes in ends.items()},
        "reversed": pd.Series([each.reversed for each in asked], dtype="bool"),
        "has_not_applicable": pd.Series([bool(each.not_applicable) for each in asked]),
    }


def _weighted(counted: Counted, weights: Callable[[Asked], ArrayLike]) -> NDArray[np.int64]:
    """Return the answers of each group and item, each counted with its weight."""
    of_answer = [np.asarray(weights(each), dtype=np.int64) for each in counted.asked]
    by_item = np.concatenate(of_answer)[:, None] * item_of_answer(counted.asked)
    return (counted.counts @ by_item).ravel()


def _divided(numbers: NDArray[np.int64], by: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return quotients, NaN where there is nothing to divide by."""
    out = np.full(numbers.shape, np.nan)
    np.divide(numbers, by, out=out, where=by > 0)
    return out


def __dir__() -> list[str]:
    return __all__
