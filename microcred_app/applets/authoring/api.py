"""Unsaved forms of authors, and which unit proves which outcome: what other rooms may ask and do."""

from __future__ import annotations

from .drafts import (
    MAX_BYTES,
    MAX_DRAFTS,
    FormDraftInfo,
    drop_draft,
    forget_drafts,
    keep_draft,
    read_draft,
)
from .errors import AuthoringError, DraftTooLarge
from .sources import (
    SourceInfo,
    SourceSync,
    ask_walk,
    live_sources,
    outcomes_without_source,
    register_source,
    retire_source,
    sources_of_outcomes,
    sources_without_outcome,
    sync_course,
    take_walk,
    waiting_walks,
)

__all__ = [
    "MAX_BYTES",
    "MAX_DRAFTS",
    "AuthoringError",
    "DraftTooLarge",
    "FormDraftInfo",
    "SourceInfo",
    "SourceSync",
    "ask_walk",
    "drop_draft",
    "forget_drafts",
    "keep_draft",
    "live_sources",
    "outcomes_without_source",
    "read_draft",
    "register_source",
    "retire_source",
    "sources_of_outcomes",
    "sources_without_outcome",
    "sync_course",
    "take_walk",
    "waiting_walks",
]
