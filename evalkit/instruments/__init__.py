"""What the forms are: definitions, scoring, thresholds with their sources."""

from __future__ import annotations

from evalkit.instruments.model import Instrument, Item

__all__ = ["Instrument", "Item"]
