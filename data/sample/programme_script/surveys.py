"""How adults answer: each question with its stated shares, the answers of one person together."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from programme_script.stated import (
    NOT_RELEVANT,
    NOT_RELEVANT_CODE,
    RESPONDENT_CORRELATION,
    Question,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


def answers_of(
    questions: Sequence[Question], rng: np.random.Generator, missing: float
) -> list[int | None]:
    """Draw one respondent's answers: None where left out, a code of its own where not relevant."""
    person = rng.normal()
    drawn: list[int | None] = []
    for question in questions:
        answer, (gone, aside) = _answer(question.shares, person, rng), rng.random(2)
        if question.may_be_not_relevant and aside < NOT_RELEVANT:
            answer = NOT_RELEVANT_CODE
        drawn.append(None if gone < missing else answer)
    return drawn


def _answer(shares: Sequence[float], person: float, rng: np.random.Generator) -> int:
    """Draw an answer from 1 up.

    A standard normal number, of which a part is the respondent's own, is cut so that each answer
    has its stated share of the area under the curve.
    """
    common = RESPONDENT_CORRELATION
    drawn = common**0.5 * person + (1 - common) ** 0.5 * rng.normal()
    limits = np.cumsum(shares)[:-1]
    return 1 + int(np.searchsorted(limits, NormalDist().cdf(drawn), side="right"))
