"""The report: right numbers in both languages, the same bytes, whole or not at all."""

from __future__ import annotations

import hashlib
import html.parser
import itertools
import json
import os
import random
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import openpyxl
import pytest

import evalkit as ek
from evalkit.errors import ArgumentError, OutputError

NBSP = "\u00a0"
LANGUAGES = ["nb", "en"]


@pytest.fixture(scope="module", params=LANGUAGES)
def built(request, smil, tmp_path_factory):
    folder = tmp_path_factory.mktemp("out") / request.param
    return request.param, ek.report.build(smil, folder, language=request.param)


class Page(html.parser.HTMLParser):
    """Ids, links, headings, svg descriptions and text of a page, and whether tags match."""

    VOID = frozenset({"meta", "br", "link", "img", "hr"})

    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.headings, self.stack, self.described = [], [], [], [], []
        self.content = ""
        self.source = Path(path).read_text("utf-8")
        self.feed(self.source)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "a":
            self.links.append(attributes["href"])
        if tag == "svg":
            self.described.append(attributes.get("aria-labelledby", ""))
        if tag not in self.VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.stack.pop()

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag

    def handle_data(self, data):
        if "style" in self.stack:
            return
        self.content += data
        if self.stack and re.fullmatch(r"h\d", self.stack[-1]):
            self.headings.append((self.stack[-1], data))


def test_the_published_numbers_stand_in_the_page(built):
    language, report = built
    page = Page(report.page)
    share = f"88,0{NBSP}%" if language == "nb" else "88.0%"
    sentence = {
        "nb": f"Barn (Oslo, våren 2009): møtte 95 av 108 mulige ganger, {share}.",
        "en": f"Children (Oslo, spring 2009): 95 of 108 expected attendances took place, {share}.",
    }
    assert sentence[language] in page.content
    missing = {
        "nb": [
            "Det forelå ingen skjemaer fra barna",
            "Ingen oppmøtetall var tilgjengelige for Mo i Rana",
        ],
        "en": [
            "No forms of the children were available",
            "No attendance was available for Mo i Rana",
        ],
    }
    public = {"nb": "allerede offentlige, i sluttrapporten", "en": "already public, in the final"}
    for text in [*missing[language], public[language]]:
        assert text in page.content
    assert "Uten intervall" in page.content or "No interval" in page.content


def test_counts_per_session_and_source_stand_in_the_workbook(built):
    language, report = built
    book = openpyxl.load_workbook(report.tables)
    sessions, people = {
        "nb": ("Oppmøte per samling", "Bakgrunn"),
        "en": ("Attendance by session", "Background"),
    }[language]
    children = {"nb": "Barn", "en": "Children"}[language]
    header, *rows = ([cell.value for cell in row] for row in book[sessions].iter_rows())
    who = {"nb": "Hvem", "en": "Who"}[language]
    present = {"nb": "Til stede", "en": "Present"}[language]
    counts = [row[header.index(present)] for row in rows if row[header.index(who)] == children]
    assert counts == [7, 9, 8, 9, 7, 8, 8, 7, 9, 7, 8, 8]
    header, *rows = ([cell.value for cell in row] for row in book[people].iter_rows())
    referred = {"nb": "Rekruttert av", "en": "Referred by"}[language]
    by_group = {}
    for row in rows:
        if row[1] == referred:
            by_group.setdefault(row[0], []).append(row[3])
    assert [sum(counts) for counts in by_group.values()] == [9, 7]
    assert list(by_group.values()) == [[4, 2, 1, 1, 1], [4, 3]]


def test_one_page_that_needs_nothing_else(built):
    language, report = built
    page = Page(report.page)
    assert page.stack == []
    assert f'<html lang="{language}">' in page.source
    assert len(page.ids) == len(set(page.ids)), "an id stands twice"
    for link in page.links:
        assert link.startswith("#")
        assert link[1:] in page.ids
    for pair in page.described:
        assert set(pair.split()) <= set(page.ids)
    for reference in re.findall(r'(?:href="#|url\(#)([^")]+)', page.source):
        assert reference in page.ids
    addresses = set(re.findall(r'https?://[^"\s<]+', page.source))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "@import" not in page.source


