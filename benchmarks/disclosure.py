"""What protection and audit add to a report: their time against that of all else, in one run."""

from __future__ import annotations

import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import evalkit as ek
from evalkit.report import building

STUDY = "data/sample/programme"


@contextmanager
def timed(name, spent):
    """Count the time that a function of the report takes."""
    whole = getattr(building, name)

    def call(*arguments):
        start = time.perf_counter()
        try:
            return whole(*arguments)
        finally:
            spent.append(time.perf_counter() - start)

    with mock.patch.object(building, name, call):
        yield


def main() -> None:
    """Build the report of the sample programme, and say what share protection and audit take."""
    study = ek.read_study(STUDY)
    protecting, auditing = [], []
    with tempfile.TemporaryDirectory() as folder:
        ek.report.build(study, Path(folder) / "first")  # what is imported once is not counted
        start = time.perf_counter()
        with timed("protected", protecting), timed("refuse_breaches", auditing):
            ek.report.build(study, Path(folder) / "second")
        whole = time.perf_counter() - start
    rest = whole - sum(protecting) - sum(auditing)
    print(
        f"protection and audit / all else of a report: {(whole - rest) / rest:.2f} "
        f"(aim: at most 1), protection {sum(protecting) / rest:.2f}, "
        f"audit {sum(auditing) / rest:.2f}"
    )


if __name__ == "__main__":
    main()
