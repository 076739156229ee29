"""What a public report tells: audited, the same whatever is hidden, refused where it tells too much."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import evalkit as ek
from evalkit.errors import ArgumentError, DisclosureError, OutputError, StudyError
from evalkit.privacy import hiding

ROOT = Path(__file__).parent.parent.parent
PROGRAMME = ROOT / "data" / "sample" / "programme"


@pytest.fixture(scope="module")
def programme():
    return ek.read_study(PROGRAMME)


@pytest.fixture(scope="module")
def report(programme, tmp_path_factory):
    return ek.report.build(programme, tmp_path_factory.mktemp("audited") / "out")


@pytest.fixture
def copy(report, tmp_path):
    """Return a copy of the report that a test may change."""
    return Path(shutil.copytree(report.folder, tmp_path / "copy"))


def manifest_of(folder):
    return json.loads((Path(folder) / "manifest.json").read_text("utf-8"))


def vouch(folder):
    """Write the hashes anew, as somebody would who wants a change to go unnoticed."""
    manifest = manifest_of(folder)
    for name in manifest["outputs"]:
        content = (Path(folder) / name).read_bytes()
        manifest["outputs"][name] = hashlib.sha256(content).hexdigest()
    (Path(folder) / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def hidden_cells(folder, exhibit):
    """The numbers of an exhibit whose cells in the workbook hold a colon: {id: cell}."""
    told = next(e for e in manifest_of(folder)["exhibits"] if e["id"] == exhibit)["disclosure"]
    sheet = openpyxl.load_workbook(Path(folder) / "tables.xlsx")[told["sheet"]]
    return told["sheet"], {
        number: cells.split()[0]
        for number, cells in told["numbers"].items()
        if sheet[cells.split()[0]].value == ":"
    }


def put_back(folder, exhibit, number, value):
    """Write a hidden number into the workbook."""
    path = Path(folder) / "tables.xlsx"
    name, cells = hidden_cells(folder, exhibit)
    book = openpyxl.load_workbook(path)
    book[name][cells[number]].value = value
    book.save(path)
    return name, cells[number]


def true_values(study, exhibit):
    """The true numbers of an exhibit, by id."""
    from evalkit.privacy.guarding import guarded
    from evalkit.report.contents import exhibits_of

    found = next(e for e in exhibits_of(study, study.settings.policy) if e.id == exhibit)
    measured = found.measure(study)
    safe = guarded(measured.result, measured.cells, study.settings.policy, shown=found.told)
    return {each.id: each.value for each in safe.numbered.numbers}


def test_bounds_hold_the_true_numbers(report, programme):
    numbers = ek.report.audit(report.folder).numbers
    for exhibit in ("background-of-all", "change-cors", "answers-smil_professionals"):
        true = true_values(programme, exhibit)
        _, cells = hidden_cells(report.folder, exhibit)
        own = numbers[numbers["exhibit"] == exhibit].set_index("cell")
        assert cells, exhibit
        for number, cell in cells.items():
            if cell in own.index:
                assert own.loc[cell, "lower"] <= true[number] <= own.loc[cell, "upper"]


@pytest.mark.parametrize("exhibit", ["background-of-all", "change-cors", "answers-smil_parents"])
def test_a_number_put_back_is_named_with_its_cell(copy, programme, exhibit):
    true = true_values(programme, exhibit)
    _, cells = hidden_cells(copy, exhibit)
    small = sorted(number for number in cells if 0 < true[number] < 5)
    large = sorted(number for number in cells if true[number] >= 5)
    number = (small or large)[0]
    sheet, cell = put_back(copy, exhibit, number, int(true[number]))
    for cheat in (False, True):
        if cheat:
            vouch(copy)
        found = ek.report.audit(copy)
        assert not found.safe
        own = found.breaches[(found.breaches["exhibit"] == exhibit)]
        assert (own["sheet"] == sheet).all()
        assert cell in set(own["cell"])
        changed = found.breaches[found.breaches["problem"].str.contains("changed after")]
        assert list(changed["file"]) == ([] if cheat else ["tables.xlsx"])


def test_a_companion_put_back_gives_away_the_small_one(copy, programme):
    true = true_values(programme, "background-of-all")
    _, cells = hidden_cells(copy, "background-of-all")
    companion = next(number for number in cells if true[number] >= 5)
    small = next(number for number in cells if 0 < true[number] < 5)
    put_back(copy, "background-of-all", companion, int(true[companion]))
    vouch(copy)
    breaches = ek.report.audit(copy).breaches
    named = breaches[breaches["cell"] == cells[small]]
    between = f"must lie between {true[small]:g} and {true[small]:g}"
    assert named["problem"].str.contains(between).any()


def test_a_number_put_back_into_the_page_is_found(copy):
    page = copy / "report.html"
    html = page.read_text("utf-8")
    start = html.index('id="table-background-of-all"')
    colon = html.index(">:<", start)
    page.write_text(html[:colon] + ">2<" + html[colon + 3 :], "utf-8")
    vouch(copy)
    breaches = ek.report.audit(copy).breaches
    assert list(breaches["exhibit"]) == ["background-of-all"]
    assert list(breaches["file"]) == ["report.html"]
    assert breaches["cell"].str.fullmatch(r"row \d+, column \d+").all()


def test_a_share_put_back_is_found(copy):
    told = next(e for e in manifest_of(copy)["exhibits"] if e["id"] == "background-of-all")[
        "disclosure"
    ]
    ((count, beside),) = told["derived"].items()
    path = copy / "tables.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book[told["sheet"]]
    row = next(row for row in range(2, sheet.max_row) if sheet[f"{count}{row}"].value == ":")
    sheet[f"{beside[0]}{row}"].value = 0.04
    book.save(path)
    vouch(copy)
    breaches = ek.report.audit(copy).breaches
    assert list(breaches["cell"]) == [f"{beside[0]}{row}"]


def test_a_mean_beside_hidden_answers_is_found(copy):
    told = next(e for e in manifest_of(copy)["exhibits"] if e["id"] == "satisfaction-smil_parents")[
        "disclosure"
    ]
    path = copy / "tables.xlsx"
    book = openpyxl.load_workbook(path)
    cells = told["means"][0]["of"]
    cell = next(cell for cell in cells if book[told["sheet"]][cell].value == ":")
    book[told["sheet"]][cell].value = 3.7
    book.save(path)
    vouch(copy)
    breaches = ek.report.audit(copy).breaches
    assert list(breaches["cell"]) == [cell]
    assert breaches["problem"].str.contains("another exhibit hides").all()


def test_files_put_in_taken_out_or_changed_are_named(copy):
    (copy / "figures" / "mine.png").write_bytes(b"x")
    (copy / ".DS_Store").write_bytes(b"")
    (copy / "figures" / "sessions.pdf").unlink()
    (copy / "figures" / "sessions.svg").write_text("changed", "utf-8")
    breaches = ek.report.audit(copy).breaches.set_index("file")["problem"]
    assert breaches.to_dict() == {
        "figures/mine.png": "the file was put in by somebody else",
        "figures/sessions.pdf": "the file is missing",
        "figures/sessions.svg": "the file was changed after it was written",
    }


def test_what_is_no_report_is_not_audited(tmp_path, copy):
    with pytest.raises(OutputError, match="holds no report of evalkit"):
        ek.report.audit(tmp_path / "nothing")
    manifest = manifest_of(copy)
    del manifest["disclosure"]
    (copy / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(OutputError, match="not as evalkit writes it"):
        ek.report.audit(copy)


# What an outsider sees must not depend on what is hidden: two studies that differ in hidden
# numbers only give the same files, byte by byte.

MARGINS = "group_id;variable;value;count\na;gender;girl;1220\na;gender;boy;1337\n"
MARGINS += "a;referral_source;PPT;{0}\na;referral_source;School;{1}\na;referral_source;GP;{2}\n"
SESSIONS = "session_id;group_id;number;kind\ns1;a;1;children\n"
PROFESSIONALS = (
    *("competence_useful", "competence_strengthened", "competence_spread"),
    *("cooperation_positive", "aims_reached", "resources_as_expected", "possible_to_continue"),
)


def forms_of(counts, seed):
    """Forms in which each answer to each item was given so often; the order is drawn."""
    columns = {}
    for item, own in counts.items():
        answers = [n for n, count in enumerate(own, start=1) for _ in range(count)]
        random.Random(f"{seed} {item}").shuffle(answers)
        columns[item] = answers
    return pd.DataFrame(columns).to_csv(sep=";", index=False)


def one_study(make_study, margins, counts, seed):
    tables = {"sessions": SESSIONS, "margins": MARGINS.format(*margins)}
    forms = forms_of(counts, seed)
    return make_study('[groups."a"]', **tables, SMIL_PROFESSIONALS=forms)


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("language", ["nb", "en"])
def test_nothing_in_a_report_depends_on_a_hidden_number(make_study, tmp_path, language):
    whole = dict.fromkeys(PROFESSIONALS, (0, 0, 611, 702, 811))
    hidden = [
        (
            (3, 1247, 1307),
            {"competence_useful": (2, 617, 694, 811), "aims_reached": (1, 2, 1000, 1121)},
        ),
        (
            (2, 1248, 1307),
            {"competence_useful": (4, 615, 694, 811), "aims_reached": (2, 1, 1000, 1121)},
        ),
    ]
    outputs, truths = [], []
    for number, (margins, own) in enumerate(hidden):
        counts = whole | {item: (*counts, 2124 - sum(counts)) for item, counts in own.items()}
        study = ek.read_study(one_study(make_study, margins, counts, number))
        built = ek.report.build(study, tmp_path / f"out{number}", language=language)
        assert ek.report.audit(built.folder).safe
        outputs.append(contents(built.folder))
        truths.append((margins, own))
    assert truths[0] != truths[1]
    assert outputs[0].keys() == outputs[1].keys()
    assert [name for name in outputs[0] if outputs[0][name] != outputs[1][name]] == []


def test_no_file_holds_a_hidden_number(make_study, tmp_path):
    """Companions with numbers that stand nowhere else are looked for in all text there is."""
    counts = dict.fromkeys(PROFESSIONALS, (0, 0, 611, 702, 811))
    counts["competence_useful"] = (2, 617, 694, 811, 0)
    study = ek.read_study(one_study(make_study, (3, 1247, 1307), counts, 1))
    for language in ("nb", "en"):
        built = ek.report.build(study, tmp_path / language, language=language)
        _, cells = hidden_cells(built.folder, "background")
        values = true_values(study, "background")
        gone = {int(values[number]) for number in cells}
        _, cells = hidden_cells(built.folder, "answers-smil_professionals")
        values = true_values(study, "answers-smil_professionals")
        gone |= {int(values[number]) for number in cells}
        large = {number for number in gone if number > 100}
        assert large, "no companion to look for"
        shares = {f"{100 * n / 2557:.1f}" for n in large} | {f"{100 * n / 2124:.1f}" for n in large}
        texts = {
            name: content.decode("utf-8", "ignore")
            for name, content in contents(built.folder).items()
            if name.endswith((".html", ".svg", ".json"))
        }
        book = openpyxl.load_workbook(built.tables)
        texts["tables.xlsx"] = " ".join(
            str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row
        )
        drawn = re.compile(
            r'(?: d="[^"]*"|<style.*?</style>|"[0-9a-f]{64}"|viewBox="[^"]*")', re.DOTALL
        )
        for name, text in texts.items():
            words = set(re.findall(r"\d+(?:[.,]\d+)?", drawn.sub(" ", text).replace("\u00a0", "")))
            found = words & {str(number) for number in large}
            found |= words & (shares | {share.replace(".", ",") for share in shares})
            found = {each for each in found if f'x="{each}"' not in text}
            assert found == set(), (name, found)


def test_a_report_that_tells_too_much_is_not_written(make_study, tmp_path, monkeypatch):
    """A suppressor that forgets the companions is caught by the audit of the files."""
    study = ek.read_study(
        one_study(make_study, (3, 1247, 1307), dict.fromkeys(PROFESSIONALS, (9, 9, 9, 9, 9)), 1)
    )
    out = tmp_path / "out"
    ek.report.build(study, out)
    before = contents(out)
    monkeypatch.setattr(hiding, "_of_cluster", lambda part, *_: part.must_hide)
    with pytest.raises(DisclosureError) as caught:
        ek.report.build(study, tmp_path / "new", language="en")
    message = str(caught.value)
    assert "exhibit 'background', tables.xlsx, sheet \"Background\", cell D" in message
    assert "must lie between 3 and 3" in message
    assert 'internal_exhibits = ["background"]' in message
    assert not (tmp_path / "new").exists()
    assert contents(out) == before
    assert not list(tmp_path.glob(".new*"))
    ek.report.build(study, tmp_path / "inside", internal=True)  # is no matter of the public


def test_exhibits_kept_internal_stand_in_no_public_report(make_study, tmp_path):
    folder = one_study(
        make_study, (3, 1247, 1307), dict.fromkeys(PROFESSIONALS, (9, 9, 9, 9, 9)), 1
    )
    text = (folder / "study.toml").read_text("utf-8")
    kept = '[disclosure]\ninternal_exhibits = ["background"]\n\n[groups."a"]'
    (folder / "study.toml").write_text(text.replace('[groups."a"]', kept), "utf-8")
    study = ek.read_study(folder)
    for audience, stands in (("public", False), ("internal", True)):
        built = ek.report.build(study, tmp_path / audience, audience=audience)
        ids = {each["id"] for each in manifest_of(built.folder)["exhibits"]}
        assert ("background" in ids) == stands
    (folder / "study.toml").write_text(
        text.replace('[groups."a"]', kept.replace('"background"', '"backgroud"')), "utf-8"
    )
    with pytest.raises(StudyError, match="names 'backgroud', which is no exhibit") as caught:
        ek.report.build(ek.read_study(folder), tmp_path / "other")
    assert "Did you mean 'background'" in str(caught.value)
    assert caught.value.found[0].row is not None


SMALL = {
    "sessions": SESSIONS,
    "margins": "group_id;variable;value;count\na;gender;girl;20\na;gender;boy;4\n"
    "a;referral_source;PPT;12\na;referral_source;School;12\n",
}


def test_partners_see_more_where_the_study_says_so(make_study, tmp_path):
    settings = '[disclosure]\nmin_cell = 5\n[disclosure.partners]\nprofile = "ssb"\n[groups."a"]'
    study = ek.read_study(make_study(settings, **SMALL))
    public = ek.report.build(study, tmp_path / "public", language="en")
    partners = ek.report.build(study, tmp_path / "partners", language="en", audience="partners")
    assert public.hidden == 2
    assert partners.hidden == 0
    page = partners.page.read_text("utf-8")
    assert "FOR PARTNERS – not to be published" in page
    assert "Counts of people below 3" in page
    assert "FOR PARTNERS" not in public.page.read_text("utf-8")
    for sheet in openpyxl.load_workbook(partners.tables):
        assert sheet["A1"].value.startswith("FOR PARTNERS")
    assert ek.report.audit(partners.folder).safe
    assert manifest_of(partners.folder)["audience"] == "partners"


def test_an_audience_is_one_of_three_and_not_two(smil, tmp_path):
    with pytest.raises(ArgumentError, match="audience is 'press'"):
        ek.report.build(smil, tmp_path / "out", audience="press")
    with pytest.raises(ArgumentError, match="internal or for public, not both"):
        ek.report.build(smil, tmp_path / "out", audience="public", internal=True)


def test_an_internal_report_fails_the_audit(make_study, tmp_path):
    study = ek.read_study(make_study('[groups."a"]', **SMALL))
    built = ek.report.build(study, tmp_path / "out", internal=True)
    found = ek.report.audit(built.folder)
    assert not found.safe
    assert list(found.breaches["problem"]) == ["the report is internal: it hides nothing"]


@pytest.mark.parametrize("base", [3, 5])
def test_rounded_reports(make_study, tmp_path, base):
    settings = f'[disclosure]\nrounding = {base}\n[groups."a"]'
    study = ek.read_study(make_study(settings, **SMALL))
    built = ek.report.build(study, tmp_path / "out", language="en")
    sheet = openpyxl.load_workbook(built.tables)["Background"]
    numbers = [cell.value for row in sheet.iter_rows(min_col=4, max_col=5) for cell in row]
    counts = [number for number in numbers if isinstance(number, int)]
    assert counts
    assert [number for number in counts if number % base] == []
    page = built.page.read_text("utf-8")
    assert f"rounded to multiples of {base}" in page
    assert ek.report.audit(built.folder).safe
    book = openpyxl.load_workbook(built.tables)
    book["Background"]["D2"].value = 4 * base + 1
    book.save(built.tables)
    vouch(built.folder)
    breaches = ek.report.audit(built.folder).breaches
    assert list(breaches["cell"]) == ["D2"]
    assert breaches["problem"].str.contains("no multiple").all()


def test_input_hashes_of_a_public_report_are_keyed_or_left_out(make_study, tmp_path):
    """The hash of a small table is found by trying: it would tell what the page hides."""
    for key in (None, "a long text that nobody knows"):
        stated = "" if key is None else f'hash_key = "{key}"\n'
        study = ek.read_study(make_study(f'[disclosure]\n{stated}[groups."a"]', **SMALL))
        public = ek.report.build(study, tmp_path / f"public {key}")
        inside = ek.report.build(study, tmp_path / f"inside {key}", internal=True)
        sha = hashlib.sha256((study.folder / "margins.csv").read_bytes()).hexdigest()
        assert manifest_of(inside.folder)["inputs"]["margins.csv"] == sha
        told = manifest_of(public.folder)["inputs"]["margins.csv"]
        if key is None:
            assert told is None
        else:
            keyed = hmac.new(key.encode(), bytes.fromhex(sha), hashlib.sha256).hexdigest()
            assert told == f"hmac-{keyed}"
        assert sha not in (public.folder / "manifest.json").read_text("utf-8")


def test_what_an_earlier_report_hid_stays_hidden(make_study, tmp_path):
    """The table grows; whoever holds both reports must not see which number it was."""
    small = SMALL["margins"].replace("PPT;12", "PPT;3").replace("School;12", "School;10")
    small += "a;referral_source;GP;11\n"
    study = ek.read_study(make_study('[groups."a"]', sessions=SESSIONS, margins=small))
    first = ek.report.build(study, tmp_path / "first")
    grown = small.replace("School;10", "School;19")
    later = ek.read_study(make_study('[groups."a"]', sessions=SESSIONS, margins=grown))
    alone = ek.report.build(later, tmp_path / "alone")
    named = ek.report.build(later, tmp_path / "named", earlier=first.folder)
    replaced = ek.report.build(later, first.folder)
    patterns = [
        set(manifest_of(each.folder)["patterns"]["public"]["background"])
        for each in (alone, named, replaced)
    ]
    school = "count|group_id=a|variable=referral_source|value=School"
    assert school not in patterns[0]
    assert school in patterns[1]
    assert patterns[1] == patterns[2]
    with pytest.raises(ArgumentError, match="where no report of this study stands"):
        ek.report.build(later, tmp_path / "x", earlier=tmp_path / "nowhere")


def test_an_internal_report_in_between_does_not_lose_the_pattern(make_study, tmp_path):
    study = ek.read_study(make_study('[groups."a"]', **SMALL))
    out = tmp_path / "out"
    first = manifest_of(ek.report.build(study, out).folder)["patterns"]
    assert first["public"]
    inside = manifest_of(ek.report.build(study, out, internal=True).folder)["patterns"]
    assert inside == first


@pytest.fixture(scope="module")
def one_group(tmp_path_factory):
    """A group of nine with the whole of the programme's material."""
    folder = tmp_path_factory.mktemp("sample") / "one"
    command = [sys.executable, "data/sample/make_programme.py", str(folder)]
    subprocess.run([*command, "--groups", "1", "--children", "9"], check=True, cwd=ROOT)
    return folder


