"""The raw XML of a workbook's sheets, for what calamine does not tell."""

from __future__ import annotations

import io
import zipfile
import zlib


def sheet_parts(data: bytes) -> list[bytes]:
    """Return the XML of every sheet of an xlsx or ods file; none of any other or broken file."""
    if not data.startswith(b"PK"):
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [
                name
                for name in archive.namelist()
                if name.startswith("xl/worksheets/") or name == "content.xml"
            ]
            return [archive.read(name) for name in names]
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, zlib.error):
        return []  # calamine says what is wrong with it
