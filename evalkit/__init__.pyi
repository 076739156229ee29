from . import figures as figures
from . import privacy as privacy
from . import report as report
from . import statistics as statistics
from . import tables as tables
from ._version import __version__ as __version__
from .errors import ArgumentError as ArgumentError
from .errors import DisclosureError as DisclosureError
from .errors import EvalkitError as EvalkitError
from .errors import OutputError as OutputError
from .errors import ReadError as ReadError
from .errors import StudyError as StudyError
from .instruments import Instrument as Instrument
from .instruments import list_instruments as list_instruments
from .instruments import load_instrument as load_instrument
from .metrics import attendance as attendance
from .metrics import background as background
from .metrics import completeness as completeness
from .metrics import outcomes as outcomes
from .metrics import satisfaction as satisfaction
from .readers import Export as Export
from .readers import read_export as read_export
from .study import Study as Study
from .study import read_study as read_study

__all__ = [
    "ArgumentError",
    "DisclosureError",
    "EvalkitError",
    "Export",
    "Instrument",
    "OutputError",
    "ReadError",
    "Study",
    "StudyError",
    "__version__",
    "attendance",
    "background",
    "completeness",
    "figures",
    "list_instruments",
    "load_instrument",
    "outcomes",
    "privacy",
    "read_export",
    "read_study",
    "report",
    "satisfaction",
    "statistics",
    "tables",
]
