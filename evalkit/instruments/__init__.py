"""What the forms are: definitions, scoring, thresholds with their sources."""

from __future__ import annotations

from evalkit.instruments.answers import bad_answers
from evalkit.instruments.cutoffs import cutoff_for
from evalkit.instruments.model import Instrument, Item
from evalkit.instruments.registry import list_instruments, load_instrument, read_definition
from evalkit.instruments.scoring import score
from evalkit.instruments.ticks import cutoff_ticks, in_clinical_range, threshold_ticks, to_ticks

__all__ = [
    "Instrument",
    "Item",
    "bad_answers",
    "cutoff_for",
    "cutoff_ticks",
    "in_clinical_range",
    "list_instruments",
    "load_instrument",
    "read_definition",
    "score",
    "threshold_ticks",
    "to_ticks",
]
