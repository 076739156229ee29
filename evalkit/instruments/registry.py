"""The forms evalkit knows, and those others define."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.arguments import check_choice, did_you_mean, nearest
from evalkit.errors import ArgumentError, Problem, ReadError
from evalkit.instruments.definition_building import build_instrument
from evalkit.instruments.definition_checks import faults_between
from evalkit.instruments.definition_draft import Draft
from evalkit.instruments.definition_rules import RULES
from evalkit.locale import DEFAULT_LANGUAGE, LANGUAGES, in_language
from evalkit.toml import read_toml
from evalkit.toml.rules import dotted, faults

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from evalkit.instruments.model import Instrument
    from evalkit.toml.lines import Path as Place

DEFINITIONS = Path(__file__).parent / "definitions"
WHOLE_FILE_LISTS = {("items",), ("scales",)}


def load_instrument(name: str | os.PathLike[str]) -> Instrument:
    """Load a form: one that evalkit knows, or one's own.

    Parameters
    ----------
    name : str or path
        Id of a form (``"CORS"``; see `list_instruments`), or path of a definition, which ends in
        ``.toml``. How to write one: docs/own-instrument.md.

    Returns
    -------
    Instrument

    Raises
    ------
    ArgumentError
        No form has that id; the nearest is named.
    ReadError
        The file is not there, cannot be parsed, or is no definition: all its errors, with lines.

    Examples
    --------
    >>> import evalkit as ek
    >>> cors = ek.load_instrument("CORS")
    >>> cors.item_ids
    ('individual', 'family', 'school', 'overall')
    >>> cors.profile("pcoms_5").threshold
    5
    """
    if not isinstance(name, str | os.PathLike):
        raise ArgumentError(f"name must be that of a form or a path, but is {name!r}.")
    path = Path(name)
    if path.suffix == ".toml" or isinstance(name, Path):
        return read_definition(path, path.name)
    if name not in _paths():
        raise ArgumentError(
            f"there is no form '{name}'. {did_you_mean(str(name), _paths())} For your own form "
            "give the path of its definition, which ends in .toml."
        )
    return _known(str(name))


def list_instruments(*, language: str | None = None) -> pd.DataFrame:
    """List the forms evalkit knows.

    Parameters
    ----------
    language : {"nb", "en"}, optional
        Language of the names; Norwegian unless stated.

    Returns
    -------
    pandas.DataFrame
        One row per form: ``id``, ``name``, ``informants``, ``ages_from``, ``ages_to`` (whole
        years; NA: no limit), ``items`` (their number), ``scales`` and ``profiles`` (their ids),
        ``scored``. Sorted by ``id``.

    Raises
    ------
    ArgumentError
        A language that is not known.

    Examples
    --------
    >>> import evalkit as ek
    >>> forms = ek.list_instruments(language="en").set_index("id")
    >>> forms.loc["CORS", ["name", "profiles"]].tolist()
    ['Child Outcome Rating Scale', 'pcoms_5, pcoms_6, cyp_iapt_2015']
    """
    import pandas as pd

    language = language or DEFAULT_LANGUAGE
    check_choice(language, "language", LANGUAGES)
    table = pd.DataFrame([_row(_known(name), language) for name in _paths()])
    return table.astype({"ages_from": "Int64", "ages_to": "Int64"})


def read_definition(path: Path, name: str) -> Instrument:
    """Read the definition of a form; ``name`` is what messages call its file.

    Raises
    ------
    ReadError
        As for `load_instrument`.
    """
    if not path.is_file():
        raise ReadError([Problem(name, _not_there(path))])
    toml = read_toml(path, name)
    single = list(faults(toml.content, RULES))
    lists_hold = not WHOLE_FILE_LISTS & {fault.path for fault in single}
    between = faults_between(Draft.of(toml.content, single)) if lists_hold else ()
    problems = [
        Problem(name, f"{_called(fault.path, toml.content)} {fault.message}", row=row)
        for fault in [*single, *between]
        for row in [toml.line(*fault.path)]
    ]
    if problems:
        raise ReadError(problems)
    return build_instrument(toml.content)


def _not_there(path: Path) -> str:
    folder = path.parent
    others = sorted(each.name for each in folder.glob("*.toml")) if folder.is_dir() else []
    close = nearest(path.name, others)
    hint = f" Did you mean '{close}'?" if close else ""
    return f"there is no such file in {folder.as_posix()}.{hint}"


def _called(place: Place, content: Mapping[str, object]) -> str:
    """Return what a message calls a place: 'highest' of [[items]] 'family'."""
    if not place:
        return "the file"
    entries = content.get(str(place[0]))
    if len(place) < 2 or not isinstance(entries, list):
        return f"'{dotted(place)}'"
    entry = entries[int(place[1])]
    stated = entry.get("id") if isinstance(entry, dict) else None
    named = f"'{stated}'" if isinstance(stated, str) else f"number {int(place[1]) + 1}"
    inner = dotted(place[2:])
    return f"'{inner}' of [[{place[0]}]] {named}" if inner else f"[[{place[0]}]] {named}"


@cache
def _paths() -> dict[str, Path]:
    """Return the definition of each form evalkit knows, by id: files are named by it."""
    return {path.stem.upper(): path for path in sorted(DEFINITIONS.glob("*.toml"))}


@cache
def _known(name: str) -> Instrument:
    path = _paths()[name]
    return read_definition(path, path.name)


def _row(form: Instrument, language: str) -> dict[str, object]:
    return {
        "id": form.id,
        "name": in_language(form.name, language),
        "informants": ", ".join(form.informants),
        "ages_from": form.ages[0],
        "ages_to": form.ages[1],
        "items": len(form.items),
        "scales": ", ".join(scale.id for scale in form.scales),
        "profiles": ", ".join(profile.id for profile in form.profiles),
        "scored": bool(form.scales),
    }
