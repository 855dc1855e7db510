"""Write docs/reference/settings.rst from microcred_app/conf.py, or, with ``--check``, fail when it is stale.

The comments (``#:``) above each field of ``Settings`` are what the page says; a field without one is refused.
"""

import ast
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
SOURCE = HERE / "microcred_app" / "conf.py"
PAGE = HERE / "docs" / "reference" / "settings.rst"
HEAD = """Settings
========

Written by ``make settings-reference`` from ``microcred_app/conf.py``; ``make check`` fails when it is stale. All of it
stands in one dictionary, ``MICROCRED``, in the site's settings. A key that is not known is refused at start, so that a
typing error is not silently ignored. In Tutor these are set by the plugin's values (:doc:`../how-to/tutor`).

"""


def fields(source: str) -> list[tuple[str, str, str, str]]:
    """Name, type, default and meaning of every setting, in order; raises ValueError where a meaning is missing."""
    lines = source.splitlines()
    body = next(
        node.body
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and node.name == "Settings"
    )
    found: list[tuple[str, str, str, str]] = []
    meaning = ""
    for node in body:
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name) or node.value is None:
            continue
        said, row = [], node.lineno - 2
        while lines[row].strip().startswith("#:"):
            said.insert(0, lines[row].strip().removeprefix("#:").strip())
            row -= 1
        # A comment that speaks of several stands above the first of them.
        meaning = " ".join(said) or meaning
        if not meaning:
            raise ValueError(f"{node.target.id} has no comment that says what it means.")
        default = node.value
        if isinstance(default, ast.Call):  # field(default=…)
            default = next(word.value for word in default.keywords if word.arg == "default")
        found.append((node.target.id.upper(), ast.unparse(node.annotation), ast.unparse(default), meaning))
    return found


def page(source: str) -> str:
    """The whole page: a definition for each setting, which reads well at any width."""
    parts = [HEAD]
    for name, kind, default, meaning in fields(source):
        shown = "none" if default in ("''", "()") else f"``{default}``"
        parts.append(f"``{name}``\n    {meaning}\n\n    :type: ``{kind}``\n    :default: {shown}\n\n")
    return "".join(parts).rstrip("\n") + "\n"


def main() -> int:
    """Write or compare; says what to do when the page is stale."""
    wanted = page(SOURCE.read_text(encoding="utf-8"))
    if "--check" not in sys.argv:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == wanted:
        return 0
    print("docs/reference/settings.rst is stale: run make settings-reference")
    return 1


if __name__ == "__main__":
    sys.exit(main())
