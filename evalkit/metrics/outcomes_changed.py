"""Change from the first to the last form of each person, by a stated threshold."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, cast

import narwhals as nw

from evalkit import aggregate
from evalkit.arguments import check_columns, column_names
from evalkit.errors import ArgumentError
from evalkit.instruments import cutoff_ticks, threshold_ticks, to_ticks
from evalkit.instruments.model import Profile, informants_meant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from narwhals.typing import IntoFrame, IntoFrameT

    from evalkit.instruments import Instrument
    from evalkit.instruments.model import Cutoff, Scale

UNKNOWN = -1
"""The code of what is not known, as in a pandas categorical."""
RANGE = ("clinical", "functional")
CHANGED = ("improved", "unchanged", "deteriorated")
WORDS: Mapping[str, Sequence[str | bool]] = {
    "first_range": RANGE,
    "last_range": RANGE,
    "category": CHANGED,
    "recovered": (False, True),
    "can_improve": (False, True),
    "can_deteriorate": (False, True),
}
"""What each column of codes says in words; the code is the place of the word."""
SIDES = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
OFF_STEP = 1e-4
"""Of a step: farther from the next score than this lies no score, but no rounding of one."""


def change(
    pairs: IntoFrameT,
    instrument: Instrument,
    *,
    profile: str | Profile,
    scale: str | None = None,
) -> IntoFrameT:
    """Change of each person from the first to the last form, and whether it counts.

    A change counts from the threshold on: one of exactly the threshold does. Which is stated,
    never assumed: `instrument.profiles` has those with a source, and a study may make its own.
    Scores, thresholds and cut-offs are compared in whole steps of the scale, so no rounding
    error moves anyone over an edge. The cut-off is that of the age at the first form and of the
    informant.

    Parameters
    ----------
    pairs : DataFrame (pandas, Polars, also lazy) or DuckDB relation
        From `pairs`: one row per person and informant with ``first`` and ``last``; ``age_years``
        and ``informant`` where cut-offs depend on them. A lazy frame is run to check its scores.
    instrument : Instrument
        The form, which knows the direction of its scale, its thresholds and cut-offs.
    profile : str or Profile
        Name of a threshold profile of the form, or one of the study's own.
    scale : str, optional
        Id of the scale; by default the form's first.

    Returns
    -------
    DataFrame of the kind of ``pairs``
        In the order of its rows, with its columns and, on pandas, its index; then:

        - ``change`` (last - first), in units of the scale
        - ``threshold``, ``cutoff`` (not known where there is none for this age and informant)
        - ``first_range``, ``last_range``: "clinical" or "functional"
        - ``category``: "improved", "unchanged" or "deteriorated", by the scale's better direction
        - ``recovered``: improved, and from the clinical range to the functional; not known where
          there is no cut-off
        - ``can_improve``, ``can_deteriorate``: whether there is room for a change that counts
          between the first score and the end of the scale

        Categoricals and booleans on pandas. What needs both forms is not known where one is not.

    Raises
    ------
    ArgumentError
        The form has no such scale or profile (the message lists those it has), a column is
        missing, or a score lies outside the scale or between two of its steps.

    References
    ----------
    Jacobson and Truax (1991), *J. Consult. Clin. Psychol.* 59, 12-19: change that is reliable,
    and recovery as reliable improvement over a cut-off.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> pairs = pd.DataFrame(
    ...     {
    ...         "about_id": ["c1", "c2", "c3"],
    ...         "informant": "self",
    ...         "first": [30.1, 20.0, 37.5],
    ...         "last": [35.1, 24.9, 29.0],
    ...     }
    ... )
    >>> changed = ek.outcomes.change(pairs, ek.load_instrument("CORS"), profile="pcoms_5")
    >>> changed[["change", "cutoff", "first_range", "last_range", "category", "recovered"]]
       change  cutoff first_range  last_range      category  recovered
    0     5.0    32.0    clinical  functional      improved       True
    1     4.9    32.0    clinical    clinical     unchanged      False
    2    -8.5    32.0  functional    clinical  deteriorated      False
    """
    measured = instrument.scale(scale)
    limit = _profile(instrument, profile, measured)
    check_columns(pairs, "first", "last", what="pairs")
    _check_scores(pairs, measured)
    cutoffs = [cutoff for cutoff in instrument.cutoffs if cutoff.scale == measured.id]
    codes = _codes(_with_fits(_ticks(pairs, measured), cutoffs), measured, limit, cutoffs)
    return cast("IntoFrameT", _in_words(codes, column_names(pairs, "pairs")))


def _profile(instrument: Instrument, profile: str | Profile, scale: Scale) -> Profile:
    """Return the threshold that was asked for, checked."""
    found = profile if isinstance(profile, Profile) else instrument.profile(str(profile), scale.id)
    if found.scale != scale.id:
        raise ArgumentError(
            f"the threshold profile '{found.id}' is for the scale '{found.scale}', but the change "
            f"is that of '{scale.id}'."
        )
    if not int(threshold_ticks(found.threshold, scale.steps_per_unit)) > 0:
        raise ArgumentError(
            f"the threshold of '{found.id}' must be above 0, but is {found.threshold!r}."
        )
    return found


def _check_scores(pairs: IntoFrame, scale: Scale) -> None:
    """Raise where a score cannot be one of the scale: of another form, or in other units."""
    scores = nw.from_native(pairs).lazy().select("first", "last")
    for name, dtype in scores.collect_schema().items():
        if not dtype.is_numeric():
            raise ArgumentError(f"'{name}' must hold scores, but holds {dtype}.")
    steps = scale.steps_per_unit
    slack = OFF_STEP / steps
    wrong = {}
    for name in ("first", "last"):
        value, ticks = nw.col(name), (nw.col(name) * steps + 0.5).floor()
        outside = (value < scale.lowest - slack) | (value > scale.highest + slack)
        off = (value * steps - ticks).abs() > OFF_STEP
        wrong[name] = (outside | off).cast(nw.Int64)
    counts = aggregate.sums(scores.to_native(), [], wrong).iloc[0]
    for name in ("first", "last"):
        if counts[name]:
            raise ArgumentError(
                f"{counts[name]} of {counts['rows']} values in '{name}' are no scores of "
                f"'{scale.id}', which goes from {scale.lowest:g} to {scale.highest:g} in steps of "
                f"{1 / steps:g}. Is this the right form and scale?"
            )


def _ticks(pairs: IntoFrame, scale: Scale) -> Any:
    """Return the pairs with scores in ticks (0 where not known) and whether they are known."""
    frame = nw.from_native(pairs)
    columns: dict[str, nw.Expr] = {}
    for name in ("first", "last"):
        # On Polars and DuckDB a NaN is larger than any number: it must not get past this point.
        value = nw.col(name).cast(nw.Float64).fill_nan(None)
        ticks = (value * scale.steps_per_unit + 0.5).floor().fill_null(0).cast(nw.Int64)
        columns |= {name: value, f"{name} ticks": ticks, f"{name} known": ~value.is_null()}
    return frame.with_columns(**columns)


def _with_fits(frame: Any, cutoffs: Sequence[Cutoff]) -> Any:
    """Return the frame with a column for each cut-off, whether it holds; see `cutoff_for`."""
    there = frame.collect_schema().names()
    conditions = {
        _fits(place): _fits_age(cutoff, there) & _fits_informant(cutoff, frame, there)
        for place, cutoff in enumerate(cutoffs)
    }
    return frame.with_columns(**conditions) if conditions else frame


def _fits(place: int) -> str:
    return f"fits {place}"


def _fits_age(cutoff: Cutoff, there: Sequence[str]) -> nw.Expr:
    youngest, oldest = cutoff.ages
    if youngest is None and oldest is None:
        return ALWAYS
    if "age_years" not in there:
        return ~ALWAYS
    years = nw.col("age_years").cast(nw.Float64).fill_nan(None).floor().fill_null(UNKNOWN)
    above = years >= (0 if youngest is None else youngest)
    return above if oldest is None else above & (years <= oldest)


def _fits_informant(cutoff: Cutoff, frame: Any, there: Sequence[str]) -> nw.Expr:
    if not cutoff.informants:
        return ALWAYS
    if "informant" not in there:
        return ~ALWAYS
    meant = sorted(informants_meant(cutoff.informants))
    if frame.implementation.is_pandas():  # where a category is as good as text, and much faster
        return nw.col("informant").is_in(meant)
    return nw.col("informant").cast(nw.String).fill_null("").is_in(meant)


ALWAYS = nw.col("first known") | ~nw.col("first known")
"""True for every row."""


def _codes(frame: Any, scale: Scale, limit: Profile, cutoffs: Sequence[Cutoff]) -> Any:
    """Return the frame with what `change` adds, words as codes."""
    steps = scale.steps_per_unit
    first, last = nw.col("first ticks"), nw.col("last ticks")
    paired = nw.col("first known") & nw.col("last known")
    gain = last - first if scale.better == "higher" else first - last
    least = int(threshold_ticks(limit.threshold, steps))
    lowest, highest = (int(end) for end in to_ticks([scale.lowest, scale.highest], steps))
    above, below = highest - first >= least, first - lowest >= least
    room = (above, below) if scale.better == "higher" else (below, above)
    # Divided by a column: Polars takes a number's inverse times, which is not the same.
    divisor = (first * 0 + steps).cast(nw.Float64)
    frame = frame.with_columns(
        change=nw.when(paired).then((last - first).cast(nw.Float64) / divisor),
        threshold=(first * 0).cast(nw.Float64) + float(limit.threshold),
        cutoff=_cutoff(cutoffs),
        first_range=_range("first", steps, cutoffs),
        last_range=_range("last", steps, cutoffs),
        category=_code(paired, _which(gain >= least, 0, _which(gain <= -least, 2, 1))),
        can_improve=_code(nw.col("first known"), _which(room[0], 1, 0)),
        can_deteriorate=_code(nw.col("first known"), _which(room[1], 1, 0)),
    )
    moved = (nw.col("first_range") == 0) & (nw.col("last_range") == 1)
    judged = (nw.col("category") != UNKNOWN) & (nw.col("first_range") != UNKNOWN)
    better = nw.col("category") == 0
    return frame.with_columns(recovered=_code(judged, _which(moved & better, 1, 0)))


def _cutoff(cutoffs: Sequence[Cutoff]) -> nw.Expr:
    value: nw.Expr = nw.when(~ALWAYS).then(nw.lit(0.0))  # not known
    for place, cutoff in enumerate(cutoffs):
        held = nw.lit(float(cutoff.value))
        value = nw.when(nw.col(_fits(place))).then(held).otherwise(value)
    return value


def _range(name: str, steps: int, cutoffs: Sequence[Cutoff]) -> nw.Expr:
    """Return 0 where a score lies in the clinical range, 1 where it does not."""
    ticks = nw.col(f"{name} ticks")
    code: Any = ticks * 0 + UNKNOWN
    for place, cutoff in enumerate(cutoffs):
        edge = int(cutoff_ticks(cutoff.value, steps, cutoff.clinical))
        clinical = SIDES[cutoff.clinical](ticks, edge)
        code = _which(nw.col(_fits(place)), _which(clinical, 0, 1), code)
    return _code(nw.col(f"{name} known"), code)


def _code(known: nw.Expr, code: nw.Expr) -> nw.Expr:
    return _which(known, code, UNKNOWN)


def _which(condition: nw.Expr, yes: nw.Expr | int, no: nw.Expr | int) -> nw.Expr:
    values = [nw.lit(value) if isinstance(value, int) else value for value in (yes, no)]
    return nw.when(condition).then(values[0]).otherwise(values[1])


def _in_words(frame: Any, there: Sequence[str]) -> Any:
    """Return the caller's kind of frame: its columns, then those of the result in words."""
    new = ["change", "threshold", "cutoff", *WORDS]
    frame = frame.select(*(name for name in there if name not in new), *new)
    native = frame.to_native()
    if frame.implementation.is_pandas():
        return native.assign(**{name: _categories(native[name], WORDS[name]) for name in WORDS})
    spelled = {name: _spelled(name, words) for name, words in WORDS.items()}
    return frame.with_columns(**spelled).to_native()


def _categories(codes: Any, words: Sequence[str | bool]) -> Any:
    """Return codes as a categorical, those of yes and no as a boolean that may be unknown."""
    import pandas as pd

    values = codes.to_numpy()
    if words == (False, True):
        return pd.arrays.BooleanArray(values == 1, values == UNKNOWN)
    return pd.Categorical.from_codes(values, categories=pd.Index(list(words)))


def _spelled(name: str, words: Sequence[str | bool]) -> nw.Expr:
    if words == (False, True):
        return nw.when(nw.col(name) != UNKNOWN).then(nw.col(name) == 1)
    spelled: nw.Expr = nw.when(nw.col(name) == len(words) - 1).then(nw.lit(words[-1]))
    for code in range(len(words) - 1):
        spelled = nw.when(nw.col(name) == code).then(nw.lit(words[code])).otherwise(spelled)
    return spelled
