"""evalkit: evaluate group programmes for children and families.

Reads a study folder, checks it, measures it, protects the identities in it, and draws the
figures and tables of the report.
"""

from __future__ import annotations

import lazy_loader

from evalkit._version import __version__ as __version__

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
