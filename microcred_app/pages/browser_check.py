"""The same checks in the visitor's own browser, so that nobody has to believe this server's answer.

The program (``browser_verifier/``, built into ``static/microcred_app/verify/verifier.js``) is loaded when its button is
pressed. It reads the credential's bytes, the issuer's document and the issuer's status list itself and uses nothing
else that the page says. The saved page is one file with program and credential in it: it opens without this site, and
without a network says which checks it could not make.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from microcred_app.applets.awards import api as awards

from .check_sentences import all_sentences
from .seeing import may_see
from .shell import page

__all__ = ["browser_check_urls", "browser_words"]

_STATIC = Path(__file__).resolve().parent.parent / "static/microcred_app"


def browser_words() -> dict[str, Any]:
    """What the program says, in the reader's language."""
    return {
        "working": _("Checking …"),
        "valid": _("Your browser made every check, and each one passed."),
        "invalid": _("Not valid: your browser found a check that failed."),
        "revoked": _("Revoked: the issuer has taken it back."),
        "undetermined": _("Your browser could not make every check."),
        "badge": _("Badge"),
        "issuer": _("Issuer"),
        "identifier": _("Identifier of the issuer"),
        "since": _("Valid from"),
        "outcomes": {
            "passed": _("passed"),
            "failed": _("failed"),
            "could_not_check": _("could not check"),
        },
        "sentences": all_sentences(),
    }


@require_safe
@never_cache
@page
def saved_check(request: HttpRequest, credential_id: str) -> HttpResponse:
    """One file that checks the credential inside it wherever it is opened; runs no other script, loads no picture."""
    found = may_see(request, credential_id)
    program, program_digest = _program()
    context = {
        "credential": found,
        "badge": awards.get_award(found.award_id).badge,
        "words": browser_words(),
        "bytes": base64.b64encode(found.document).decode(),
        "program": program,
        "program_digest": program_digest,
        "styles": (_STATIC / "pages.css").read_text(encoding="utf-8"),
    }
    response = render(request, "microcred_app/verify/saved.html", context)
    # It is to be opened from a disk. At this address it must not run: the names in it are other people's words.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = f'attachment; filename="check-{found.id[:8]}.html"'
    return response


@cache
def _program() -> tuple[str, str]:
    """The program's text, and its digest as a Content-Security-Policy names it."""
    text = (_STATIC / "verify/verifier.js").read_text(encoding="utf-8")
    # The element's text is what the browser hashes: the template puts nothing between it and the tags.
    return text, base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


browser_check_urls = [
    path("credentials/<str:credential_id>/check.html", saved_check, name="credential-saved-check"),
]
