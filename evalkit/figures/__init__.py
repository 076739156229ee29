"""Figures: a result in, an Axes out, in evalkit's own style."""

from __future__ import annotations

from evalkit.figures.answers import (
    describe_likert,
    describe_nominal_answers,
    likert,
    nominal_answers,
)
from evalkit.figures.background import describe_recruitment, recruitment
from evalkit.figures.presence import attendance_by_session, describe_attendance_by_session
from evalkit.figures.saving import save
from evalkit.figures.sessions import describe_programme, programme

__all__ = [
    "attendance_by_session",
    "describe_attendance_by_session",
    "describe_likert",
    "describe_nominal_answers",
    "describe_programme",
    "describe_recruitment",
    "likert",
    "nominal_answers",
    "programme",
    "recruitment",
    "save",
]
