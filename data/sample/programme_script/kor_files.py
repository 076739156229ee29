"""The forms of sessions as files: a workbook or csv files per site, one for the caretakers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme_script.kor import Form, caretakers, own_outcome, own_session
from programme_script.settings import Entry
from programme_script.stated import OLDEST_WITH_CORS, Site
from programme_script.writing import write_csv, write_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from programme_script.people import Child

ITEMS = {
    "CORS": {
        "individual": "Meg selv",
        "family": "Familien",
        "school": "Skolen",
        "overall": "Når alt tas med",
    },
    "ORS": {
        "individual": "Meg selv",
        "relations": "Nære forhold",
        "social": "Skole og venner",
        "overall": "Når alt tas med",
    },
    "CGSRS": {
        "relationship": "Ledere og gruppe",
        "goals": "Det vi snakket om",
        "approach": "Måten vi jobbet på",
        "overall": "Samlingen i alt",
    },
}
COLUMNS = {"about_id": "Kode", "occasion": "Samling", "answered_on": "Dato"}
RESPONDENT = "Foresatt"
TEST = "TEST"
TWICE = 12
WORDY_SITE = "Stjernenes"


def kor_files(folder: Path, children: list[Child], seed: int, *, clean: bool) -> Iterator[Entry]:
    """Write the forms of every site, and those of the caretakers; yield an entry for each."""
    sites = list(dict.fromkeys(child.group.site for child in children))
    for site in sites:
        own = [child for child in children if child.group.site == site]
        forms = _by_instrument(own, seed, clean=clean)
        write = _site_workbook if site.kor == "workbook" else _site_csv
        yield from write(folder, site, forms, clean=clean)
    yield from _caretakers_file(folder, children, seed, clean=clean)


def _by_instrument(children: list[Child], seed: int, *, clean: bool) -> dict[str, list[Form]]:
    forms: dict[str, list[Form]] = {"CORS": [], "ORS": [], "CGSRS": []}
    for child in children:
        outcome = "CORS" if child.age <= OLDEST_WITH_CORS else "ORS"
        forms[outcome] += own_outcome(child, seed, clean=clean)
        forms["CGSRS"] += own_session(child, seed, clean=clean)
    for each in forms.values():
        each.sort(key=lambda form: (form.day, form.code))
    return {name: each for name, each in forms.items() if each}


def _rows(instrument: str, forms: list[Form], *, wordy: bool = False) -> list[list[object]]:
    rows: list[list[object]] = [[*COLUMNS.values(), *ITEMS[instrument].values()]]
    for form in forms:
        occasion = f"Samling {form.number}" if wordy else form.number
        rows.append([form.code, occasion, form.day, *form.answers])
    return rows


def _entry(path: str, instrument: str, **more: object) -> Entry:
    described = {"informant": "self", "columns": COLUMNS, "items": ITEMS[instrument], **more}
    return Entry(path, instrument, "consent", described)


def _site_workbook(
    folder: Path, site: Site, forms: dict[str, list[Form]], *, clean: bool
) -> Iterator[Entry]:
    """Write one workbook; at the first site somebody typed a form a second time, at the end."""
    path = f"raw/kor/{site.name.lower()}.xlsx"
    sheets = {
        name: _rows(name, each, wordy=site.name == WORDY_SITE) for name, each in forms.items()
    }
    more: dict[str, dict[str, object]] = {name: {} for name in sheets}
    if not clean and site.name != WORDY_SITE and len(sheets.get("CORS", ())) > TWICE:
        sheets["CORS"].append(sheets["CORS"][TWICE - 1])
        why = f"typed in twice; row {TWICE} is kept"
        more["CORS"]["leave_out"] = [{"row": len(sheets["CORS"]), "because": why}]
    write_workbook(folder / path, sheets)
    for name in sheets:
        yield _entry(path, name, sheet=name, **more[name])


def _site_csv(
    folder: Path, site: Site, forms: dict[str, list[Form]], *, clean: bool
) -> Iterator[Entry]:
    """Write a csv for each instrument; the first row of CORS was a try."""
    for name, each in forms.items():
        path = f"raw/kor/{site.name.lower()}-{name.lower()}.csv"
        rows, more = _rows(name, each), {}
        if not clean and name == "CORS":
            rows.insert(1, [TEST, 1, each[0].day, 10.0, 10.0, 10.0, 10.0])
            more["leave_out"] = [{"where": {"Kode": TEST}, "because": "test answer"}]
        write_csv(folder / path, rows, delimiter=";", encoding="cp1252")
        yield _entry(path, name, encoding="cp1252", **more)


def _caretakers_file(
    folder: Path, children: list[Child], seed: int, *, clean: bool
) -> Iterator[Entry]:
    forms = [form for child in children for form in caretakers(child, seed, clean=clean)]
    if not forms:
        return
    respondents = [RESPONDENT, *(form.respondent for form in forms)]
    plain = _rows("CORS", forms)
    rows = [[row[0], who, *row[1:]] for row, who in zip(plain, respondents, strict=True)]
    path = "raw/kor/foresatte.xlsx"
    write_workbook(folder / path, {"CORS": rows})
    columns = {"about_id": "Kode", "respondent_id": RESPONDENT, **COLUMNS}
    yield _entry(path, "CORS", informant="caretaker", columns=columns)