def test_headings_one_can_walk(built):
    _, report = built
    levels = [int(tag[1]) for tag, _ in Page(report.page).headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))


def test_figures_are_described_in_words(built):
    language, report = built
    page = Page(report.page)
    assert len(page.described) == 4
    words = {"nb": "1: Barn 7 av 9, Voksne 3; 2: Barn 9 av 9", "en": "1: Children 7 of 9, Adults 3"}
    assert words[language] in page.content


def test_figures_in_three_formats(built):
    _, report = built
    names = sorted(path.name for path in report.figures.iterdir())
    stems = [
        "attendance-by-session-oslo-v09",
        "background-mo-v09",
        "background-oslo-v09",
        "sessions",
    ]
    assert names == sorted(f"{stem}.{kind}" for stem in stems for kind in ("svg", "png", "pdf"))


def test_the_manifest_tells_what_went_in_and_came_out(built, smil):
    _, report = built
    manifest = json.loads(report.manifest.read_text("utf-8"))
    for name, sha in manifest["inputs"].items():
        assert hashlib.sha256((smil.folder / name).read_bytes()).hexdigest() == sha
    assert set(manifest["inputs"]) == {
        "study.toml",
        "sessions.csv",
        "headcounts.csv",
        "margins.csv",
    }
    for name, sha in manifest["outputs"].items():
        assert hashlib.sha256((report.folder / name).read_bytes()).hexdigest() == sha
    written = {
        p.relative_to(report.folder).as_posix() for p in report.folder.rglob("*") if p.is_file()
    }
    assert written == set(manifest["outputs"]) | {"manifest.json"}
    rate = next(e for e in manifest["exhibits"] if e["id"] == "attendance-rate")
    assert rate["rows_used"] == {"headcounts": 12}
    assert (rate["rows_left_out"], rate["rows_hidden"]) == (4, 0)
    assert manifest["versions"]["evalkit"] == ek.__version__
    project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
    required = {requirement.split(">=")[0] for requirement in project["dependencies"]}
    assert set(manifest["versions"]) == required | {"evalkit", "python"}


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_bytes_in_another_process_with_shuffled_rows(folder, tmp_path):
    code = (
        "import sys, evalkit as ek; "
        "ek.report.build(ek.read_study(sys.argv[1]), sys.argv[2], language=sys.argv[3])"
    )

    def run(out, language, seed):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", code, str(folder), str(tmp_path / out), language]
        subprocess.run(command, check=True, env=environment)
        return contents(tmp_path / out)

    first = run("one", "nb", "1")
    for path in folder.glob("*.csv"):
        header, *rows = path.read_text("utf-8").strip().split("\n")
        random.Random(5).shuffle(rows)
        path.write_text("\n".join([header, *rows]) + "\n", "utf-8", newline="\n")
    second = run("two", "nb", "2")
    manifests = [json.loads(files.pop("manifest.json")) for files in (first, second)]
    assert first == second
    inputs = [manifest.pop("inputs") for manifest in manifests]
    assert manifests[0] == manifests[1]
    assert inputs[0] != inputs[1]


SMALL = {
    "sessions": "session_id;group_id;number;kind\ns1;a;1;children\ns2;a;2;family\n",
    "headcounts": "session_id;role;present;expected\ns1;child;17;23\ns2;child;21;23\n",
    "margins": "group_id;variable;value;count\na;gender;girl;20\na;gender;boy;3\n"
    "a;referral_source;PPT;19\na;referral_source;School;4\n",
}


