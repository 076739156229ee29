"""One file per kind of export: bytes in, text tables out."""

from __future__ import annotations

from evalkit.readers.exports import Export, read_export
from evalkit.readers.plain import Plain, read_plain
from evalkit.readers.register import READ_AS_UNKNOWN, Register, read_register
from evalkit.readers.register_rows import NO_DATA

__all__ = [
    "NO_DATA",
    "READ_AS_UNKNOWN",
    "Export",
    "Plain",
    "Register",
    "read_export",
    "read_plain",
    "read_register",
]
