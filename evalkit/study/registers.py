"""Attendance registers of a study: marks to rows of attendance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import Problem
from evalkit.readers import READ_AS_UNKNOWN, read_register
from evalkit.study.convert import empty
from evalkit.study.schema import TABLES
from evalkit.study.tables import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from evalkit.readers import Register
    from evalkit.study.settings import File
    from evalkit.study.tables import Loaded

SESSION = ["number", "held_on"]


def is_register(file: File) -> bool:
    """Return whether a file is read as a register."""
    return file.layout == "register" and file.holds == "attendance"


def load_register(folder: Path, file: File, loaded: Loaded) -> None:
    """Read one attendance register into ``loaded``, its problems included."""
    register = opened(folder, file, loaded, lambda path: _read(path, file))
    if register is None:
        return
    # Which of the empty cells matter shows only when it is known who was in the group when.
    problems = [each for each in register.problems if READ_AS_UNKNOWN not in each.problem]
    loaded.tell(problems, file.holds)
    if file.group is None:
        message = f"'{file.path}' is a register, so 'group' must say whose sessions it has."
        loaded.tell([Problem("study.toml", message, row=file.line)], file.holds)
        return
    if file.group not in loaded.groups:  # told with the other settings
        loaded.incomplete |= {file.holds, "sessions"}
        return
    listed = any(each.holds == "sessions" for each in loaded.files)
    if not listed:
        own = _own_sessions(register, file)
        new = ~own["session_id"].isin(loaded.table("sessions")["session_id"])
        loaded.rows.setdefault("sessions", []).append(own[new])
    sessions = loaded.table("sessions")
    mine = sessions[sessions["group_id"] == file.group]
    found, problems = _found_sessions(register, mine, file, listed=listed)
    if "sessions" not in loaded.incomplete:
        loaded.tell(problems, file.holds)
    loaded.headers[file.path, register.sheet, "person_id"] = register.person
    loaded.problems.extend(_unread_columns(register, file))
    marks = register.marks.merge(found, on="column", how="inner")
    rows = pd.DataFrame(
        {
            "person_id": marks["person"].astype("str"),
            "session_id": marks["session_id"].astype("str"),
            "status": marks["status"],
            "_blank": marks["value"].isna(),
            "_header": marks["column"].astype("str"),
        }
    ).set_axis(marks["row"], axis="index")
    loaded.excluded.append(register.excluded.assign(table=file.holds))
    persons = int(register.marks["row"].nunique())
    loaded.note_input(file, persons, len(register.excluded), register.sha256)
    loaded.add(rows, file, register.sheet)


def _unread_columns(register: Register, file: File) -> Iterator[Problem]:
    """Warn of columns that are no session, as of those of any other file that are not read."""
    for column in register.people.columns[register.people.notna().any()]:
        if column not in file.others:
            message = "the column is no session of the register and was not read."
            yield Problem(
                file.path, message, sheet=register.sheet, column=str(column), severity="warning"
            )


def _read(path: Path, file: File) -> Register:
    return read_register(
        path,
        name=file.path,
        sheet=file.sheet,
        encoding=file.encoding,
        person=file.columns.get("person_id"),
        marks=file.marks,
        empty=file.empty,
        others=file.others,
        where=f"study.toml, line {file.line}",
    )


def _headers(register: Register) -> pd.DataFrame:
    """Return the sessions of a register in their order: header, number, date."""
    return register.marks[["column", *SESSION]].drop_duplicates("column").reset_index(drop=True)


def _own_sessions(register: Register, file: File) -> pd.DataFrame:
    """Return the sessions of a study that has no list of them: those the register names."""
    headers = _headers(register)
    place = pd.Series(range(1, len(headers) + 1), dtype="Int64")
    number = headers["number"].fillna(place)
    rows = pd.DataFrame(
        {
            "session_id": f"{file.group}-" + number.astype("str").str.zfill(2),
            "group_id": file.group,
            "number": number,
            "held_on": headers["held_on"],
        }
    )
    for column in TABLES["sessions"]:
        if column.name not in rows:
            rows[column.name] = empty(column, rows.index)
    rows = rows.astype({"session_id": "str", "group_id": "str"})
    place_of = {"_file": file.path, "_sheet": register.sheet, "_row": 1, "_basis": file.legal_basis}
    return rows.assign(**place_of)


def _found_sessions(
    register: Register, sessions: pd.DataFrame, file: File, *, listed: bool
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return which session each header is: by its number, else by its date."""
    headers = _headers(register)
    numbered = sessions.dropna(subset="number").drop_duplicates("number")
    by_number = headers["number"].map(numbered.set_index("number")["session_id"]).astype("str")
    dated = sessions.dropna(subset="held_on").drop_duplicates("held_on")
    by_date = headers["held_on"].map(dated.set_index("held_on")["session_id"]).astype("str")
    found = headers.assign(session_id=by_number.fillna(by_date), _by_date=by_date)
    return found[["column", "session_id"]].dropna(), list(
        _header_problems(found, numbered, register, file, listed=listed)
    )


def _header_problems(
    found: pd.DataFrame,
    sessions: pd.DataFrame,
    register: Register,
    file: File,
    *,
    listed: bool,
) -> Iterator[Problem]:
    if sessions.empty and found["session_id"].isna().all():
        message = f"the table sessions has no sessions of the group '{file.group}'. Add them."
        yield Problem(file.path, message, sheet=register.sheet)
        return
    held = sessions.set_index("session_id")["held_on"]
    for header in found.to_dict("records"):
        session, column = header["session_id"], str(header["column"])
        if pd.isna(session):
            numbers = ", ".join(str(number) for number in sorted(sessions["number"]))
            message = (
                f"the group '{file.group}' has no such session in the table sessions. Its sessions "
                f"have the numbers {numbers}. Mend the header, or add the session."
            )
            if not listed:
                message = (
                    f"no file holds sessions, and the register of '{file.group}' read before this "
                    f"one has {numbers}, but not this one. Name the sessions of a group alike in "
                    "all its registers, or add a file that holds sessions, with number and held_on."
                )
        elif pd.notna(header["held_on"]) and held.get(session) not in (None, header["held_on"]):
            day = held.get(session)
            if pd.isna(day):
                continue
            message = (
                f"the register says {header['held_on']:%Y-%m-%d}, but the session '{session}' was "
                f"held on {day:%Y-%m-%d}. Mend one of the two."
            )
        else:
            continue
        yield Problem(file.path, message, sheet=register.sheet, column=column)
