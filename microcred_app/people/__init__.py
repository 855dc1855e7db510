"""A person's account as a whole: forgotten, copied for them, merged into another."""

from .copying import person_record, write_person_record
from .merging import Merge, MergeRefused, merge_accounts, plan_merge
from .register import declarations
from .retiring import Retirement, retire_account

__all__ = [
    "Merge",
    "MergeRefused",
    "Retirement",
    "declarations",
    "merge_accounts",
    "person_record",
    "plan_merge",
    "retire_account",
    "write_person_record",
]
