"""Which format a file has, and the reader for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from . import case, esco, own_csv, rsd, tagging
from .json_tree import read_json
from .rows import ParsedFramework, Problems, SourceFile
from .tables import read_table

__all__ = ["FORMATS", "detect", "parse_files"]

FORMATS = ("csv", "case", "esco", "rsd", "tagging")


def parse_files(
    files: Sequence[SourceFile], *, format_name: str, prefix: str, today: date
) -> tuple[str, ParsedFramework]:
    """Read the files of one framework; the format that was used, and what they say together."""
    problems = Problems()
    found = format_name
    if format_name == "auto":
        found = detect(files[0], problems) if files else ""
    if not files:
        problems.add("", _("Name at least one file."))
    elif not problems.count and found not in FORMATS:
        problems.add(
            files[0].name,
            _("The format is not recognised. Name it: {formats}.").format(formats=", ".join(FORMATS)),
        )
    if problems.count:
        return found, ParsedFramework(problems)
    return found, ParsedFramework.together(
        _parse(file, found, "" if found == "csv" else prefix, today) for file in files
    )


def _parse(file: SourceFile, format_name: str, prefix: str, today: date) -> ParsedFramework:
    if format_name == "csv":
        return own_csv.parse(file, prefix=prefix)
    if format_name == "esco":
        return esco.parse(file, prefix=prefix)
    if format_name == "case":
        return case.parse(file, prefix=prefix, today=today)
    if format_name == "tagging":
        return tagging.parse(file, prefix=prefix)
    return rsd.parse(file, prefix=prefix, today=today)


def detect(file: SourceFile, problems: Problems) -> str:
    """The format of *file* by its first members or columns; empty when nothing fits."""
    if file.content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \r\n\t")[:1] in (b"{", b"["):
        value = read_json(file, problems)
        known = (("case", case.is_case), ("rsd", rsd.is_rsd), ("tagging", tagging.is_tagging))
        return next((name for name, is_it in known if is_it(value)), "")
    header = file.content.split(b"\n", 1)[0]
    if header.startswith((b"\xff\xfe", b"\xfe\xff")):
        header = file.content[:20_000]
        header = header[: len(header) // 2 * 2]
    table = read_table(SourceFile(file.name, header), Problems())
    if table is None:
        # Whatever stands in the way, the strict reader says it best.
        read_table(file, problems)
        return ""
    if esco.is_esco(table.columns):
        return "esco"
    if tagging.is_tagging_table(table.columns):
        return "tagging"
    return "rsd" if rsd.is_rsd_table(table.columns) else "csv"
