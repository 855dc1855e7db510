"""A bundle's report as lines for a terminal, and the file behind it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from .application import BundleReport
from .change import Blast, Change
from .errors import BundleError, BundleProblem
from .reading import MAX_BYTES

__all__ = ["read_bundle", "tell_report"]

SHOWN = 100
_SIGNS = {"new": "+", "changed": "~"}


def read_bundle(path: Path) -> bytes:
    """The file's bytes; raises :class:`BundleError` when it is not there or larger than a bundle may be."""
    try:
        if path.stat().st_size > MAX_BYTES:
            text = _("The file has more than {limit} bytes.").format(limit=MAX_BYTES)
            raise BundleError([BundleProblem(0, "", text)])
        return path.read_bytes()
    except OSError as error:
        raise BundleError([BundleProblem(0, "", f"{path.name}: {error.strerror}")]) from None


def tell_report(report: BundleReport) -> Iterator[str]:
    """One line for each object that changes, with its fields, then how much stays."""
    for change in (*report.of("new"), *report.of("changed")):
        yield _headline(change)
        if change.blast and change.blast.fate:
            yield f"    {change.blast.fate}"
        if change.action == "changed":
            for field in change.fields:
                yield f"    {field.field}: {_short(field.before)} → {_short(field.after)}"
        for missing in change.not_ready:
            yield f"    ! {_('not ready')}: {missing}"
    counted = {
        "new": len(report.of("new")),
        "changed": len(report.of("changed")),
        "unchanged": len(report.of("unchanged")),
        "left": sum(report.left_alone.values()),
    }
    yield _(
        "{new} new, {changed} changed, {unchanged} unchanged; {left} on this site are not in the file and stay."
    ).format(**counted)


def _headline(change: Change) -> str:
    line = f"{_SIGNS[change.action]} {change.section} {change.key}"
    if change.publishes:
        line += f" ({_('publishes a version')})"
    return f"{line}: {_concerns(change.blast)}" if change.blast else line


def _concerns(blast: Blast) -> str:
    parts = [_("{count} hold it now").format(count=blast.holders)]
    if blast.gaining is not None:
        parts.append(_("{count} would gain it").format(count=blast.gaining))
    if blast.losing is not None:
        parts.append(_("{count} would not qualify any more").format(count=blast.losing))
    return ", ".join(parts)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
