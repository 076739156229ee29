"""Figures: a result in, an Axes out, in evalkit's own style."""

from __future__ import annotations

from evalkit.figures.answers import (
    describe_likert,
    describe_nominal_answers,
    likert,
    nominal_answers,
)
from evalkit.figures.background import describe_recruitment, recruitment
from evalkit.figures.categories import change_categories, describe_change_categories
from evalkit.figures.crossing import describe_first_against_last, first_against_last
from evalkit.figures.occasions import describe_mean_course, mean_course
from evalkit.figures.persons import trajectory_pages
from evalkit.figures.presence import attendance_by_session, describe_attendance_by_session
from evalkit.figures.rates import attendance_by_group, describe_attendance_by_group
from evalkit.figures.received_forms import describe_forms_received, forms_received
from evalkit.figures.register_map import attendance_map, describe_attendance_map
from evalkit.figures.saving import save
from evalkit.figures.sessions import describe_programme, programme
from evalkit.figures.single_persons import describe_trajectories, trajectories
from evalkit.figures.top_boxes import best_answers, describe_best_answers

__all__ = [
    "attendance_by_group",
    "attendance_by_session",
    "attendance_map",
    "best_answers",
    "change_categories",
    "describe_attendance_by_group",
    "describe_attendance_by_session",
    "describe_attendance_map",
    "describe_best_answers",
    "describe_change_categories",
    "describe_first_against_last",
    "describe_forms_received",
    "describe_likert",
    "describe_mean_course",
    "describe_nominal_answers",
    "describe_programme",
    "describe_recruitment",
    "describe_trajectories",
    "first_against_last",
    "forms_received",
    "likert",
    "mean_course",
    "nominal_answers",
    "programme",
    "recruitment",
    "save",
    "trajectories",
    "trajectory_pages",
]
