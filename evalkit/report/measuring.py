"""The numbers of exhibits, and what a policy lets be shown of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.privacy import Cells, of_groups_large_enough, unnamed
from evalkit.privacy.guarding import Part, guarded_together

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.privacy import Policy
    from evalkit.privacy.guarding import Guarded
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


def protected(
    shown: Sequence[tuple[Exhibit, Measured]],
    policy: Policy,
    earlier: Mapping[str, Sequence[str]],
) -> dict[str, Guarded]:
    """Return what may be shown of exhibits, by their ids; those of a family are one system.

    ``earlier`` are the numbers that an earlier report hid, by exhibit.
    """
    families: dict[str, list[tuple[Exhibit, Measured]]] = {}
    for exhibit, numbers in shown:
        families.setdefault(exhibit.family or exhibit.id, []).append((exhibit, numbers))
    found: dict[str, Guarded] = {}
    for members in families.values():
        kept = {number for each, _ in members for number in earlier.get(each.id, ())}
        parts = [Part(numbers.result, numbers.cells, each.told) for each, numbers in members]
        safe = guarded_together(parts, policy, kept)
        found |= {each.id: own for (each, _), own in zip(members, safe, strict=True)}
    return found
