"""How long until the first rate: a new process that reads a study, against ``import pandas``."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 15
PANDAS = "import pandas"
FIRST_RATE = (
    "import evalkit as ek; "
    "study = ek.read_study('data/sample/smil-2009'); "
    "ek.attendance.rate(study.headcounts)"
)


def seconds(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start


def main() -> None:
    """Measure both by turns, after one run of each that fills the caches."""
    codes = {"bare": "pass", "pandas": PANDAS, "rate": FIRST_RATE}
    for code in codes.values():
        seconds(code)
    times = {name: [] for name in codes}
    for _ in range(RUNS):
        for name, code in codes.items():
            times[name].append(seconds(code))
    bare, pandas, rate = (statistics.median(times[name]) for name in codes)
    print(f"read_study and first rate / import pandas: {rate / pandas:.2f} (aim: at most 2)")
    print(f"the same without Python's own start: {(rate - bare) / (pandas - bare):.2f}")


if __name__ == "__main__":
    main()