def test_single_persons_where_the_study_says_why(one_group, tmp_path):
    text = (one_group / "study.toml").read_text("utf-8")
    reason = 'single_persons = { nb = "Familiene ønsker det.", en = "The families wish it." }'
    folder = Path(shutil.copytree(one_group, tmp_path / "study"))
    (folder / "study.toml").write_text(
        text.replace("[disclosure]\n", f"[disclosure]\n{reason}\n"), "utf-8"
    )
    study = ek.read_study(folder)
    built = ek.report.build(study, tmp_path / "out", language="en")
    assert ek.report.audit(built.folder).safe
    page = built.page.read_text("utf-8")
    assert "The families wish it." in page
    manifest = built.manifest.read_text("utf-8")
    shown = {each["id"] for each in json.loads(manifest)["exhibits"]}
    assert {"attendance-map", "trajectories-cors", "first-last-cors"} <= shown
    assert "background-by-group" not in shown
    book = openpyxl.load_workbook(built.tables)
    cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row]
    everything = "\n".join([page, manifest, *cells])
    ids = {str(each) for each in study.participants["person_id"]}
    ids |= {str(each) for each in study.participants["family_id"].dropna()}
    assert [each for each in ids if re.search(rf"\b{re.escape(each)}\b", everything)] == []


def test_figures_tell_what_the_policy_lets_them(programme, report):
    """A figure told in words has a colon's word where its table has a colon."""
    page = report.page.read_text("utf-8")
    start = page.index('id="figure-background-of-all"')
    told = page[start : page.index("</figure>", start)]
    described = re.search(r"<desc[^>]*>(.*?)</desc>", told, re.DOTALL)[1]
    assert ("skjult" in described) or ("hidden" in described)
    values = true_values(programme, "background-of-all")
    hidden = hidden_cells(report.folder, "background-of-all")[1]
    for number in hidden:
        value = re.search(r"value=(.*)$", number)
        if "referral_source" in number and value:
            assert not re.search(rf"{re.escape(value[1])} {values[number]:g}\b", described)
