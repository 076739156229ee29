"""The command line: ``evalkit report STUDY``, ``evalkit check STUDY``, ``evalkit audit OUTPUT``."""

from __future__ import annotations

import io
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evalkit._version import __version__
from evalkit.errors import PROBLEM_COLUMNS, EvalkitError, Problem, StudyError

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from evalkit.report import Built
    from evalkit.study import Study

DEFAULT_OUT = Path("output")
NARROWEST_TABLE = 80

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Evaluate group programmes for children and families.",
)


class Audience(StrEnum):
    """For whom a report may be."""

    public = "public"
    partners = "partners"
    internal = "internal"


class Language(StrEnum):
    """The languages of a report."""

    nb = "nb"
    en = "en"


StudyFolder = Annotated[
    Path, typer.Argument(metavar="STUDY", help="The study folder, which holds study.toml.")
]


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # consoles and files that do not know every letter
    app()


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"evalkit {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Evaluate group programmes for children and families."""


@app.command()
def report(
    study: StudyFolder,
    out: Annotated[
        Path | None,
        typer.Option(help="Where to write; by default output/ and the name of the study folder."),
    ] = None,
    language: Annotated[Language | None, typer.Option(help="By default the study's.")] = None,
    internal: Annotated[
        bool, typer.Option("--internal", help="Hide nothing, and say INTERNAL on every page.")
    ] = False,
    audience: Annotated[
        Audience | None, typer.Option(help="For whom; by default everyone.")
    ] = None,
    earlier: Annotated[
        Path | None,
        typer.Option(
            help="The folder of an earlier report of this study: what it hides stays hidden. By "
            "default the report that is replaced."
        ),
    ] = None,
) -> None:
    """Write the report of a study: page, figures, tables and manifest."""
    read = _read_or_exit(study)
    folder = out or DEFAULT_OUT / study.resolve().name
    built = _build_or_exit(
        read, folder, language=language, internal=internal, audience=audience, earlier=earlier
    )
    console = _console()
    if len(read.problems):
        _say(console, f"{len(read.problems)} warnings: evalkit check {study}")
    if built.hidden:
        _say(
            console,
            f"{built.hidden} rows hold hidden numbers. Each table was audited by itself; what "
            "several tell together was not: read them before they are published.",
        )
    _say(console, f"Report written. Open {built.page}")


@app.command()
def check(study: StudyFolder) -> None:
    """Check a study and list every problem; exits with 1 where there are errors."""
    read = _read_or_exit(study)
    console = _console()
    if len(read.problems):
        _print_problems(read.problems, console)
    _say(console, repr(read))


@app.command()
def audit(
    output: Annotated[
        Path, typer.Argument(metavar="OUTPUT", help="The folder of a report, as it was written.")
    ],
) -> None:
    """Attack a report with what its own files tell; exits with 1 where that is too much."""
    from evalkit.report import audit as attack
    from evalkit.report.breaches import told

    console = _console()
    try:
        found = attack(output)
    except EvalkitError as error:
        _console(stderr=True).print(str(error), style="red", markup=False, highlight=False)
        raise typer.Exit(1) from None
    hidden = len(found.numbers)
    _say(
        console,
        f"{found.exhibits} exhibits, {hidden} hidden number{'' if hidden == 1 else 's'}, each "
        "exhibit by itself.",
    )
    if not found.safe:
        _say(console, told(found.breaches))
        raise typer.Exit(1)
    _say(console, "No number of too few people can be worked out.")


def _say(console: Console, text: str) -> None:
    """Print a text as it is: paths may hold what would be markup."""
    console.print(text, highlight=False, markup=False, soft_wrap=True)


def _read_or_exit(folder: Path) -> Study:
    from evalkit.study import read_study

    try:
        return read_study(folder)
    except StudyError as error:
        console = _console()
        _print_problems(error.problems, console)
        count = int((error.problems["severity"] == "error").sum())
        console.print(f"{count} error{'' if count == 1 else 's'}.", style="bold red")
        raise typer.Exit(1) from None
    except EvalkitError as error:
        _console(stderr=True).print(str(error), style="red", markup=False, highlight=False)
        raise typer.Exit(1) from None


def _build_or_exit(study: Study, folder: Path, **options: Any) -> Built:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from evalkit.report import build

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    try:
        with Progress(*columns, console=_console()) as progress:
            bar = progress.add_task("", total=None)

            def show(done: int, of: int, name: str) -> None:
                progress.update(bar, completed=done, total=of, description=name)

            return build(study, folder, on_step=show, **options)
    except EvalkitError as error:
        _console(stderr=True).print(str(error), style="red", markup=False, highlight=False)
        raise typer.Exit(1) from None


def _print_problems(problems: pd.DataFrame, console: Console) -> None:
    """Print problems as a table: place, what is wrong, how to put it right."""
    if console.width < NARROWEST_TABLE:
        for problem in problems.to_dict("records"):
            told = {key: problem[key] for key in PROBLEM_COLUMNS if _known(problem[key])}
            _say(console, f"{problem['severity']}: {Problem(**told)}")
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(show_lines=True)
    for heading in ("", "File", "Row", "Column", "Problem"):
        table.add_column(heading, overflow="fold", justify="right" if heading == "Row" else "left")
    for problem in problems.to_dict("records"):
        is_error = problem["severity"] == "error"
        place = [problem["file"], problem["sheet"]]
        table.add_row(
            Text(str(problem["severity"]), style="red" if is_error else "yellow"),
            Text("\n".join(str(part) for part in place if _known(part))),
            *(Text(str(problem[key])) if _known(problem[key]) else "" for key in ("row", "column")),
            Text(str(problem["problem"])),
        )
    console.print(table)


def _known(value: object) -> bool:
    import pandas as pd

    return not pd.isna(value)  # type: ignore[call-overload]


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr)
