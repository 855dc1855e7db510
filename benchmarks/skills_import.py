"""How long a framework of 20,000 skills takes: ``python -m benchmarks.skills_import`` (a database of its own).

Read are 20,000 skills with 20,000 broader relations, as our own table, as ESCO and as CASE: new, again, and with every
skill changed. Then the log: one entry, and the check of all of them.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

COUNT = 20_000
NOW = datetime(2026, 3, 2, tzinfo=UTC)
ESCO_COLUMNS = [
    "conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels", "hiddenLabels", "status",
    "modifiedDate", "scopeNote", "definition", "inScheme", "description",
]  # fmt: skip


def own_table(edition: str) -> bytes:
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(["key", "name", "statement", "uri", "level", "category", "clusters", "broader"])
    for n in range(COUNT):
        parent = f"t{n // 10}" if n >= 10 else ""
        uri = f"https://skills.example/{n}"
        write.writerow(
            [
                f"t{n}",
                f"Skill {n} é",
                f"Does {edition} {n}, and well",
                uri,
                "4",
                "technical",
                f"Cluster {n % 50}",
                parent,
            ]
        )
    return out.getvalue().encode()


def esco(edition: str) -> tuple[bytes, bytes]:
    skills, relations = io.StringIO(), io.StringIO()
    write = csv.writer(skills)
    write.writerow(ESCO_COLUMNS)
    relate = csv.writer(relations)
    relate.writerow(["conceptType", "conceptUri", "broaderType", "broaderUri"])
    base, kind = "http://data.europa.eu/esco/skill/", "KnowledgeSkillCompetence"
    for n in range(COUNT):
        text = f"Performs task {n} of {edition} on machines, vehicles & plant. " * 4
        write.writerow(
            [
                kind,
                f"{base}{n:036}",
                "knowledge",
                "cross-sector",
                f"perform task {n}",
                "a\nb",
                "",
                "released",
                "",
                "",
                "",
                "",
                text,
            ]
        )
        if n >= 10:
            relate.writerow([kind, f"{base}{n:036}", kind, f"{base}{n // 10:036}"])
    return skills.getvalue().encode(), relations.getvalue().encode()


def case(edition: str) -> bytes:
    items = [
        {"identifier": f"{n:036}", "uri": f"https://case.example/uri/{n}", "fullStatement": f"Does {edition} {n}",
         "humanCodingScheme": f"A.{n}", "educationLevel": ["PS"], "lastChangeDateTime": "2026-01-01T00:00:00Z"}
        for n in range(COUNT)
    ]  # fmt: skip
    links = [
        {"identifier": f"a{n}", "uri": f"https://case.example/uri/a{n}", "associationType": "isChildOf",
         "originNodeURI": {"title": "x", "identifier": f"{n:036}", "uri": f"https://case.example/uri/{n}"},
         "destinationNodeURI": {"title": "y", "identifier": f"{n // 10:036}", "uri": f"https://x.example/{n // 10}"}}
        for n in range(10, COUNT)
    ]  # fmt: skip
    document = {"identifier": "doc", "title": "Bench", "language": "en"}
    return json.dumps({"CFDocument": document, "CFItems": items, "CFAssociations": links}).encode()


def timed(said: str, act: Callable[[], Any]) -> None:
    begin = time.perf_counter()
    result = act()
    print(f"{said:<44}{time.perf_counter() - begin:8.2f} s   {result}", flush=True)


def measure() -> None:
    from django.core.management import call_command
    from django.db import connection

    from microcred_app.applets.audit import api as audit
    from microcred_app.applets.skills import api as skills

    call_command("migrate", verbosity=0)
    print(f"{COUNT} skills on {connection.vendor}")

    def load(key: str, *contents: bytes) -> str:
        files = [skills.SourceFile(f"{key}-{n}", content) for n, content in enumerate(contents)]
        report = skills.import_skills(files, skills.FrameworkChoice(key), actor_id=None, now=NOW)
        return f"{len(report.new)} new, {len(report.changed)} changed, {report.relations_added} relations"

    for key, make in (("table", lambda e: (own_table(e),)), ("esco", esco), ("case", lambda e: (case(e),))):
        one, two = make("one"), make("two")
        for said, contents in (("new", one), ("again", one), ("every one changed", two)):
            timed(f"{key}: {said}", lambda key=key, contents=contents: load(key, *contents))
    for text in ("skill 1234", "perform", ""):
        timed(
            f"search “{text}” among {skills.count_skills()}",
            lambda text=text: len(skills.search_skills(text)),
        )
    timed("a form's short list", lambda: len(skills.offered_skills()))

    def decide() -> str:
        for number in range(500):
            audit.record("x", object_type="y", object_id=str(number), actor_id=None, now=NOW)
        return "500 decisions, each with its own commit"

    timed("audit: record and seal", decide)
    timed("audit: check", lambda: audit.check_database().entries)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MICROCRED_DEMO_VAR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "demo_site.settings")
        import django

        django.setup()
        if "MICROCRED_MARIADB_SOCKET" in os.environ:
            from django.db import connection

            with connection._nodb_cursor() as cursor:
                cursor.execute("CREATE DATABASE microcred CHARACTER SET utf8mb4")
        measure()
    sys.exit(0)
