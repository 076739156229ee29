"""One file per kind of export: bytes in, text tables out."""

from __future__ import annotations

from evalkit.readers.exports import Export, read_export
from evalkit.readers.plain import Plain, read_plain

__all__ = ["Export", "Plain", "read_export", "read_plain"]
