"""Fail when a model of the app says nothing about personal data (OEP-30).

A model's docstring holds either ``.. no_pii:`` or all of ``.. pii:``, ``.. pii_types:`` and
``.. pii_retirement:`` with known values.
"""

import os
import re
import sys
import tempfile
from pathlib import Path

TYPES = {"id", "name", "username", "email_address", "image", "other"}
RETIREMENT = {"retained", "local_api", "consumer_api", "third_party"}


def problem(doc: str) -> str:
    """What is wrong with the annotation in *doc*; empty when nothing is."""
    if re.search(r"^\s*\.\. no_pii:", doc, re.MULTILINE):
        return ""
    fields = dict(re.findall(r"^\s*\.\. (pii|pii_types|pii_retirement): *(.+)$", doc, re.MULTILINE))
    if set(fields) != {"pii", "pii_types", "pii_retirement"}:
        return "needs `.. no_pii:` or all of `.. pii:`, `.. pii_types:`, `.. pii_retirement:`"
    for name, known in (("pii_types", TYPES), ("pii_retirement", RETIREMENT)):
        unknown = {part.strip() for part in fields[name].split(",")} - known
        if unknown:
            return f"{name} has unknown values {sorted(unknown)}; known are {sorted(known)}"
    return ""


def main() -> int:
    """Check every model; print each problem; return how many there are."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MICROCRED_DEMO_VAR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "demo_site.settings"
        import django
        from django.apps import apps

        django.setup()
        models = apps.get_app_config("microcred_app").get_models()
        problems = {model.__name__: problem(model.__doc__ or "") for model in models}
    for name, text in problems.items():
        if text:
            print(f"{name}: {text}")
    return sum(bool(text) for text in problems.values())


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
