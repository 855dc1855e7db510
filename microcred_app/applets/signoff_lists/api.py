"""What other rooms may ask of the room of lists."""

from .cancelling import cancel_list
from .data import CAN_BE_DONE, CANNOT_BE_DONE, ListInfo, ListRow, Thing
from .errors import ListError, ListFileRefused, ListNotFound, ListRefused
from .forgetting import forget_lists
from .lists import (
    drop_list,
    get_list,
    hand_in_list,
    hand_in_rows,
    is_list,
    iterate_mendable,
    open_lists,
    page_lists,
    page_rows,
    pause_list,
    resume_list,
    start_list,
)
from .reading import COLUMNS, MOST_BYTES, MOST_ROWS, ListFile, ReadRow, is_day
from .running import work_on_list
from .undoing import undo_list

__all__ = [
    "CANNOT_BE_DONE",
    "CAN_BE_DONE",
    "COLUMNS",
    "MOST_BYTES",
    "MOST_ROWS",
    "ListError",
    "ListFile",
    "ListFileRefused",
    "ListInfo",
    "ListNotFound",
    "ListRefused",
    "ListRow",
    "ReadRow",
    "Thing",
    "cancel_list",
    "drop_list",
    "forget_lists",
    "get_list",
    "hand_in_list",
    "hand_in_rows",
    "is_day",
    "is_list",
    "iterate_mendable",
    "open_lists",
    "page_lists",
    "page_rows",
    "pause_list",
    "resume_list",
    "start_list",
    "undo_list",
    "work_on_list",
]
