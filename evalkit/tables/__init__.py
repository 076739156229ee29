"""Tables: results as HTML and as a workbook."""

from __future__ import annotations

from evalkit.tables.page import html
from evalkit.tables.workbook import xlsx

__all__ = ["html", "xlsx"]
