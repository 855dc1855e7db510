"""``microcred-verify`` checks one credential on a machine without network, and tells by its exit code what it found.

0 valid, 1 invalid, 2 undetermined (also: wrong usage, unreadable file). It fetches nothing: the issuer's DID
document and the status list are files, downloaded by whoever decides to trust where they come from. This file
is the one place of the package that reads the clock and the disk.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from microcred_app.ob3.errors import DidError, Ob3Error, StatusListError
from microcred_app.ob3.json_input import parse_json
from microcred_app.ob3.report import Report
from microcred_app.ob3.timestamps import parse_time
from microcred_app.ob3.verification import EvidenceFile, verify

__all__ = ["main"]

_EXIT_CODES = {"valid": 0, "invalid": 1, "undetermined": 2}
_MARKS = {"passed": "ok  ", "failed": "FAIL", "could_not_check": "?   "}


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify the credential named on the command line, print the report, return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        now = parse_time("--at", options.at) if options.at else datetime.now(UTC)
        report = verify(
            _read(options.file),
            now=now,
            resolve_did=_Documents(options.did_document),
            fetch_status_list=_Lists(options.status_list) if options.status_list else None,
            evidence=_evidence(options.evidence),
        )
    except (OSError, Ob3Error) as error:
        sys.stderr.write(f"microcred-verify: {error}\n")
        return _EXIT_CODES["undetermined"]
    sys.stdout.write(_as_json(report) if options.json else _as_text(report))
    return _EXIT_CODES[report.verdict]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="microcred-verify",
        description="Check an Open Badges 3.0 credential without network.",
        epilog="Exit code: 0 valid, 1 invalid, 2 undetermined.",
    )
    parser.add_argument("file", help="the credential as JSON; - reads standard input")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument(
        "--at", metavar="TIME", help="check for this moment, like 2026-03-01T09:00:00Z (default: now)"
    )
    parser.add_argument(
        "--did-document", metavar="FILE", action="append", default=[], help="a DID document of the issuer"
    )
    parser.add_argument(
        "--status-list", metavar="FILE", action="append", default=[], help="a status list credential"
    )
    parser.add_argument(
        "--evidence", metavar="FILE", action="append", default=[], help="a file said to be evidence"
    )
    return parser


class _Documents:
    """Finds a DID document among the files given, by the id it states."""

    def __init__(self, files: Sequence[str]) -> None:
        self._documents = [_object(file) for file in files]

    def __call__(self, did: str) -> Mapping[str, Any]:
        for document in self._documents:
            if document.get("id") == did:
                return document
        raise DidError("did.not_given", "no --did-document describes the issuer")


class _Lists:
    """Finds a status list among the files given, by the id it states."""

    def __init__(self, files: Sequence[str]) -> None:
        self._lists = {str(_object(file).get("id")): _read(file) for file in files}

    def __call__(self, url: str) -> bytes:
        if url not in self._lists:
            raise StatusListError("status_list.not_given", "no --status-list is the one the credential names")
        return self._lists[url]


def _object(file: str) -> dict[str, Any]:
    value = parse_json(_read(file))
    return value if isinstance(value, dict) else {}


def _read(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()


def _evidence(files: Sequence[str]) -> list[EvidenceFile] | None:
    return [EvidenceFile.from_bytes(Path(file).name, _read(file)) for file in files] or None


def _as_json(report: Report) -> str:
    return json.dumps(report.to_json(), ensure_ascii=False, indent=2) + "\n"


def _as_text(report: Report) -> str:
    lines = [f"{_MARKS[check.outcome]} {check.code}: {check.message}" for check in report.checks]
    return "\n".join([*lines, f"The credential is {report.verdict}.", ""])


if __name__ == "__main__":
    sys.exit(main())
