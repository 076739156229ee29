"""Which cut-off holds for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evalkit.errors import ArgumentError
from evalkit.instruments.definition_rules import SIDES
from evalkit.instruments.model import informants_meant

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    from evalkit.instruments.model import Cutoff, Instrument


def cutoff_for(
    instrument: Instrument, scale: str | None, ages: ArrayLike, informants: ArrayLike
) -> tuple[NDArray[np.float64], str]:
    """Return the cut-off that holds for each form, and its clinical side.

    A cut-off holds where the form's age, in whole years, lies in its ages and the informant is
    among its informants; one that states no ages or no informants holds for all. A cut-off for a
    caretaker holds for mother, father and parent too. A form whose age or informant is not known
    gets a cut-off only where that does not matter.

    A form filled in outside its ages keeps its cut-off, unless the cut-off states ages: that of
    CORS is one of the form, and the study warns of the age.

    Parameters
    ----------
    instrument : Instrument
        The form.
    scale : str or None
        Id of the scale; None for the form's first.
    ages : array_like of float, shape (n,)
        Years; NaN where not known.
    informants : array_like of str, shape (n,)
        Keys of the vocabulary of informants; None, NaN or NA where not known.

    Returns
    -------
    values : ndarray of float, shape (n,)
        Cut-offs; NaN where there is none.
    side : str
        ``<``, ``<=``, ``>=`` or ``>``: scores so to the cut-off lie in the clinical range.

    Raises
    ------
    ArgumentError
        The form has no such scale, or the arrays are of unequal length.

    Examples
    --------
    >>> import evalkit as ek
    >>> cutoff_for(ek.load_instrument("ORS"), "total", [15, 44, 15], ["self", "self", "mother"])
    (array([28., 25., nan]), '<')
    """
    import pandas as pd

    wanted = instrument.scale(scale)
    years = np.floor(pd.Series(ages, dtype="Float64").to_numpy(np.float64, na_value=np.nan))
    who = pd.Series(informants)
    if len(years) != len(who):
        raise ArgumentError(f"there are {len(years)} ages, but {len(who)} informants.")
    values = np.full(len(years), np.nan)
    mine = [cutoff for cutoff in instrument.cutoffs if cutoff.scale == wanted.id]
    for cutoff in mine:
        values[_fits_age(cutoff, years) & _fits_informant(cutoff, who)] = cutoff.value
    return values, mine[0].clinical if mine else SIDES[wanted.better][0]


def _fits_age(cutoff: Cutoff, years: NDArray[np.float64]) -> NDArray[np.bool_]:
    youngest, oldest = cutoff.ages
    if youngest is None and oldest is None:
        return np.ones(len(years), dtype=bool)
    above = years >= (0 if youngest is None else youngest)  # false where an age is not known
    return above & (years <= (np.inf if oldest is None else oldest))


def _fits_informant(cutoff: Cutoff, who: pd.Series) -> NDArray[np.bool_]:
    if not cutoff.informants:
        return np.ones(len(who), dtype=bool)
    return who.isin(informants_meant(cutoff.informants)).to_numpy(dtype=bool)
