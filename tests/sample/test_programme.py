"""The invented programme: reproduced byte for byte, drawn as its README says, dirty where it says."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
import openpyxl
import pytest

import evalkit as ek

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "sample" / "programme"
SCRIPT = ROOT / "data" / "sample" / "make_programme.py"
MANY = 200

sys.path.insert(0, str(SCRIPT.parent))

from programme_script import anonymous, kor, parents, people, settings, stated, surveys  # noqa: E402
from programme_script.groups import THEMES, plan  # noqa: E402


def make(out, *options):
    subprocess.run([sys.executable, SCRIPT, out, *options], check=True, cwd=ROOT)
    return out


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def rows_of(name, sheet=None, folder=SAMPLE):
    """Return the rows of a workbook as they stand; the first is row 1 of Excel."""
    book = openpyxl.load_workbook(folder / "raw" / name)
    return [
        list(row) for row in (book[sheet] if sheet else book.active).iter_rows(values_only=True)
    ]


def table(name, encoding="utf-8", delimiter=","):
    text = (SAMPLE / "raw" / name).read_bytes().decode(encoding)
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


@pytest.fixture(scope="module")
def study():
    return tomllib.loads((SAMPLE / "study.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def many():
    """Return the children of many groups, drawn as those of the sample are."""
    return [
        child
        for group in plan(MANY)
        for child in people.children_of(group, 8, stated.SEED, clean=False)
    ]


# The same bytes


def test_the_script_writes_what_is_committed(tmp_path):
    made, committed = files(make(tmp_path)), files(SAMPLE)
    assert sorted(made) == sorted(committed)
    assert [name for name in made if made[name] != committed[name]] == []


def test_another_seed_draws_another_programme(tmp_path):
    made = files(make(tmp_path, "--seed", "1", "--groups", "1"))
    assert made["raw/kor/eventyrvik.xlsx"] != files(SAMPLE)["raw/kor/eventyrvik.xlsx"]


def test_more_groups_do_not_move_those_that_were_there():
    one, two = (plan(count)[0] for count in (1, 40))
    drawn = [people.children_of(group, 8, stated.SEED, clean=False) for group in (one, two)]
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize(("groups", "children"), [(1, 3), (40, 8)])
def test_other_sizes(tmp_path, groups, children):
    make(tmp_path, "--groups", str(groups), "--children", str(children))
    study = tomllib.loads((tmp_path / "study.toml").read_text("utf-8"))
    assert len(study["groups"]) == groups
    assert study["expected"]["SMIL_PROFESSIONALS"] == 4 * groups
    assert all((tmp_path / file["path"]).is_file() for file in study["files"])
    titles = [group["title"]["nb"] for group in study["groups"].values()]
    assert len(set(titles)) == groups
    roles = Counter(row[2] for row in rows_of("deltakere.xlsx", folder=tmp_path))
    assert roles["barn"] == groups * children


def test_clean_leaves_the_slips_out(tmp_path):
    make(tmp_path, "--clean")
    study = tomllib.loads((tmp_path / "study.toml").read_text("utf-8"))
    assert all("leave_out" not in file for file in study["files"])
    assert b"TEST" not in b"".join(files(tmp_path / "raw" / "foreldre").values())
    assert "withdrawn" not in (tmp_path / "raw" / "samtykker.csv").read_text("utf-8")
    marks = {cell for row in rows_of("oppmote/stjernenes.xlsx", folder=tmp_path) for cell in row}
    assert "x" in marks
    assert "?" not in marks


# What it is


def test_the_shape_of_the_programme(study):
    roles = Counter(row[2] for row in rows_of("deltakere.xlsx")[1:])
    assert len(study["groups"]) == 6
    assert len({group["site"] for group in study["groups"].values()}) == 4
    assert roles["barn"] == sum(stated.CHILDREN) == 45
    assert roles["forelder"] > roles["barn"]
    ages = {row[4] for row in rows_of("deltakere.xlsx")[1:] if row[2] == "barn"}
    assert ages == set(range(8, 14))
    numbers = Counter(row["group_id"] for row in table("samlinger.csv"))
    assert sorted(numbers.values()) == sorted(stated.SESSIONS)
    assert {row["theme"] for row in table("samlinger.csv")} <= set(THEMES)
    assert len(table("fagpersoner.csv")) == 19
    talks = sum(len(table(f"parsamtaler/{site.name.lower()}.csv")) for site in stated.SITES)
    assert talks == pytest.approx(60, abs=8)
    assert study["expected"]["COUPLE_TALK"] == 80


def test_every_file_is_named_and_every_group_known(study):
    named = {file["path"] for file in study["files"]} | {
        file["codebook"] for file in study["files"] if "codebook" in file
    }
    there = {path.relative_to(SAMPLE).as_posix() for path in (SAMPLE / "raw").rglob("*.*")}
    assert named == there
    groups = {row["group_id"] for row in table("samlinger.csv")}
    assert groups == set(study["groups"])
    assert {row[1] for row in rows_of("deltakere.xlsx")[1:]} == groups


def test_sessions_are_a_week_apart_and_never_in_the_holidays():
    for group in plan(6):
        apart = {(b - a).days for a, b in zip(group.dates, group.dates[1:], strict=False)}
        assert apart <= {7, 14}
        assert not {day.isocalendar().week for day in group.dates} & stated.HOLIDAY_WEEKS


def test_nobody_is_there_before_the_start_or_after_the_end(many):
    for child in many:
        assert list(child.statuses) == list(range(child.first, child.last + 1))


def test_answers_keep_to_the_line_and_its_millimetres(many):
    answers = [
        answer
        for child in many[:200]
        for form in kor.own_outcome(child, stated.SEED, clean=False)
        for answer in form.answers
        if answer is not None
    ]
    assert min(answers) >= 0
    assert max(answers) == 10
    assert {round(answer * 10) / 10 for answer in answers} == set(answers)


# Drawn as stated: six standard errors, so that a false alarm is not to be expected


def share(hits, stated_share):
    hits = np.asarray(list(hits), dtype=float)
    error = (stated_share * (1 - stated_share) / len(hits)) ** 0.5
    assert hits.mean() == pytest.approx(stated_share, abs=6 * error)


def test_people_are_drawn_as_stated(many):
    for age, stated_share in stated.AGES.items():
        share((child.age == age for child in many), stated_share)
    for source, stated_share in stated.SOURCES.items():
        share((child.source == source for child in many), stated_share)
    share((child.gender == "jente" for child in many), stated.GIRLS)
    share((len(child.parents) == 2 for child in many), stated.TWO_PARENTS)
    share((child.first > 1 for child in many), stated.LATE)
    at_risk = [
        (number == child.last and child.ended != people.COMPLETED)
        for child in many
        for number in range(stated.FIRST_SESSION_AT_RISK, min(child.last, child.group.last - 1) + 1)
    ]
    share(at_risk, stated.HAZARD)


def test_presence_is_drawn_as_stated(many):
    """Children differ: the variance of their shares is that of a beta-binomial distribution."""
    whole = [c for c in many if len(c.statuses) == 12 and c.group.site.register != "questions"]
    shares = np.array([len(child.attended) / 12 for child in whole])
    p, icc = stated.PRESENT, stated.PRESENT_ICC
    variance = p * (1 - p) / 12 * (1 + 11 * icc)
    assert shares.mean() == pytest.approx(p, abs=6 * (variance / len(shares)) ** 0.5)
    assert shares.var() == pytest.approx(variance, rel=0.4)
    away = [s for c in whole for s in c.statuses.values() if s != "present"]
    share((status == "excused" for status in away), stated.EXCUSED)


def test_courses_are_drawn_as_stated(many):
    courses = [kor.course_of(child, stated.SEED) for child in many]
    for drawn, normal in [
        ([course.start for course in courses], stated.START),
        ([course.growth for course in courses], stated.GROWTH),
    ]:
        assert np.mean(drawn) == pytest.approx(normal.mean, abs=6 * normal.stdev / len(many) ** 0.5)
        assert np.std(drawn) == pytest.approx(normal.stdev, rel=0.12)
    assert max(abs(course.leaning.sum()) for course in courses) < 1e-9


def test_scores_of_a_child_go_together_as_stated(many):
    """Two forms around the same true total: their covariance is the variance between children."""
    firsts = [
        [sum(form.answers) for form in kor.own_outcome(child, stated.SEED, clean=True)[:2]]
        for child in many
    ]
    one, two = np.array([pair for pair in firsts if len(pair) == 2]).T
    # The end of the line at 40 takes a little from both.
    assert np.corrcoef(one, two)[0, 1] == pytest.approx(stated.icc_of_scores(), abs=0.06)
    assert one.mean() == pytest.approx(stated.START.mean, abs=1)
    assert 0.3 < np.mean(one >= 32) < 0.5  # a preventive sample


@pytest.mark.parametrize("questions", [stated.PARENTS, stated.PROFESSIONALS, stated.TALKS])
def test_answers_have_their_stated_shares(questions):
    rng = stated.stream(1, "test")
    answers = np.array([surveys.answers_of(questions, rng, 0.0) for _ in range(3000)])
    for place, question in enumerate(questions):
        assert sum(question.shares) == pytest.approx(1)
        asked = answers[:, place][answers[:, place] != stated.NOT_RELEVANT_CODE]
        for code, stated_share in enumerate(question.shares, start=1):
            share(asked == code, stated_share)


def test_the_readme_tells_every_stated_share():
    text = (SAMPLE / "README.md").read_text("utf-8")
    for question in (*stated.PARENTS, *stated.PROFESSIONALS, *stated.TALKS):
        told = " | ".join(f"{value * 100:.3g} %" for value in question.shares)
        assert f"| {question.item} | {told} |" in text
    assert "no real person" in text


# The dirt


def test_one_sum_of_all_registers_is_wrong(study):
    wrong = []
    for file in (each for each in study["files"] if each["holds"] == "attendance"):
        rows = rows_of(file["path"].removeprefix("raw/"), file["sheet"])[2:]
        header, lines = rows[0], [row for row in rows[1:] if str(row[0]).startswith("B")]
        mark = file["marks"]["present"][0]
        if "Sum" not in header:
            assert file["group"].startswith("stjernenes")
            continue
        for line in lines:
            present = sum(str(cell) == mark for cell in line[1:-1])
            wrong += [(file["group"], line[0], line[-1] - present)] if line[-1] != present else []
        below = rows[len(lines) + 1]
        for column in range(1, len(header) - 1):
            assert below[column] == sum(str(line[column]) == mark for line in lines)
    assert wrong == [("eventyrvik-v24", "B108", 1)]


def test_registers_are_kept_in_four_ways(study):
    marks = {
        file["path"]: {
            str(c) for row in rows_of(file["path"][4:], file["sheet"])[3:] for c in row[1:]
        }
        for file in study["files"]
        if file["holds"] == "attendance" and file["path"].startswith("raw/oppmote")
    }
    assert {"x", "syk", "-"} <= marks["raw/oppmote/eventyrvik.xlsx"]
    assert {"1", "0", "S"} <= marks["raw/oppmote/regnbuli.xlsx"]
    assert marks["raw/oppmote/skydal.xlsx"] & {"-", "syk", "S", "f", "?"} == set()
    assert "?" in marks["raw/oppmote/stjernenes.xlsx"]
    away = {file["path"] for file in study["files"] if file.get("empty") == "absent"}
    assert away == {"raw/oppmote/skydal.xlsx"}
    header = rows_of("oppmote/eventyrvik.xlsx", "Våren 2024")[2]
    assert header[1] == "Samling 1"
    assert header[2].isoformat() == "2024-01-23T00:00:00"
    assert header[4] == "Samling 4 (06.02.2024)"


def test_what_is_left_out_is_there(study):
    left_out = {
        (file["path"], rule["because"]): rule
        for file in study["files"]
        for rule in file.get("leave_out", [])
    }
    again = next(rule for (path, _), rule in left_out.items() if path == "raw/kor/eventyrvik.xlsx")
    rows = rows_of("kor/eventyrvik.xlsx", "CORS")
    assert again["because"] == "typed in twice; row 12 is kept"
    assert rows[again["row"] - 1] == rows[12 - 1]
    assert again["row"] == len(rows)
    tries = table("kor/regnbuli-cors.csv", "cp1252", ";")
    assert [row["Kode"] for row in tries].count("TEST") == 1
    sent = {row["$submission_id"]: row for row in parent_rows()}
    ids = [
        rule["where"]["$submission_id"]
        for rule in left_out.values()
        if "$submission_id" in rule.get("where", {})
    ]
    assert [sent[each]["kode"] == "TEST" for each in ids] == [True, False]
    codes = Counter(row["kode"] for key, row in sent.items() if key not in ids)
    assert set(codes.values()) == {1}


def parent_rows():
    return table(f"foreldre/{Path(parents.PATH).name}.txt", delimiter=";")


def test_the_parents_report_is_laid_out_as_nettskjema_does_it():
    text = (SAMPLE / f"{parents.PATH}.txt").read_text("utf-8")
    head, first = text.splitlines()[:2]
    assert head.startswith('"$submission_id";"$created";"kode";"fornoyd"')
    assert head.endswith('"$answer_time_ms"')
    assert first.count('"') == head.count('"')
    syntax = (SAMPLE / f"{parents.PATH}.sps").read_text("utf-8")
    assert syntax.startswith("* Encoding: UTF-8.\n")
    assert syntax.endswith("EXECUTE.")
    assert "VALUE LABELS klokkeslett\n  1 'I svært liten grad'\n" in syntax
    assert "  9 'Ikke aktuelt'.\n" in syntax


def test_missing_answers_semicolons_commas_and_windows_letters():
    raw = (SAMPLE / "raw" / "kor" / "skydal-cors.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    answers = [row["Meg selv"] for row in table("kor/skydal-cors.csv", "cp1252", ";")]
    assert all("," in answer for answer in answers if answer)
    everywhere = [
        answer
        for name in ("regnbuli", "skydal")
        for row in table(f"kor/{name}-cgsrs.csv", "cp1252", ";")
        for answer in row.values()
    ]
    assert "" in everywhere
    assert {str(row[1])[:8] for row in rows_of("kor/stjernenes.xlsx", "CORS")[1:]} == {"Samling "}


def test_consents_given_refused_and_withdrawn():
    rows = table("samtykker.csv")
    counted = Counter((row["scope"], row["status"]) for row in rows)
    assert counted == {
        ("forms", "given"): 43,
        ("forms", "refused"): 1,
        ("forms", "withdrawn"): 1,
        ("interview", "given"): 44,
        ("interview", "withdrawn"): 1,
    }
    assert len({(row["person_id"], row["scope"]) for row in rows}) == len(rows)


def test_free_text_names_nobody():
    texts = [row["kommentar"] for row in parent_rows()]
    texts += [
        row[header]
        for row in table("fagpersoner.csv")
        for header, _ in stated.OPEN_QUESTIONS.values()
    ]
    known = {*stated.COMMENTS, *(text for _, text in stated.OPEN_QUESTIONS.values()), "test", ""}
    assert set(texts) <= known


def test_talks_have_forms_only_from_the_day_the_site_had_the_form():
    for site in stated.SITES:
        days = [row[anonymous.DATE] for row in table(f"parsamtaler/{site.name.lower()}.csv")]
        assert min(days) >= site.form_from.isoformat()
        assert len(days) < site.talks


def test_study_toml_says_what_the_contract_asks(study):
    assert study["thresholds"] == {"CORS": "pcoms_5", "ORS": "pcoms_5"}
    assert study["disclosure"] == {"min_cell": 5}
    assert study["title"] == settings.TITLE
    assert set(study["about"]) == {"nb", "en"}
    assert {file["legal_basis"] for file in study["files"]} == {
        "consent",
        "quality_assurance",
        "anonymous",
    }


# Read by evalkit


@pytest.fixture(scope="module")
def read():
    return ek.read_study(SAMPLE)


def test_what_is_read_is_what_the_readme_tells(read):
    statuses = read.attendance["status"]
    persons = read.participants.groupby("role", observed=True)["person_id"].nunique()
    told = [
        *(6, 4, persons["child"], persons["parent"]),
        *(3, 6, len(statuses), f"{100 * statuses.eq('present').mean():.3g} %"),
    ]
    text = (SAMPLE / "README.md").read_text("utf-8")
    assert f"| {' | '.join(map(str, told))} |" in text


def test_slips_are_excluded_with_their_reason_or_warned_of(read):
    reasons = read.excluded.groupby("reason")["row"].count()
    assert reasons["test answer"] == 3
    assert reasons["typed in twice; row 12 is kept"] == 1
    assert reasons["sent in twice; the first is kept"] == 1
    assert reasons["consent for forms refused"] > 0
    assert reasons["consent for forms withdrawn"] > 0
    sums = read.problems[read.problems["column"] == "Sum"]
    assert sums[["file", "sheet", "severity"]].to_numpy().tolist() == [
        ["raw/oppmote/eventyrvik.xlsx", "Våren 2024", "warning"]
    ]
    assert set(read.problems["severity"]) == {"warning"}


@pytest.mark.parametrize(("groups", "children"), [(1, 3), (40, 8)])
def test_other_sizes_are_valid_studies_too(tmp_path, groups, children):
    make(tmp_path, "--groups", str(groups), "--children", str(children))
    study = ek.read_study(tmp_path)
    assert study.participants["role"].eq("child").sum() == groups * children
    assert set(study.attendance["status"]) >= {"present"}
