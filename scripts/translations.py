"""Extract every translatable text into ``translations/en/LC_MESSAGES`` and bring the other languages up to date.

With ``--check``, only say what is not up to date, not translated, or broken; with ``--compile``, make the catalogues
that programs read.

``text.po`` holds the blocks' texts (the domain in which the platform looks for an XBlock's own catalogue),
``django.po`` those of the Django app. Both packages link to the one folder.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "translations"
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


def follow(language: str, domain: str, source: Path) -> str:
    """The catalogue of *language* with the texts that *source* has now: known translations kept, new texts empty."""
    target = TRANSLATIONS / language / "LC_MESSAGES" / f"{domain}.po"
    merge = ["msgmerge", "--quiet", "--no-fuzzy-matching", "--no-wrap", str(target), str(source)]
    merged = subprocess.run(merge, check=True, capture_output=True).stdout
    clean = ["msgattrib", "--no-obsolete", "--no-wrap", "-"]
    text = subprocess.run(clean, input=merged, check=True, capture_output=True).stdout.decode()
    return re.sub(r'^"(POT-Creation|PO-Revision)-Date: .*\\n"\n', "", text, flags=re.MULTILINE)


def faults(path: Path) -> list[str]:
    """What is wrong with a translated catalogue: texts without translation, lost or invented placeholders and tags."""
    with path.open("rb") as file:
        catalogue = read_po(file)
    found = []
    for message in catalogue:
        if not message.id:
            continue
        sources = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
        forms = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
        if (
            message.fuzzy
            or not all(forms)
            or len(forms) != (catalogue.num_plurals if message.pluralizable else 1)
        ):
            found.append(f"not translated: {sources[0][:80]!r}")
            continue
        allowed = [_fixed_parts(source) for source in sources]
        for form in forms:
            # A plural form may leave out the number ("one file"), as the singular source may.
            if _fixed_parts(form) not in allowed and not (
                message.pluralizable and _fixed_parts(form) <= max(allowed, key=len)
            ):
                found.append(f"placeholders or tags differ: {sources[0][:80]!r} and {form[:80]!r}")
    return found


def _fixed_parts(text: str) -> set[str]:
    """What a translation must keep as it is."""
    return set(re.findall(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+[^>]*>|https?://[^\s,;،؛]*", text))


def languages() -> list[str]:
    """The languages with a folder, English left out."""
    return sorted(path.name for path in TRANSLATIONS.iterdir() if path.is_dir() and path.name != "en")


def compile_all() -> None:
    """Write the catalogues that programs read beside those that people read, for building and for the demo."""
    for path in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po")):
        target = path.with_suffix(".mo")
        if path.parent.parent.name == "en" or (
            target.exists() and target.stat().st_mtime > path.stat().st_mtime
        ):
            continue
        with path.open("rb") as source, target.open("wb") as compiled:
            write_mo(compiled, read_po(source))


def keep(target: Path, text: str, *, check: bool) -> int:
    """Write *text*, or say that it is not what is stored; 1 when it is not."""
    if target.exists() and target.read_text(encoding="utf-8") == text:
        return 0
    if check:
        print(f"{target.relative_to(ROOT)} is not up to date. Run: make translations")
        return 1
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return 0


def tell(path: Path, problems: list[str], *, most: int) -> None:
    """The first *most* problems of a catalogue, and how many more there are."""
    for problem in problems[:most]:
        print(f"{path.relative_to(ROOT)}: {problem}")
    if len(problems) > most:
        print(
            f"{path.relative_to(ROOT)}: {len(problems) - most} {'more ' if most else ''}to be translated or mended"
        )


def main(check: bool) -> int:
    """Extract, and bring every language's catalogues up to date; return how much is wrong when only checking."""
    sys.path.insert(0, str(ROOT))
    from django.conf import settings

    settings.configure(USE_I18N=True)
    import django

    django.setup()
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for package, domain in DOMAINS.items():
            text = extract(package, Path(folder))
            wrong += keep(TRANSLATIONS / "en" / "LC_MESSAGES" / f"{domain}.po", text, check=check)
            source = Path(folder) / f"{domain}.pot"
            source.write_text(text, encoding="utf-8")
            for language in languages():
                target = TRANSLATIONS / language / "LC_MESSAGES" / f"{domain}.po"
                wrong += keep(target, follow(language, domain, source), check=check)
                problems = faults(target)
                wrong += len(problems)
                tell(target, problems, most=20 if check else 0)
    return wrong if check else 0


if __name__ == "__main__":
    if "--compile" in sys.argv[1:]:
        compile_all()
    else:
        sys.exit(1 if main("--check" in sys.argv[1:]) else 0)
