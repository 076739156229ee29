"""The report of the invented programme: every section, its figures, and nobody by name."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

import evalkit as ek

ROOT = Path(__file__).parent.parent.parent
PROGRAMME = ROOT / "data" / "sample" / "programme"
SECTIONS = [
    *("completeness", "participants", "attendance", "children", "parents", "professionals"),
    "method",
]


@pytest.fixture(scope="module")
def study():
    return ek.read_study(PROGRAMME)


@pytest.fixture(scope="module", params=["nb", "en"])
def public(request, study, tmp_path_factory):
    out = tmp_path_factory.mktemp("public") / request.param
    return request.param, ek.report.build(study, out, language=request.param)


@pytest.fixture(scope="module")
def internal(study, tmp_path_factory):
    out = tmp_path_factory.mktemp("internal") / "out"
    return ek.report.build(study, out, language="en", internal=True)


def sections(report):
    page = report.page.read_text("utf-8")
    return dict(re.findall(r'<h2 id="(\w+)">(.*?)</h2>', page))


def figures(report):
    return {path.stem for path in report.figures.glob("*.svg")}


def test_every_section_in_its_order(public):
    language, report = public
    assert list(sections(report)) == SECTIONS
    titles = {"nb": "Svarinngang", "en": "Completeness"}
    assert sections(report)["completeness"] == titles[language]


def test_a_public_report_has_figures_of_every_kind(public):
    names = figures(public[1])
    assert len(names) >= 8
    for start in (
        *("completeness", "background-of-all", "sessions", "attendance-rate"),
        *("attendance-by-session", "course-cors", "change-cors", "answers-couple_talk"),
        "answers-smil_parents",
    ):
        assert any(name.startswith(start) for name in names), start


def test_the_internal_report_has_three_kinds_more(public, internal):
    more = {re.sub(r"-(cors|ors)?.*", "", n) for n in figures(internal) - figures(public[1])}
    only = [
        n for n in figures(internal) if n.startswith(("attendance-map", "trajectories", "first-"))
    ]
    assert {n.split("-")[0] for n in only} == {"attendance", "trajectories", "first"}
    assert more >= {"trajectories", "first"}


def test_a_public_report_shows_no_single_person(public, study):
    _, report = public
    ids = [str(person) for person in study.participants["person_id"]]
    texts = [report.page.read_text("utf-8"), report.manifest.read_text("utf-8")]
    book = openpyxl.load_workbook(report.tables)
    texts += [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value]
    text = "\n".join(texts)
    assert [each for each in ids if re.search(rf"\b{re.escape(each)}\b", text)] == []
    assert not any(name.startswith(("trajectories", "first-last")) for name in figures(report))


def test_the_public_report_passes_its_audit(public):
    _, report = public
    found = ek.report.audit(report.folder)
    assert found.safe
    assert found.audience == "public"
    assert len(found.numbers) > 50
    assert found.numbers["safe"].all()
    might_be_unsafe = found.numbers["lower"] < 5
    assert (found.numbers["width"] >= found.numbers["required"])[might_be_unsafe].all()


def test_both_languages_hide_the_same(public, study):
    """The pattern is that of the numbers: labels and their order have no part in it."""
    from evalkit.report.contents import exhibits_of
    from evalkit.report.disclosed import hidden_numbers
    from evalkit.report.measuring import measured, protected

    policy = study.settings.policy
    there = [each for each in exhibits_of(study, policy) if each.has_data(study)]
    numbers = [(each, measured(each, study, policy)) for each in reversed(there)]
    hidden = {name: hidden_numbers(safe) for name, safe in protected(numbers, policy, {}).items()}
    told = json.loads(public[1].manifest.read_text("utf-8"))["patterns"]["public"]
    assert told == {name: list(own) for name, own in hidden.items() if own}


def test_open_answers_stand_in_no_report(study, internal):
    page = internal.page.read_text("utf-8")
    assert len(study.comments) > 0
    assert [text for text in study.comments["text"] if text in page] == []


def test_numbers_of_the_page_are_those_of_the_metrics(study, internal):
    rate = ek.attendance.rate(study.attendance, by="role").iloc[0]
    page = internal.page.read_text("utf-8")
    told = f"Children (all groups): {rate.present} of {rate.n} expected attendances took place"
    assert told in page
    cors = ek.load_instrument("CORS")
    pairs = ek.outcomes.pairs(ek.outcomes.scores(study.forms["CORS"], cors))
    change = ek.outcomes.change(pairs, cors, profile="pcoms_5")
    summary = ek.outcomes.change_summary(change, by="informant")
    improved = summary[(summary["category"] == "improved") & (summary["informant"] == "self")]
    row = improved.iloc[0]
    told = f"(own answers): {row['count']} of {row['n']} who could improve reliably did so"
    assert f"{cors.name['en']} {told}" in page


def test_files_are_listed_with_the_names_of_their_forms(public, study):
    language, report = public
    page = report.page.read_text("utf-8")
    files = page[page.index('id="table-inputs"') :]
    assert study.labels(language)["holds"]["SMIL_PARENTS"] in files
    assert "SMIL_PARENTS" not in files


def test_thresholds_are_told_with_source_and_how_well_known(public):
    page = public[1].page.read_text("utf-8")
    assert "pcoms_5" in page
    assert {"nb": "ikke bekreftet", "en": "not verified"}[public[0]] in page


def test_what_was_left_out_is_counted(study, internal):
    book = openpyxl.load_workbook(internal.tables)
    rows = [[cell.value for cell in row] for row in book["Rows left out"].iter_rows()]
    counted = {row[1]: 0 for row in rows}
    for row in rows[1:]:
        if isinstance(row[2], int):
            counted[row[1]] += row[2]
    withdrawn = (study.excluded["reason"] == "consent for forms withdrawn").sum()
    assert counted["consent for forms withdrawn"] == withdrawn > 0


def test_what_a_study_writes_about_a_row_stands_in_no_report(study, internal, public):
    """A reason may name a person: 'B104 was typed in twice'."""
    own = [r for r in study.excluded["reason"].unique() if "twice" in r or "test answer" in r]
    assert own
    for report in (internal, public[1]):
        book = openpyxl.load_workbook(report.tables)
        cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row]
        text = report.page.read_text("utf-8") + "\n".join(cells)
        assert [reason for reason in own if reason in text] == []


def test_the_manifest_says_what_each_exhibit_used(internal, study):
    manifest = json.loads(internal.manifest.read_text("utf-8"))
    used = {each["id"]: each["rows_used"] for each in manifest["exhibits"]}
    assert used["attendance-rate"]["attendance"] == len(study.attendance)
    assert used["first-last-cors"] == {"CORS": len(study.forms["CORS"])}


def hashes(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }


def test_both_reports_have_the_same_bytes_in_another_process(public, internal, tmp_path):
    language, report = public
    if language != "nb":
        return
    code = (
        "import sys, evalkit as ek; study = ek.read_study(sys.argv[1]); "
        "ek.report.build(study, sys.argv[2], language='nb'); "
        "ek.report.build(study, sys.argv[3], language='en', internal=True)"
    )
    paths = [str(PROGRAMME), str(tmp_path / "public"), str(tmp_path / "internal")]
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    subprocess.run([sys.executable, "-c", code, *paths], check=True, env=environment)
    assert hashes(tmp_path / "public") == hashes(report.folder)
    assert hashes(tmp_path / "internal") == hashes(internal.folder)


def test_single_persons_are_refused_where_they_may_not_stand(study, tmp_path):
    from evalkit.privacy.guarding import guarded
    from evalkit.report.contents import exhibits_of
    from evalkit.report.making import Setting, make

    inside = study.settings.disclosure.policies["internal"]
    setting = Setting.of(study, "en", "public")
    listed = exhibits_of(study, inside)
    refused = [each for each in listed if each.internal_only or each.single_persons]
    assert {each.id for each in refused} >= {"attendance-map", "background-by-group"}
    for exhibit in refused:
        measured = exhibit.measure(study)
        safe = guarded(measured.result, measured.cells, inside)
        with pytest.raises(ek.ArgumentError, match="internal reports only"):
            make(exhibit, measured, safe, setting, tmp_path)


def test_how_many_warnings_a_file_gave_stands_in_internal_reports_only(public, internal, study):
    """So many warnings, of ages or of forms out of order, may be so many children."""
    assert len(study.problems) > 0
    told = json.loads(public[1].manifest.read_text("utf-8"))["warnings"]
    assert set(told) == set(study.problems["file"])
    assert set(told.values()) == {None}
    assert "evalkit check" not in public[1].page.read_text("utf-8")
    inside = json.loads(internal.manifest.read_text("utf-8"))["warnings"]
    assert inside == study.problems["file"].value_counts().to_dict()
    assert "evalkit check" in internal.page.read_text("utf-8")
