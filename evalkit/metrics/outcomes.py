"""Outcomes: scores of forms, change from the first to the last, and the course between."""

from __future__ import annotations

from evalkit.metrics.outcomes_paired import pairs, scores

__all__ = ["pairs", "scores"]


def __dir__() -> list[str]:
    return __all__
