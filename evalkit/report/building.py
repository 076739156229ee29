"""Building a report: one folder with page, figures, workbook and manifest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from evalkit.arguments import check_choice
from evalkit.errors import ArgumentError
from evalkit.locale import N_, in_language
from evalkit.privacy.policy import AUDIENCES
from evalkit.report.breaches import refuse_breaches
from evalkit.report.contents import exhibits_of
from evalkit.report.disclosure_told import disclosure_sentences
from evalkit.report.making import Setting, make
from evalkit.report.manifest import earlier_patterns, read_manifest, write_manifest
from evalkit.report.measuring import measured, protected
from evalkit.report.page import write_page
from evalkit.report.writing import MANIFEST, whole_folder
from evalkit.tables import xlsx
from evalkit.tables.workbook import Sheet

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from evalkit.report.making import Made
    from evalkit.report.manifest import Patterns
    from evalkit.study import Study

    OnStep = Callable[[int, int, str], None]

PAGE, TABLES, FIGURES = "report.html", "tables.xlsx", "figures"
LAST_STEPS = (N_("Tables"), N_("Page"), N_("Audit"))


class Built(NamedTuple):
    """Where a report was written.

    Attributes
    ----------
    folder, page, tables, figures, manifest : Path
        The output folder and what stands in it.
    hidden : int
        In how many rows of results numbers were hidden to protect people.
    """

    folder: Path
    page: Path
    tables: Path
    figures: Path
    manifest: Path
    hidden: int


def build(
    study: Study,
    out: str | os.PathLike[str],
    *,
    language: str | None = None,
    internal: bool = False,
    audience: str | None = None,
    earlier: str | os.PathLike[str] | None = None,
    on_step: OnStep | None = None,
) -> Built:
    """Write the report of a study: page, figures, tables and manifest.

    The folder is written whole or not at all. An older report in it is replaced; files that
    evalkit did not write, or that were changed since, are never touched. The same study gives
    the same bytes.

    Parameters
    ----------
    study : Study
        From `evalkit.read_study`.
    out : path
        The output folder, outside the study folder.
    language : {"nb", "en"}, optional
        By default the study's.
    internal : bool
        The same as ``audience="internal"``: hide nothing, and say INTERNAL on every page, sheet
        and figure.
    audience : {"public", "partners", "internal"}, optional
        Whom it is for; by default the public. Partners see what ``[disclosure.partners]`` of
        study.toml lets them, and every page, sheet and figure says that it is for them.
    earlier : path, optional
        The folder of an earlier report of the same study, as of another language or an earlier
        year: what was hidden there stays hidden where anything has to be. By default the report
        that is replaced.
    on_step : callable, optional
        Called with the number of steps done, of all steps, and the name of the next one.

    Returns
    -------
    Built
        Paths of ``report.html``, ``tables.xlsx``, ``figures/`` (svg, png, pdf) and
        ``manifest.json``.

    Raises
    ------
    OutputError
        The folder cannot be used; the message says why.
    DisclosureError
        What was to be published would tell too much of single people: every report that is not
        internal is audited (see `audit`) before it is kept.
    ArgumentError
        An unknown language or audience, ``earlier`` that is no report of this study.

    Examples
    --------
    >>> import tempfile
    >>> import evalkit as ek
    >>> study = ek.read_study("data/sample/smil-2009")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     built = ek.report.build(study, f"{folder}/smil", language="en")
    ...     "95 of 108" in built.page.read_text("utf-8")
    True
    """
    folder = Path(out).expanduser()
    patterns = _earlier(study, folder, earlier)
    readers = _audience(audience, internal=internal)
    setting = Setting.of(study, language, readers, patterns.get(readers))
    listed = exhibits_of(study, setting.policy)
    there = [each for each in listed if each.has_data(study)]
    numbers_of = [(each, measured(each, study, setting.policy)) for each in there]
    shown = [(exhibit, numbers) for exhibit, numbers in numbers_of if len(numbers.result)]
    steps = [each.heading(setting.say) for each, _ in shown]
    steps += [setting.say.text(step) for step in LAST_STEPS]

    def tell(done: int) -> None:
        if on_step is not None:
            on_step(done, len(steps), steps[done] if done < len(steps) else "")

    with whole_folder(folder, study.folder) as new:
        (new / FIGURES).mkdir()
        made: list[Made] = []
        safe = protected(shown, setting.policy, setting.earlier)
        for exhibit, numbers in shown:
            tell(len(made))
            made.append(make(exhibit, numbers, safe[exhibit.id], setting, new / FIGURES))
        tell(len(made))
        _write_tables(made, setting, new / TABLES)
        tell(len(made) + 1)
        write_page(made, setting, new / PAGE)
        write_manifest(made, setting, new, patterns)
        tell(len(made) + 2)
        if setting.policy.hides:
            refuse_breaches(new)
        tell(len(steps))
    hidden = sum(each.hidden for each in made)
    return Built(
        folder, folder / PAGE, folder / TABLES, folder / FIGURES, folder / MANIFEST, hidden
    )


def _audience(audience: str | None, *, internal: bool) -> str:
    """Return whom a report is for."""
    readers = audience or ("internal" if internal else "public")
    check_choice(readers, "audience", AUDIENCES)
    if internal and readers != "internal":
        raise ArgumentError(f"a report is internal or for {readers}, not both.")
    return readers


def _earlier(study: Study, out: Path, stated: str | os.PathLike[str] | None) -> Patterns:
    """Return what an earlier report hid: of the one that is named, or that is replaced."""
    title = study.settings.title
    if stated is None:
        return earlier_patterns(out, title)
    folder = Path(stated).expanduser()
    found = read_manifest(folder)
    if found is None or found.get("study") != dict(title):
        raise ArgumentError(
            f"earlier is '{folder.as_posix()}', where no report of this study stands: it needs the "
            f"folder with its {MANIFEST}."
        )
    return earlier_patterns(folder, title)


def _contents(made: list[Made], setting: Setting) -> Sheet:
    """Return the first sheet: which tables there are, of which study, what is hidden."""
    names = [each.exhibit.sheet_name(setting.say) for each in made if each.sheet is not None]
    table = pd.DataFrame({"table": names}, dtype="str")
    settings, language = setting.study.settings, setting.say.language
    texts = (settings.title, settings.about, settings.source)
    notes = [in_language(text, language) for text in texts if text]
    return Sheet(table, notes=[*notes, *disclosure_sentences(made, setting)])


def _write_tables(made: list[Made], setting: Setting, path: Path) -> None:
    sheets = {setting.say.text(N_("Contents")): _contents(made, setting)}
    for each in made:
        if each.sheet is not None:
            sheets[each.exhibit.sheet_name(setting.say)] = each.sheet
    xlsx(
        sheets,
        path,
        language=setting.say.language,
        labels=setting.labels,
        banner=setting.banner,
    )
