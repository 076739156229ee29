"""Figures: a result in, an Axes out, in evalkit's own style."""

from __future__ import annotations

from evalkit.figures.background import describe_recruitment, recruitment
from evalkit.figures.categories import change_categories, describe_change_categories
from evalkit.figures.crossing import describe_first_against_last, first_against_last
from evalkit.figures.occasions import describe_mean_course, mean_course
from evalkit.figures.persons import trajectory_pages
from evalkit.figures.presence import attendance_by_session, describe_attendance_by_session
from evalkit.figures.saving import save
from evalkit.figures.sessions import describe_programme, programme
from evalkit.figures.single_persons import describe_trajectories, trajectories

__all__ = [
    "attendance_by_session",
    "change_categories",
    "describe_attendance_by_session",
    "describe_change_categories",
    "describe_first_against_last",
    "describe_mean_course",
    "describe_programme",
    "describe_recruitment",
    "describe_trajectories",
    "first_against_last",
    "mean_course",
    "programme",
    "recruitment",
    "save",
    "trajectories",
    "trajectory_pages",
]
