"""The numbers of an exhibit as a policy lets them be looked at: persons without their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.privacy import Cells, of_groups_large_enough, unnamed

if TYPE_CHECKING:
    from evalkit.privacy import Policy
    from evalkit.report.exhibits import Exhibit, Measured
    from evalkit.study import Study


def measured(exhibit: Exhibit, study: Study, policy: Policy) -> Measured:
    """Return the numbers of an exhibit; single persons have numbers unless it is internal.

    Groups that are too small to show any person of them are left out.
    """
    found = exhibit.measure(study)
    if policy.internal or not exhibit.single_persons:
        return found
    rows = found.result
    if "occasion" in rows:
        # Without dates, which would tell who it is, nothing else puts these forms in order.
        rows = rows[rows["occasion"].notna()]
    keep = ("group_id",) if exhibit.of_each_group else ()
    large, _ = of_groups_large_enough(rows, keep=keep, min_cell=policy.min_cell)
    instrument = exhibit.instrument
    ages = None if instrument is None else [cutoff.ages for cutoff in instrument.cutoffs]
    result = unnamed(
        large, exhibit=exhibit.id, keep=keep, cutoff_ages=ages, min_cell=policy.min_cell
    )
    cells = Cells("persons", open=tuple(result.columns))
    return found._replace(result=result, cells=cells, unnamed=True)
