"""Write docs/reference/personal-data.rst from what the rooms declare, or, with ``--check``, fail when it is stale.

Fails as well when a table or a column with personal data is declared nowhere.
"""

import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
PAGE = HERE / "docs" / "reference" / "personal-data.rst"
HEAD = """What is kept about people
=========================

Written by ``make personal-data-reference`` from the rooms' ``personal.py``; ``make check`` fails when it is stale.
:doc:`../how-to/accounts` says how to forget somebody, how to give them their copy, and how to merge two accounts.

"""
WORDS = {"delete": "deleted", "blank": "words are taken out", "keep": "kept without a name"}


def entry(one) -> str:
    """A definition for one table and kind of person, which reads well at any width."""
    led = f"{one.model.__name__} ({one.person.replace('__', ', ')})" if one.person else one.model.__name__
    lines = [
        f"``{led}``",
        f"    {one.why}",
        "",
        f"    :when the account is retired: {WORDS[one.at_retirement.value]}",
    ]
    if one.blank:
        lines.append(f"    :taken out: {', '.join(one.blank)}")
    if one.at_merge.value == "move":
        lines.append("    :when accounts are merged: moves")
    lines.append(f"    :in the person's copy: {'yes' if one.exported and one.person else 'no'}")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write or compare; says what to do when the page is stale."""
    sys.path.insert(0, str(HERE))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MICROCRED_DEMO_VAR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "demo_site.settings"
        import django

        django.setup()
        from microcred_app.people.register import declarations, undeclared

        problems = undeclared()
        wanted = HEAD + "\n".join(map(entry, declarations()))
    for problem in problems:
        print(problem)
    if "--check" not in sys.argv:
        PAGE.write_text(wanted, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != wanted:
        print("docs/reference/personal-data.rst is stale: run make personal-data-reference")
        return 1
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
