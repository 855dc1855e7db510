"""What other rooms may ask of the imports room."""

from .errors import ImportGone, ImportRefused
from .importing import ImportChoice, ImportReport, import_awards, preview_import
from .listing import HeldElsewhere, RunLine, held_elsewhere, list_runs
from .people import match_waiting
from .records import MOST_AWARDS, MOST_BYTES, SourceFile
from .waiting import drop_files, keep_files, waiting_files

__all__ = [
    "MOST_AWARDS",
    "MOST_BYTES",
    "HeldElsewhere",
    "ImportChoice",
    "ImportGone",
    "ImportRefused",
    "ImportReport",
    "RunLine",
    "SourceFile",
    "drop_files",
    "held_elsewhere",
    "import_awards",
    "keep_files",
    "list_runs",
    "match_waiting",
    "preview_import",
    "waiting_files",
]
