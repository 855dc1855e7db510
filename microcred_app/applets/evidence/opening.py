"""The guarded door to the bytes of a file that was handed in."""

from __future__ import annotations

from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .data import FileInfo, file_info
from .errors import SubmissionNotFound
from .models import EvidenceFile
from .reviewers import may_open
from .storage import open_file

__all__ = ["open_evidence_file"]


def open_evidence_file(user_id: int, file_id: str) -> tuple[FileInfo, BinaryIO]:
    """The bytes of one file, for its owner or a reviewer of its course; anybody else is told it is not there."""
    try:
        row = EvidenceFile.objects.select_related("submission").get(pk=file_id)
    except (EvidenceFile.DoesNotExist, ValidationError, ValueError) as error:
        raise SubmissionNotFound(_("This file does not exist.")) from error
    if not may_open(user_id, row.submission):
        raise SubmissionNotFound(_("This file does not exist."))
    try:
        return file_info(row), open_file(row.stored_as)
    except FileNotFoundError as error:
        raise SubmissionNotFound(_("This file was removed from storage.")) from error
