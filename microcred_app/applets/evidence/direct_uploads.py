"""Uploads whose pieces go straight to an object store; everything else about them is as for all uploads.

Guarantees: a piece counts once, at its place, for the learner whose upload it is, and only if the store says that it
has exactly the bytes that were agreed. Nothing is believed of what the client says about the bytes. The file is read,
digested, scanned and judged from the store when the last piece is there, as if it had come through us.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from microcred_app.conf import settings

from .direct_storage import DirectAddress, is_offered, move_in, sign_address
from .errors import DirectRefused, PieceMissing
from .storage import delete_file
from .upload_models import Upload
from .uploads import UploadInfo, count_piece, living_upload, upload_info, wrong_offset

__all__ = ["address_for", "count_arrived"]


def address_for(learner_id: int, upload_id: str, *, now: datetime) -> DirectAddress:
    """Where the next piece of the learner's upload goes."""
    row = _open(learner_id, upload_id, now)
    return sign_address(str(row.pk), row.offset, _agreed(row))


def count_arrived(learner_id: int, upload_id: str, *, offset: int, now: datetime) -> UploadInfo:
    """Count the piece that was sent for *offset*.

    Raises :class:`WrongOffset` for a piece that counts already or is not due, :class:`PieceMissing` where nothing has
    arrived or something else than was agreed: it is gone then, and may be sent again.
    """
    row = _open(learner_id, upload_id, now)
    if offset != row.offset:
        raise wrong_offset(row.offset)
    try:
        stored_as, size = move_in(str(row.pk), offset)
    except FileNotFoundError as error:
        raise PieceMissing(_("The piece has not arrived. Send it again.")) from error
    kept = False
    try:
        if size != _agreed(row):
            raise PieceMissing(_("The piece was cut short. Send it again."))
        row = count_piece(row, offset, size, stored_as, now)
        kept = True
    finally:
        if not kept:
            delete_file(stored_as)
    return upload_info(row)


def _open(learner_id: int, upload_id: str, now: datetime) -> Upload:
    if not is_offered():
        raise DirectRefused(_("This site takes pieces itself. Send them to the address of the upload."))
    row = living_upload(learner_id, upload_id, now)
    if row.state != Upload.OPEN or row.offset >= row.length:
        raise wrong_offset(row.offset)
    return row


def _agreed(row: Upload) -> int:
    return min(settings().evidence_direct_piece_bytes, row.length - row.offset)
