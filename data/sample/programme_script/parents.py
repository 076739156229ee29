"""What parents answered, as Nettskjema exports it: a csv named .txt, and SPSS syntax."""

from __future__ import annotations

import csv
import io
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from programme_script.people import COMPLETED, Child
from programme_script.settings import Entry
from programme_script.stated import (
    ANSWER_MISSING,
    COMMENT,
    COMMENTS,
    DEGREES,
    NOT_RELEVANT_CODE,
    PARENT_ANSWERS,
    PARENT_ANSWERS_AFTER_DROPPING_OUT,
    PARENTS,
    Question,
    stream,
)
from programme_script.surveys import answers_of
from programme_script.writing import write_text

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

FORM_ID = 900001
FIRST_SUBMISSION = 9000101
EXPORTED = "2024-12-20-1015"
PATH = f"raw/foreldre/data-{FORM_ID}-{EXPORTED}"
TITLE = "Spørreskjema til foreldre"
CODE = ("kode", "Koden dere har fått")
FREE_TEXT = ("kommentar", "Noe mer dere vil si?")
TEST = "TEST"
SUMMER_TIME = range(4, 11)


class Submission(NamedTuple):
    """A form as it was sent in; ``slip`` says why it is to be left out, where it is."""

    created: datetime
    code: str
    answers: list[int | None]
    comment: str
    milliseconds: int
    slip: str = ""


def parents_files(folder: Path, children: list[Child], seed: int, *, clean: bool) -> list[Entry]:
    """Write what parents sent in and its codebook; return the entry of the file."""
    sent = submissions(children, seed, clean=clean)
    if not sent:
        return []
    ids = [str(FIRST_SUBMISSION + 7 * place) for place in range(len(sent))]
    write_text(folder / f"{PATH}.txt", _report(ids, sent))
    write_text(folder / f"{PATH}.sps", _syntax())
    slips = [
        {"where": {"$submission_id": each}, "because": form.slip}
        for each, form in zip(ids, sent, strict=True)
        if form.slip
    ]
    columns = {"form_id": "$submission_id", "respondent_id": CODE[0], "answered_on": "$created"}
    more = {
        "informant": "parent",
        "codebook": f"{PATH}.sps",
        "columns": columns,
        "items": {**{each.item: each.header for each in PARENTS}, "comment": FREE_TEXT[0]},
        **({"leave_out": slips} if slips else {}),
    }
    return [Entry(f"{PATH}.txt", "SMIL_PARENTS", "quality_assurance", more)]


def submissions(children: list[Child], seed: int, *, clean: bool) -> list[Submission]:
    """Return what parents sent in after the last session; unless clean, with two slips."""
    missing = 0.0 if clean else ANSWER_MISSING
    drawn = [
        _submission(code, child, missing, stream(seed, "parent", code))
        for child in children
        for code in child.parents
    ]
    sent = sorted((each for each in drawn if each), key=lambda each: (each.created, each.code))
    return sent if clean or not sent else _with_slips(sent)


def _with_slips(sent: list[Submission]) -> list[Submission]:
    """Put a test before all others; the first parent pressed send a second time."""
    first, *rest = sent
    test = first._replace(
        created=first.created - timedelta(days=20), code=TEST, comment="test", slip="test answer"
    )
    again = first._replace(
        created=first.created + timedelta(minutes=4), slip="sent in twice; the first is kept"
    )
    return [test, first, again, *rest]


def _submission(
    code: str, child: Child, missing: float, rng: np.random.Generator
) -> Submission | None:
    completed = child.ended == COMPLETED
    if rng.random() > (PARENT_ANSWERS if completed else PARENT_ANSWERS_AFTER_DROPPING_OUT):
        return None
    evening = datetime.combine(child.group.dates[-1], time(19))
    minutes, milliseconds = rng.integers(10 * 24 * 60), rng.integers(60_000, 600_000)
    return Submission(
        evening + timedelta(minutes=int(minutes)),
        code,
        answers_of(PARENTS, rng, missing),
        str(rng.choice(COMMENTS)) if rng.random() < COMMENT else "",
        int(milliseconds),
    )


def _report(ids: list[str], sent: list[Submission]) -> str:
    """Return the csv report: semicolons, everything quoted, times with their zone."""
    names = [CODE[0], *(each.header for each in PARENTS), FREE_TEXT[0]]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["$submission_id", "$created", *names, "$answer_time_ms"])
    for submission_id, form in zip(ids, sent, strict=True):
        answers = ["" if answer is None else answer for answer in form.answers]
        zone = "+02:00" if form.created.month in SUMMER_TIME else "+01:00"
        created = f"{form.created:%Y-%m-%dT%H:%M:%S}{zone}"
        writer.writerow(
            [submission_id, created, form.code, *answers, form.comment, form.milliseconds]
        )
    return out.getvalue()


def _syntax() -> str:
    """Return the SPSS syntax that goes with the report: the labels of questions and answers."""
    head = f"* Encoding: UTF-8.\n* {TITLE} (id {FORM_ID}) - {EXPORTED}\n"
    asked = [_variable(each.header, each.label, _answers(each)) for each in PARENTS]
    parts = [_variable(*CODE), *asked, _variable(*FREE_TEXT)]
    return "\n".join([head, "* Define Variable Properties.\n", *parts, "EXECUTE."])


def _answers(question: Question) -> dict[int, str]:
    answers = dict(enumerate(DEGREES, start=1))
    return answers | ({NOT_RELEVANT_CODE: "Ikke aktuelt"} if question.may_be_not_relevant else {})


def _variable(name: str, label: str, answers: dict[int, str] | None = None) -> str:
    lines = [f"*{name}.", f"VARIABLE LABELS {name} '{label}'."]
    if answers:
        values = [f"  {code} '{text}'" for code, text in answers.items()]
        lines += [f"VALUE LABELS {name}", *values]
        lines[-1] += "."
    return "\n".join([*lines, ""])
