"""What this room keeps about people."""

from ..personal_rows import AtRetirement, PersonalRows
from .models import AuditActor, AuditEntry

__all__ = ["PERSONAL"]

PERSONAL = (
    PersonalRows(
        AuditActor,
        "user",
        AtRetirement.KEEP,
        "The random reference stays, so that the log still verifies; that it meant this account is taken out.",
        keeps=("reference",),
        exported=False,
    ),
    PersonalRows(
        AuditEntry,
        "actor",
        AtRetirement.KEEP,
        "Every entry is part of a chain of hashes, which one changed word would break. Who decided is taken out; the "
        "reason stays in the words of whoever gave it, which is why the pages ask not to name learners there.",
        keeps=(
            "actor_reference", "issuer_slug", "action", "object_type", "object_id", "reason", "details",
            "digest", "previous_hash", "entry_hash",
        ),
        secret=("digest", "previous_hash", "entry_hash"),
    ),
)  # fmt: skip
