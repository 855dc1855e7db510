"""Extract every translatable text into ``translations/en/LC_MESSAGES``; with ``--check``, only say what changed.

``text.po`` holds the blocks' texts (the domain in which the platform looks for an XBlock's own catalogue),
``django.po`` those of the Django app. Both packages link to the one folder.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "translations" / "en" / "LC_MESSAGES"
DOMAINS = {"microcred_xblock": "text", "microcred_app": "django"}


def extract(package: str, folder: Path) -> str:
    """The catalogue of one package, made in a copy so that nothing but the catalogue is written."""
    copy = folder / package
    ignored = shutil.ignore_patterns("__pycache__", "migrations", "locale", "translations", "contexts")
    shutil.copytree(ROOT / package, copy, ignore=ignored)
    (copy / "locale").mkdir()
    from django.core.management import call_command

    before = Path.cwd()
    os.chdir(copy)
    try:
        call_command("makemessages", locale=["en"], verbosity=0, no_wrap=True, add_location="file")
    finally:
        os.chdir(before)
    text = (copy / "locale" / "en" / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    return stable(text, package)


def stable(text: str, package: str) -> str:
    """The catalogue without what changes from run to run, and with paths below the project."""
    text = re.sub(r'^"(POT-Creation|PO-Revision)-Date: .*\\n"\n', "", text, flags=re.MULTILINE)
    header = '# English source texts of Microcred.\nmsgid ""\n'
    text = header + text.split('msgid ""\n', 1)[1]
    return re.sub(r"^#: (?:\./)?(.+)$", lambda m: f"#: {_prefixed(m[1], package)}", text, flags=re.MULTILINE)


def _prefixed(places: str, package: str) -> str:
    return " ".join(f"{package}/{place.removeprefix('./')}" for place in places.split())


def main(check: bool) -> int:
    """Extract both catalogues; return how many of them differ from what is stored when only checking."""
    sys.path.insert(0, str(ROOT))
    from django.conf import settings

    settings.configure(USE_I18N=True)
    import django

    django.setup()
    differing = 0
    with tempfile.TemporaryDirectory() as folder:
        for package, domain in DOMAINS.items():
            text = extract(package, Path(folder))
            target = CATALOGUES / f"{domain}.po"
            if check:
                if not target.exists() or target.read_text(encoding="utf-8") != text:
                    print(f"{target.relative_to(ROOT)} is not up to date. Run: make translations")
                    differing += 1
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
    return differing


if __name__ == "__main__":
    sys.exit(1 if main("--check" in sys.argv[1:]) else 0)
