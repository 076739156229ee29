"""The audit: what an outsider can work out of the files of a report, and of nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from evalkit.errors import OutputError
from evalkit.report.auditing_exhibits import Breach, Seen, attack, seen
from evalkit.report.manifest import read_manifest
from evalkit.report.published import sheets_of, tables_of
from evalkit.report.writing import MANIFEST, hashes, is_harmless

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

NUMBERS = (
    *("exhibit", "sheet", "cell", "lower", "upper", "width", "required"),
    *("rule_lower", "rule_upper", "safe"),
)


class Audit(NamedTuple):
    """What an audit found.

    Attributes
    ----------
    audience : str
        For whom the report is.
    exhibits : int
        How many exhibits were looked at.
    numbers : pandas.DataFrame
        One row per hidden number: ``exhibit, sheet, cell, lower, upper, width, required,
        rule_lower, rule_upper, safe``, as `evalkit.privacy.audit` has them.
    breaches : pandas.DataFrame
        One row per thing that tells too much: ``exhibit, file, sheet, cell, problem``.
    """

    audience: str
    exhibits: int
    numbers: pd.DataFrame
    breaches: pd.DataFrame

    @property
    def safe(self) -> bool:
        """Whether nothing was found."""
        return self.breaches.empty


def audit(folder: str | os.PathLike[str]) -> Audit:
    """Attack a report with what its files tell: the workbook, the page, the manifest.

    Of each exhibit by itself it is worked out, from all that is shown in it and what adds up,
    between which values every hidden number must lie: by linear programming and, where few are
    hidden, in whole numbers by the rule that what is hidden is too small or protects what is.
    Shown numbers that are too small, shares and means beside hidden counts, hidden cells of the
    page, and files that were changed or put in since are found as well. What several exhibits
    tell together is not looked at.

    Parameters
    ----------
    folder : path
        The folder that `build` wrote.

    Returns
    -------
    Audit
        ``numbers`` (every hidden number and its bounds), ``breaches`` (what tells too much),
        ``safe``. Of a report whose figures were all published before there is nothing to find.

    Raises
    ------
    OutputError
        There is no report in the folder, or a file of it cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> import evalkit as ek
    >>> study = ek.read_study("data/sample/smil-2009")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     built = ek.report.build(study, f"{folder}/smil")
    ...     ek.report.audit(built.folder).safe
    True
    """
    folder = Path(folder).expanduser()
    manifest = read_manifest(folder)
    if manifest is None:
        raise OutputError(f"{folder.as_posix()} holds no report of evalkit: no {MANIFEST} of it.")
    try:
        return _audited(folder, manifest)
    except (KeyError, TypeError, AttributeError) as error:
        raise OutputError(
            f"{(folder / MANIFEST).as_posix()} is not as evalkit writes it ({error}): it was "
            "changed, or made by another version. Write the report anew."
        ) from error


def _audited(folder: Path, manifest: Mapping[str, Any]) -> Audit:
    found = list(_changed_files(folder, manifest["outputs"]))
    numbers = []
    policy, audience = manifest["disclosure"], str(manifest["audience"])
    if audience == "internal":
        found.append(Breach("", MANIFEST, "", "", "the report is internal: it hides nothing"))
    elif not policy["already_published"]:
        sheets, tables = _contents(folder)
        families: dict[str, list[Seen]] = {}
        for exhibit in manifest["exhibits"]:
            each = seen(exhibit, policy, sheets, tables)
            found += each.breaches
            families.setdefault(each.told["family"], []).append(each)
        for family in families.values():
            told, breaches = attack(family, policy)
            numbers.append(told)
            found += breaches
    table = pd.concat(numbers, ignore_index=True) if numbers else pd.DataFrame()
    return Audit(
        audience=audience,
        exhibits=len(manifest["exhibits"]),
        numbers=table.reindex(columns=list(NUMBERS)),
        breaches=pd.DataFrame(found, columns=list(Breach._fields), dtype="str"),
    )


def _contents(folder: Path) -> tuple[dict[str, list[list[Any]]], dict[str, list[list[str]]]]:
    from evalkit.report.building import PAGE, TABLES

    try:
        page = (folder / PAGE).read_text("utf-8")
        return sheets_of(folder / TABLES), tables_of(page)
    except (OSError, UnicodeError) as error:
        raise OutputError(f"{folder.as_posix()} cannot be read: {error}.") from error
    except Exception as error:
        if type(error).__module__.startswith("python_calamine"):
            raise OutputError(f"{(folder / TABLES).as_posix()} cannot be read: {error}.") from error
        raise


def _changed_files(folder: Path, outputs: Mapping[str, str]) -> Iterator[Breach]:
    """Yield files that are not as they were written: nothing is known of what they tell."""
    there = {name: sha for name, sha in hashes(folder).items() if name != MANIFEST}
    for name in sorted(set(there) | set(outputs)):
        if name not in there:
            yield Breach("", name, "", "", "the file is missing")
        elif name not in outputs:
            if not is_harmless(name):
                yield Breach("", name, "", "", "the file was put in by somebody else")
        elif there[name] != outputs[name]:
            yield Breach("", name, "", "", "the file was changed after it was written")
