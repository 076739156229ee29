"""Outcomes: scores of forms, change from the first to the last, and the course between."""

from __future__ import annotations

from evalkit.metrics.outcomes_changed import change
from evalkit.metrics.outcomes_counted import CHANGE_CELLS, change_summary
from evalkit.metrics.outcomes_course import COURSE_CELLS, course
from evalkit.metrics.outcomes_paired import pairs, scores

__all__ = [
    "CHANGE_CELLS",
    "COURSE_CELLS",
    "change",
    "change_summary",
    "course",
    "pairs",
    "scores",
]


def __dir__() -> list[str]:
    return __all__
