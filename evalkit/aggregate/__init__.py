"""From data of any size to small tables: the one place where rows are reduced.

pandas, Polars and DuckDB frames come in; statistics then work on what comes out. All that is
reduced here is exact and the same on every engine, whatever the order of rows.
"""

from __future__ import annotations

from evalkit.aggregate.counting import sums
from evalkit.aggregate.ends import Ends, first_and_last
from evalkit.aggregate.repeats import repeated
from evalkit.aggregate.tallying import tally

__all__ = ["Ends", "first_and_last", "repeated", "sums", "tally"]