def test_hidden_numbers_stand_nowhere(make_study, tmp_path):
    """3 boys of 23 (13.0 %) and 4 from school (17.4 %), and what tells them: in no file."""
    study = ek.read_study(make_study('[groups."a"]', **SMALL))
    report = ek.report.build(study, tmp_path / "out", language="en")
    assert report.hidden == 4
    book = openpyxl.load_workbook(report.tables)
    values = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {17, 21, 23} <= values  # how many came is open
    assert not values & {20, 3, 4, 19}
    page = Page(report.page)
    for text in ("87.0", "13.0", "17.4%", "20 of 23", "19 of 23"):
        assert text not in page.source
        assert text not in report.manifest.read_text("utf-8")
    assert "A colon stands where a number is hidden to protect people." in values
    assert "No table: its numbers are hidden" in page.content or "Not shown" in page.content
    assert "What several tables tell together was not looked at" in page.content
    assert "17 of 23" in page.content
    assert "Counts of people below 5, other than 0, are hidden" in page.content


def test_the_internal_report_hides_nothing_and_says_so_everywhere(make_study, tmp_path):
    study = ek.read_study(make_study('[groups."a"]', **SMALL))
    report = ek.report.build(study, tmp_path / "out", language="en", internal=True)
    assert report.hidden == 0
    page = Page(report.page)
    assert "INTERNAL" in page.content
    assert "21 of 23" in page.content
    for sheet in openpyxl.load_workbook(report.tables):
        assert sheet["A1"].value.startswith("INTERNAL")
    public = ek.report.build(study, tmp_path / "public", language="en")
    for figure in ("attendance-by-session-a.png", "sessions.svg"):
        inside, outside = (each.figures / figure for each in (report, public))
        assert inside.read_bytes() != outside.read_bytes()
    assert "INTERNAL" not in public.page.read_text("utf-8")
    assert json.loads(report.manifest.read_text("utf-8"))["internal"] is True


def test_a_stated_design_effect_is_printed(folder, edit, tmp_path):
    edit("study.toml", "[disclosure]", "[attendance]\ndesign_effect = 1.8\n\n[disclosure]")
    report = ek.report.build(ek.read_study(folder), tmp_path / "out", language="en")
    content = Page(report.page).content
    interval = ek.statistics.proportion(95 / 1.8, 108 / 1.8)
    assert f"95% interval {interval.lower:.1%} to {interval.upper:.1%}" in content
    assert "design effect of 1.8" in content
    assert "Design effect" in content


def test_sections_without_data_are_left_out_and_named(make_study, tmp_path):
    study = ek.read_study(make_study('[groups."a"]', sessions=SMALL["sessions"]))
    report = ek.report.build(study, tmp_path / "out", language="en")
    page = Page(report.page)
    headings = [text for _, text in page.headings]
    assert "Session programme" in headings
    assert "Rate of attendance" not in headings
    assert "Background" not in headings
    assert "No attendance was available" in page.content
    assert "No background of participants was available" in page.content


def test_a_study_with_nothing_but_a_title(make_study, tmp_path):
    report = ek.report.build(ek.read_study(make_study()), tmp_path / "out", language="en")
    page = Page(report.page)
    assert "No sessions were available" in page.content
    assert page.headings[0] == ("h1", "Made up")


def test_titles_are_escaped(make_study, tmp_path):
    folder = make_study(
        'about = "<img src=x> & more"\n[groups."<a>"]\ntitle = "<b>A</b>"',
        **{
            name: text.replace(";a;", ";<a>;").replace("\na;", "\n<a>;")
            for name, text in SMALL.items()
        },
    )
    report = ek.report.build(ek.read_study(folder), tmp_path / "out", language="en")
    source = report.page.read_text("utf-8")
    assert "<img" not in source
    assert "<b>A" not in source
    assert "&lt;b&gt;A&lt;/b&gt;" in source


