"""``microcred-verify`` checks credentials, offline unless told otherwise, and tells by its exit code what it found.

0 every credential is valid, 1 one is invalid, 2 one is undetermined and none invalid (also: wrong usage, unreadable
file). JSON, tokens, and PNG or SVG pictures that carry either are read, from files, standard input or ``https``
addresses. Several at once are listed in one table, for auditors.

This is the one module of the package that knows a clock and a network (import contract "no-network"); nothing imports
it. Addresses are ``https`` only, answers are bounded in size and time.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from microcred_app.ob3.command_sources import Documents, Lists, read, read_credential
from microcred_app.ob3.errors import InputError, Ob3Error
from microcred_app.ob3.report import Report
from microcred_app.ob3.schema import bundled_validators
from microcred_app.ob3.timestamps import parse_time
from microcred_app.ob3.verification import EvidenceFile, verify

__all__ = ["fetch", "main"]

MAX_ANSWER = 24_000_000
_SECONDS = 20
_EXIT_CODES = {"valid": 0, "invalid": 1, "undetermined": 2}
_MARKS = {"passed": "ok  ", "failed": "FAIL", "could_not_check": "?   "}


@dataclass(frozen=True)
class _Finding:
    """What became of one argument: a report, or the reason why there is none."""

    name: str
    report: Report | None = None
    problem: str = ""

    @property
    def verdict(self) -> str:
        return self.report.verdict if self.report else "undetermined"

    @property
    def reason(self) -> str:
        """The sentence that decides the verdict, for the table."""
        if self.report is None:
            return self.problem
        outcome = {"invalid": "failed", "undetermined": "could_not_check"}.get(self.verdict, "")
        return next((check.message for check in self.report.checks if check.outcome == outcome), "")


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify the credentials named on the command line, print what was found, return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        now = parse_time("--at", options.at) if options.at else datetime.now(UTC)
        documents = Documents(options.did_document, fetch, online=options.online)
        with_lists = options.status_list or options.online
        lists = Lists(options.status_list, fetch, online=options.online) if with_lists else None
        evidence = [EvidenceFile.from_bytes(Path(file).name, read(file, fetch)) for file in options.evidence]
    except (OSError, Ob3Error) as error:
        sys.stderr.write(f"microcred-verify: {error}\n")
        return _EXIT_CODES["undetermined"]
    findings = [
        _examine(name, now, documents, lists, evidence or None, online=options.online)
        for name in options.files
    ]
    for finding in findings:
        if finding.report is None:
            sys.stderr.write(f"microcred-verify: {finding.name}: {finding.problem}\n")
    sys.stdout.write(_as_json(findings) if options.json else _as_text(findings))
    verdicts = {finding.verdict for finding in findings}
    worst = next(verdict for verdict in ("invalid", "undetermined", "valid") if verdict in verdicts)
    return _EXIT_CODES[worst]


def fetch(url: str) -> bytes:
    """Return what is published at *url*; raises `InputError` for anything but a short answer over ``https``."""
    from urllib.error import URLError
    from urllib.request import HTTPRedirectHandler, Request, build_opener

    class SafeRedirects(HTTPRedirectHandler):
        def redirect_request(self, *arguments: Any, **named: Any) -> Request | None:
            _require_https(arguments[-1])
            return super().redirect_request(*arguments, **named)

    _require_https(url)
    request = Request(url, headers={"Accept": "application/json, image/png, */*;q=0.5"})  # noqa: S310
    try:
        with build_opener(SafeRedirects).open(request, timeout=_SECONDS) as answer:
            data: bytes = answer.read(MAX_ANSWER + 1)
    except (URLError, OSError, ValueError) as error:
        raise InputError("input.not_fetched", f"{url[:200]} could not be fetched: {error}") from error
    if len(data) > MAX_ANSWER:
        raise InputError("input.too_large", f"{url[:200]} answers with more than is read.")
    return data


def _require_https(url: str) -> None:
    if urlsplit(url).scheme != "https":
        raise InputError("input.address", f"{url[:200]} is not an https address.")


def _examine(
    name: str,
    now: datetime,
    documents: Documents,
    lists: Lists | None,
    evidence: list[EvidenceFile] | None,
    *,
    online: bool,
) -> _Finding:
    try:
        report = verify(
            read_credential(name, fetch),
            now=now,
            resolve_did=documents,
            fetch_status_list=lists,
            evidence=evidence,
            fetch_newest=fetch if online else None,
            schemas=bundled_validators(),
        )
    except (OSError, Ob3Error) as error:
        return _Finding(name, problem=str(error))
    return _Finding(name, report)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="microcred-verify",
        description="Check Open Badges 3.0 credentials, without network unless --online is given.",
        epilog="Exit code: 0 all valid, 1 one invalid, 2 one undetermined and none invalid.",
    )
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE|URL|-",
        help="JSON, token, or PNG or SVG picture: a file, an https address, - for standard input",
    )
    parser.add_argument("--json", action="store_true", help="print reports as JSON")
    parser.add_argument(
        "--online", action="store_true", help="fetch issuers' documents and status lists over https"
    )
    parser.add_argument(
        "--at", metavar="TIME", help="check for this moment, like 2026-03-01T09:00:00Z (default: now)"
    )
    parser.add_argument(
        "--did-document", metavar="FILE", action="append", default=[], help="a DID document of an issuer"
    )
    parser.add_argument(
        "--status-list", metavar="FILE", action="append", default=[], help="a status list credential"
    )
    parser.add_argument(
        "--evidence", metavar="FILE", action="append", default=[], help="a file said to be evidence"
    )
    return parser


def _as_json(findings: Sequence[_Finding]) -> str:
    if len(findings) == 1:
        report = findings[0].report
        return json.dumps(report.to_json(), ensure_ascii=False, indent=2) + "\n" if report else ""
    listed = [
        {
            "file": finding.name,
            **(finding.report.to_json() if finding.report else {"verdict": "undetermined"}),
        }
        for finding in findings
    ]
    return json.dumps(listed, ensure_ascii=False, indent=2) + "\n"


def _as_text(findings: Sequence[_Finding]) -> str:
    if len(findings) == 1:
        report = findings[0].report
        if report is None:
            return ""
        lines = [f"{_MARKS[check.outcome]} {check.code}: {check.message}" for check in report.checks]
        return "\n".join([*lines, f"The credential is {report.verdict}.", ""])
    width = max(len(finding.name) for finding in findings)
    lines = [f"{finding.verdict:12}  {finding.name:{width}}  {finding.reason}" for finding in findings]
    counts = ", ".join(
        f"{sum(finding.verdict == verdict for finding in findings)} {verdict}" for verdict in _EXIT_CODES
    )
    return "\n".join([*(line.rstrip() for line in lines), f"{len(findings)} credentials: {counts}.", ""])


if __name__ == "__main__":
    sys.exit(main())
