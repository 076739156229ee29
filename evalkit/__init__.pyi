from . import figures as figures
from . import privacy as privacy
from . import report as report
from . import statistics as statistics
from . import tables as tables
from ._version import __version__ as __version__
from .errors import ArgumentError as ArgumentError
from .errors import EvalkitError as EvalkitError
from .errors import OutputError as OutputError
from .errors import StudyError as StudyError
from .instruments import Instrument as Instrument
from .instruments import list_instruments as list_instruments
from .instruments import load_instrument as load_instrument
from .metrics import attendance as attendance
from .metrics import background as background
from .metrics import outcomes as outcomes
from .study import Study as Study
from .study import read_study as read_study

__all__ = [
    "ArgumentError",
    "EvalkitError",
    "Instrument",
    "OutputError",
    "Study",
    "StudyError",
    "__version__",
    "attendance",
    "background",
    "figures",
    "list_instruments",
    "load_instrument",
    "outcomes",
    "privacy",
    "read_study",
    "report",
    "statistics",
    "tables",
]