def test_building_again_replaces_the_old_report(smil, tmp_path):
    out = tmp_path / "out"
    ek.report.build(smil, out, language="en")
    (out / ".DS_Store").write_bytes(b"")
    ek.report.build(smil, out, language="nb")
    assert '<html lang="nb">' in (out / "report.html").read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_files_of_others_are_never_touched(smil, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.docx").write_bytes(b"mine")
    with pytest.raises(OutputError, match=r"notes\.docx"):
        ek.report.build(smil, out)
    assert contents(out) == {"notes.docx": b"mine"}


def test_a_report_that_was_edited_is_never_overwritten(smil, tmp_path):
    out = tmp_path / "out"
    report = ek.report.build(smil, out)
    report.tables.write_bytes(b"edited")
    with pytest.raises(OutputError, match=r"were changed after evalkit wrote them: tables\.xlsx"):
        ek.report.build(smil, out)
    assert report.tables.read_bytes() == b"edited"


def test_a_file_put_into_a_report_is_never_removed(smil, tmp_path):
    out = tmp_path / "out"
    ek.report.build(smil, out)
    (out / "figures" / "mine.png").write_bytes(b"mine")
    with pytest.raises(OutputError, match=r"figures/mine\.png"):
        ek.report.build(smil, out)
    assert (out / "figures" / "mine.png").exists()


@pytest.mark.parametrize("place", [".", "out", ".."])
def test_nothing_is_written_in_or_around_the_study_folder(folder, place):
    before = contents(folder)
    with pytest.raises(OutputError, match="study folder"):
        ek.report.build(ek.read_study(folder), folder / place)
    assert contents(folder) == before


def test_out_is_a_file(smil, tmp_path):
    (tmp_path / "out").write_text("x", "utf-8")
    with pytest.raises(OutputError, match="is a file"):
        ek.report.build(smil, tmp_path / "out")


@pytest.mark.parametrize("before", [False, True], ids=["new", "over an old one"])
def test_a_failure_half_way_leaves_everything_as_it_was(smil, tmp_path, monkeypatch, before):
    out = tmp_path / "out"
    if before:
        ek.report.build(smil, out, language="en")
    was = contents(tmp_path)

    def fail(*_):
        raise RuntimeError("disk full")

    monkeypatch.setattr("evalkit.report.building.write_page", fail)
    with pytest.raises(RuntimeError, match="disk full"):
        ek.report.build(smil, out, language="nb")
    assert contents(tmp_path) == was
    assert out.exists() == before


def fail_renames(monkeypatch, *numbers):
    """Let renames number 2, 3, ... fail, as where another program holds the folder."""
    rename, calls = Path.rename, []

    def sometimes(self, target):
        calls.append(target)
        if len(calls) in numbers:
            raise PermissionError(13, "in use")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", sometimes)
    monkeypatch.setattr("time.sleep", lambda _: None)


def test_the_old_report_is_put_back_where_the_new_one_cannot_stand(smil, tmp_path, monkeypatch):
    out = tmp_path / "out"
    ek.report.build(smil, out, language="en")
    was = contents(out)
    fail_renames(monkeypatch, 2, 3, 4)
    with pytest.raises(OutputError, match="nothing was changed"):
        ek.report.build(smil, out, language="nb")
    assert contents(out) == was
    assert list(tmp_path.iterdir()) == [out]


def test_the_old_report_is_never_lost(smil, tmp_path, monkeypatch):
    out = tmp_path / "out"
    ek.report.build(smil, out, language="en")
    was = contents(out)
    fail_renames(monkeypatch, *range(2, 8))
    with pytest.raises(OutputError, match="The old report stands in .*-old"):
        ek.report.build(smil, out, language="nb")
    (old,) = tmp_path.iterdir()
    assert contents(old) == was


def test_a_folder_that_is_held_for_a_moment(smil, tmp_path, monkeypatch):
    fail_renames(monkeypatch, 1, 2)
    assert ek.report.build(smil, tmp_path / "out").page.exists()


def test_steps_are_told(smil, tmp_path):
    steps = []
    ek.report.build(smil, tmp_path / "out", on_step=lambda *step: steps.append(step))
    assert [done for done, _, _ in steps] == list(range(len(steps)))
    assert steps[-1][0] == steps[-1][1]


def test_an_unknown_language(smil, tmp_path):
    with pytest.raises(ArgumentError, match="language is 'nn'"):
        ek.report.build(smil, tmp_path / "out", language="nn")
    assert list(tmp_path.iterdir()) == []


PERSONS = "person_id;group_id;role;gender\n" + "".join(
    f"p{n};a;{'child' if n < 12 else 'parent'};{'girl' if n < 6 else ''}\n" for n in range(20)
)


def test_people_whose_background_is_not_known_are_told(make_study, tmp_path):
    study = ek.read_study(make_study('[groups."a"]', participants=PERSONS))
    report = ek.report.build(study, tmp_path / "out", language="en")
    header, girls = (
        [cell.value for cell in row]
        for row in openpyxl.load_workbook(report.tables)["Background of the children"].iter_rows(
            max_row=2
        )
    )
    row = dict(zip(header, girls, strict=True))
    assert (row["Number"], row["Of"], row["Not known"]) == (6, 6, 6)
    assert "8 participants are no children and not counted here" in Page(report.page).content
    manifest = json.loads(report.manifest.read_text("utf-8"))
    (background,) = (each for each in manifest["exhibits"] if each["id"] == "background-of-all")
    assert background["rows_used"] == {"participants": 12}


def test_few_people_whose_background_is_not_known_are_hidden(make_study, tmp_path):
    few = PERSONS.replace("p5;a;child;girl", "p5;a;child;").replace("child;\n", "child;girl\n", 1)
    few = few.replace("child;\n", "child;boy\n", 5)
    study = ek.read_study(make_study('[groups."a"]', participants=few))
    report = ek.report.build(study, tmp_path / "out", language="en")
    header, girls = (
        [cell.value for cell in row]
        for row in openpyxl.load_workbook(report.tables)["Background of the children"].iter_rows(
            max_row=2
        )
    )
    row = dict(zip(header, girls, strict=True))
    assert (row["Number"], row["Of"], row["Not known"]) == (6, 11, ":")


@pytest.mark.parametrize(
    "persons",
    ["person_id;group_id;role\np1;a;parent\n", "person_id;group_id;role\np1;a;child\n"],
    ids=["no child", "nothing known"],
)
def test_participants_without_background_are_no_exhibit(make_study, tmp_path, persons):
    study = ek.read_study(make_study('[groups."a"]', participants=persons))
    report = ek.report.build(study, tmp_path / "out", language="en")
    page = Page(report.page)
    assert "No background of participants was available" in page.content
    assert "Background of the children" not in [text for _, text in page.headings]


def test_headcounts_without_anybody_expected_have_no_rate(make_study, tmp_path):
    tables = {**SMALL, "headcounts": "session_id;role;present\ns1;child;17\ns2;child;21\n"}
    report = ek.report.build(
        ek.read_study(make_study('[groups."a"]', **tables)), tmp_path / "out", language="en"
    )
    page = Page(report.page)
    assert "No rate of attendance: how many were expected" in page.content
    assert "Rate of attendance" not in [text for _, text in page.headings]
    assert "Attendance by session" in [text for _, text in page.headings]


def test_the_number_of_participants_cannot_be_worked_out(make_study, tmp_path):
    persons = "person_id;group_id;role;gender\n" + "".join(f"p{n};a;child;girl\n" for n in range(3))
    margins = "group_id;variable;value;count\nb;gender;girl;20\nb;gender;boy;30\n"
    study = ek.read_study(
        make_study('[groups."a"]\n[groups."b"]', participants=persons, margins=margins)
    )
    report = ek.report.build(study, tmp_path / "out", language="en")
    manifest = json.loads(report.manifest.read_text("utf-8"))
    used = {each["id"]: each["rows_used"] for each in manifest["exhibits"]}
    assert used["background-of-all"] == {"participants": None}
    assert used["background"] == {"margins": 2}


def test_group_ids_that_are_no_file_names(make_study, tmp_path):
    tables = {
        name: text.replace(";a;", ";å/1;").replace("\na;", "\nå/1;") for name, text in SMALL.items()
    }
    study = ek.read_study(make_study('[groups."å/1"]', **tables))
    report = ek.report.build(study, tmp_path / "out")
    names = [path.name for path in report.figures.iterdir()]
    assert any(re.fullmatch(r"attendance-by-session-å_1-[0-9a-f]{6}\.png", name) for name in names)
