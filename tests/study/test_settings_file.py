"""study.toml broken one thing at a time: the line, the key, the way out."""

from __future__ import annotations

import pytest

import evalkit as ek


def line_with(folder, text):
    """The line of a text, counted by looking: independent of the scanner that is tested."""
    lines = (folder / "study.toml").read_text("utf-8").split("\n")
    return next(number for number, line in enumerate(lines, 1) if text in line)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'language = "nb"',
            'langauge = "nb"',
            "'langauge' is not a key here. Did you mean 'language'",
        ),
        ('language = "nb"', 'language = "nbb"', "'language' is 'nbb'. Did you mean 'nb'"),
        ("[disclosure]", "[disclosures]", "Did you mean 'disclosure'"),
        (
            'site = "Oslo"',
            'sit = "Oslo"',
            "'groups.oslo-v09.sit' is not a key here. Did you mean 'site'",
        ),
        ('site = "Oslo"', "site = 4", "'groups.oslo-v09.site' is 4, but should be a text"),
        ("starts_on = 2009-02-23", 'starts_on = "23.2.2009"', "should be a date without quotes"),
        ('holds = "headcounts"', 'holds = "headcount"', "Did you mean 'headcounts'"),
        ('legal_basis = "anonymous"', 'legal_basis = "none"', "Known: consent"),
        ('path = "headcounts.csv"', 'path = "/data/headcounts.csv"', "inside the study folder"),
        ('path = "headcounts.csv"', 'path = "../headcounts.csv"', "inside the study folder"),
        ('path = "headcounts.csv"', 'path = "C:/headcounts.csv"', "inside the study folder"),
        ('nb = "SMIL', 'nbo = "SMIL', "'title.nbo' is not a key here. Did you mean 'nb'"),
        ("already_published_in = {", "min_cell = 1 #", "whole number from 2 up"),
        ('"Familiefest" = {', '"Familiefest" = 7 #', "should be a text"),
    ],
)
def test_a_rule_that_is_broken(edit, errors_of, folder, old, new, message):
    edit("study.toml", old, new)
    problem = next(p for p in errors_of(folder) if message in p.problem)
    assert problem.file == "study.toml"
    assert problem.row == line_with(folder, new)


def test_a_key_that_is_not_there(edit, errors_of, folder):
    edit("study.toml", 'holds = "headcounts"\nlegal_basis = "anonymous"', 'holds = "headcounts"')
    (problem,) = errors_of(folder)
    assert "[[files]] 'headcounts.csv' lacks 'legal_basis'" in problem.problem
    assert problem.row == line_with(folder, 'path = "headcounts.csv"') - 1


def test_all_broken_rules_at_once(edit, errors_of, folder):
    edit("study.toml", 'language = "nb"', 'langauge = "nb"')
    edit("study.toml", 'site = "Oslo"', "site = 4")
    edit("study.toml", 'holds = "margins"', 'holds = "margin"')
    assert len(errors_of(folder)) == 3


def test_a_byte_order_mark(folder, errors_of):
    path = folder / "study.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    (problem,) = errors_of(folder)
    assert problem.row == 1
    assert "byte order mark (BOM)" in problem.problem
    assert "'UTF-8'" in problem.problem


@pytest.mark.parametrize("path", [r"raw\oppmote.csv", r"raw\new.csv", r"raw\file.csv"])
@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_backslash_in_a_path(edit, errors_of, folder, path, quote):
    edit("study.toml", '"headcounts.csv"', f"{quote}{path}{quote}")
    (problem,) = errors_of(folder)
    assert problem.row == line_with(folder, path)
    assert "backslash" in problem.problem
    assert "path = 'raw/file.csv'" in problem.problem


def test_a_name_that_needs_quotation_marks(edit, errors_of, folder):
    edit("study.toml", '[groups."mo-v09"]', "[groups.mø-v09]")
    (problem,) = errors_of(folder)
    assert problem.row == 28
    assert 'write [groups."mø-v09"]' in problem.problem


def test_letters_that_are_not_utf8(folder, errors_of):
    path = folder / "study.toml"
    path.write_bytes(path.read_text("utf-8").encode("cp1252"))
    (problem,) = errors_of(folder)
    assert problem.row == 4
    assert "is not UTF-8" in problem.problem


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('language = "nb"', "language = nb", 'a text needs quotation marks: "nb"'),
        ('site = "Oslo"', 'site = "Oslo', "cannot be read"),
        ('site = "Oslo"', 'site = "Oslo"\nsite = "Bergen"', "stands twice"),
        ('site = "Oslo"', "site = “Oslo”", "must be straight"),
        ("starts_on = 2009-02-23", "starts_on = 23.02.2009", "2009-02-23"),
        ('"Følelser" =', "Følelser =", 'write "Følelser" ='),
        ('[groups."mo-v09"]', "[groups.mo v09]", 'write [groups."mo v09"]'),
        ('[groups."mo-v09".about]', "[groups.mø.about]", 'write [groups."mø".about]'),
        ("[[files]]", "[[filés]]", 'write [["filés"]]'),
        ("[[files]]", "[[files]", "cannot be read"),
    ],
)
def test_lines_that_are_not_toml(edit, errors_of, folder, old, new, words):
    edit("study.toml", old, new)
    (problem,) = errors_of(folder)
    assert words in problem.problem
    assert problem.row == line_with(folder, new.split("\n")[-1])


@pytest.mark.parametrize("text", ["title = " + "[" * 3000, "title = " + "1" * 5000])
def test_nonsense_does_not_break_the_reader(folder, errors_of, text):
    (folder / "study.toml").write_text(text, "utf-8")
    assert errors_of(folder)[0].file == "study.toml"


def test_a_title_that_slid_into_a_table(folder, errors_of):
    (folder / "study.toml").write_text('[groups.a]\ntitle = "A"\n', "utf-8")
    (problem,) = errors_of(folder)
    assert "Write it above the first [table]" in problem.problem


def test_windows_line_ends_are_fine(folder):
    path = folder / "study.toml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(ek.read_study(folder).sessions) == 21


def test_no_study_toml(tmp_path, errors_of):
    (problem,) = errors_of(tmp_path)
    assert "there is no study.toml" in problem.problem


def test_settings_of_the_sample(smil):
    settings = smil.settings
    assert settings.language == "nb"
    assert settings.policy.already_published
    assert settings.policy.min_cell == 5
    assert settings.design_effect is None
    assert list(settings.groups) == ["oslo-v09", "mo-v09"]
    assert settings.labels("en")["theme"]["Nettverk"] == "Network"
    assert "Nettverk" not in settings.labels("nb")["theme"]
    assert settings.labels("nb")["group_id"]["mo-v09"] == "Mo i Rana, våren 2009"
