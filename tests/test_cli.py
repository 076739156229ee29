"""The command line: what it prints, where it writes, how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from evalkit import __version__
from evalkit.cli import app

SMIL = str(Path("data/sample/smil-2009").resolve())


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

    return call


def test_report_writes_to_output_and_the_name_of_the_study(run, tmp_path):
    result = run("report", SMIL)
    assert result.exit_code == 0
    assert "Open output/smil-2009/report.html" in result.output.replace("\\", "/")
    page = (tmp_path / "output" / "smil-2009" / "report.html").read_text("utf-8")
    assert '<html lang="nb">' in page


def test_report_with_every_option(run, tmp_path):
    result = run("report", SMIL, "--out", "there", "--language", "en", "--internal")
    assert result.exit_code == 0
    page = (tmp_path / "there" / "report.html").read_text("utf-8")
    assert '<html lang="en">' in page
    assert "INTERNAL" in page


def test_the_name_of_the_study_folder_is_found_from_inside_it(run, monkeypatch, folder, tmp_path):
    monkeypatch.chdir(folder)
    result = run("report", ".", "--out", tmp_path / "out")
    assert result.exit_code == 0


def test_report_of_a_study_with_errors_writes_nothing(run, folder, edit, tmp_path):
    edit("headcounts.csv", "oslo-03;child;8;9", "oslo-03;child;sju;9")
    result = run("report", folder, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "'sju' is not a whole number" in result.output
    assert not (tmp_path / "out").exists()


def test_report_to_a_folder_of_others(run, tmp_path):
    (tmp_path / "mine.txt").write_text("x", "utf-8")
    result = run("report", SMIL, "--out", tmp_path)
    assert result.exit_code == 1
    assert "mine.txt" in result.output
    assert "Traceback" not in result.output


def test_report_tells_that_numbers_were_hidden(run, folder, edit, tmp_path):
    edit("study.toml", "already_published_in", "min_cell = 5 #")
    result = run("report", folder, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "hidden" in result.output


def test_an_unknown_language(run):
    result = run("report", SMIL, "--language", "nn")
    assert result.exit_code == 2


def test_check_of_a_good_study(run):
    result = run("check", SMIL)
    assert result.exit_code == 0
    assert "no warnings" in result.output


def test_check_lists_every_problem_and_exits_with_1(run, folder, edit):
    edit("headcounts.csv", "oslo-03;child;8;9", "oslo-3;child;sju;9")
    edit("margins.csv", "gender;girl;6", "gender;jente;6")
    result = run("check", folder)
    assert result.exit_code == 1
    for text in ("headcounts.csv", "'sju'", "present", "oslo-03", "'jente'", "3 errors."):
        assert text in result.output


def test_check_shows_warnings_and_exits_with_0(run, folder, edit):
    edit("margins.csv", "gender;girl;6", "gender;girl;5")
    result = run("check", folder)
    assert result.exit_code == 0
    assert "warning" in result.output
    assert "add up to 8" in result.output


def test_a_folder_that_is_not_there(run):
    result = run("check", "nowhere")
    assert result.exit_code == 1
    assert "there is no folder" in result.output


def test_version(run):
    assert run("--version").output.strip() == f"evalkit {__version__}"


def test_in_a_narrow_window_problems_are_lines(run, folder, edit, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    edit("headcounts.csv", "oslo-03;child;8;9", "oslo-03;child;sju;9")
    output = run("check", folder).output
    assert (
        "error: headcounts.csv, row 5, column \"present\": 'sju' is not a whole number." in output
    )


def test_markup_in_paths_is_printed_as_it_is(run, tmp_path):
    assert "o[oslo]" in run("report", SMIL, "--out", tmp_path / "o[oslo]").output


def test_letters_a_console_does_not_know(tmp_path):
    """The title of the sample has a dash that code page 850 does not know."""
    environment = {**os.environ, "PYTHONIOENCODING": "cp850"}
    command = [sys.executable, "-m", "evalkit", "check", SMIL]
    result = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert result.returncode == 0
    assert b"headcounts" in result.stdout


def test_markup_in_data_is_printed_as_it_is(run, folder, edit):
    edit("headcounts.csv", "oslo-03;child;8;9", "oslo-03;child;[bold]8;9")
    assert "[bold]8" in run("check", folder).output


def test_audit_of_a_report_as_it_was_written(run, make_study, tmp_path):
    margins = "group_id;variable;value;count\na;gender;girl;20\na;gender;boy;3\n"
    study = make_study('[groups."a"]', margins=margins)
    assert run("report", study, "--out", tmp_path / "out", "--language", "en").exit_code == 0
    result = run("audit", tmp_path / "out")
    assert result.exit_code == 0
    assert "2 hidden numbers" in result.output
    assert "No number of too few people can be worked out." in result.output


def test_audit_of_a_report_that_was_changed(run, make_study, tmp_path):
    margins = "group_id;variable;value;count\na;gender;girl;20\na;gender;boy;3\n"
    study = make_study('[groups."a"]', margins=margins)
    run("report", study, "--out", tmp_path / "out", "--language", "en")
    book = openpyxl.load_workbook(tmp_path / "out" / "tables.xlsx")
    book["Background"]["D2"].value = 20
    book.save(tmp_path / "out" / "tables.xlsx")
    result = run("audit", tmp_path / "out")
    assert result.exit_code == 1
    assert "tables.xlsx: the file was changed after it was written" in result.output
    assert "exhibit 'background', tables.xlsx, sheet \"Background\", cell D3" in result.output
    assert "must lie between 3 and 3" in result.output


def test_audit_of_what_is_no_report(run, tmp_path):
    result = run("audit", tmp_path)
    assert result.exit_code == 1
    assert "holds no report of evalkit" in result.output


def test_a_report_for_partners_that_keeps_what_another_hid(run, make_study, tmp_path):
    margins = "group_id;variable;value;count\na;gender;girl;20\na;gender;boy;3\n"
    study = make_study('[groups."a"]', margins=margins)
    run("report", study, "--out", tmp_path / "one")
    options = ("--audience", "partners", "--earlier", tmp_path / "one", "--language", "en")
    result = run("report", study, "--out", tmp_path / "two", *options)
    assert result.exit_code == 0
    assert "FOR PARTNERS" in (tmp_path / "two" / "report.html").read_text("utf-8")
    assert "Each table was audited" in result.output
    wrong = run("report", study, "--out", tmp_path / "three", "--earlier", tmp_path / "none")
    assert wrong.exit_code == 1
    assert "no report of this study stands" in wrong.output
