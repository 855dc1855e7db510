"""What other rooms may use of vendors."""

from __future__ import annotations

from .accounts import (
    AccountInfo,
    account_alarms,
    add_account,
    get_account,
    list_accounts,
    remove_account,
    rotate_key,
    sync_templates,
)
from .consent import VendorChoice, agree_to_vendor, choices_for, withdraw_from_vendor
from .dialects import DIALECTS
from .errors import AccountNotFound, AccountRefused, VendorError, VendorUnreachable
from .lane import VendorLane
from .log import (
    OrderInfo,
    count_given_up,
    count_orders,
    list_orders,
    resend_orders,
    vendor_backlog,
    vendor_overdue,
    vendor_tries,
)
from .mapping import MappingInfo, TemplateInfo, list_mappings, list_templates_of, map_badge
from .orders import note_awarded, note_reinstated, note_revoked

__all__ = [
    "DIALECTS",
    "AccountInfo",
    "AccountNotFound",
    "AccountRefused",
    "MappingInfo",
    "OrderInfo",
    "TemplateInfo",
    "VendorChoice",
    "VendorError",
    "VendorLane",
    "VendorUnreachable",
    "account_alarms",
    "add_account",
    "agree_to_vendor",
    "choices_for",
    "count_given_up",
    "count_orders",
    "get_account",
    "list_accounts",
    "list_mappings",
    "list_orders",
    "list_templates_of",
    "map_badge",
    "note_awarded",
    "note_reinstated",
    "note_revoked",
    "remove_account",
    "resend_orders",
    "rotate_key",
    "sync_templates",
    "vendor_backlog",
    "vendor_overdue",
    "vendor_tries",
    "withdraw_from_vendor",
]
