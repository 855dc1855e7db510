"""A fragment's styles and scripts as files: the page's policy admits no script or style written into it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from web_fragments.fragment import Fragment

__all__ = ["PageResources", "collect_resources", "open_text"]

_KINDS = {"text/css": "css", "application/javascript": "js", "text/javascript": "js"}


@dataclass
class PageResources:
    """What a page must load for a fragment, in order, each once."""

    styles: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    head: SafeString = field(default_factory=SafeString)
    foot: SafeString = field(default_factory=SafeString)


def collect_resources(fragment: Fragment) -> PageResources:
    """Addresses of the fragment's resources; inline ones are stored under the digest of their text."""
    found = PageResources()
    for resource in fragment.resources:
        kind = _KINDS.get(resource.mimetype)
        if kind is None:  # HTML, for instance templates in script elements
            if resource.placement == "head":
                found.head = mark_safe(found.head + resource.data)
            else:
                found.foot = mark_safe(found.foot + resource.data)
            continue
        url = resource.data if resource.kind == "url" else _store_text(resource.data, kind)
        urls = found.styles if kind == "css" else found.scripts
        if url not in urls:
            urls.append(url)
    return found


def open_text(digest: str, kind: str) -> bytes | None:
    """The text stored under a digest."""
    name = f"fragments/{digest}.{kind}"
    if not _storage().exists(name):
        return None
    with _storage().open(name) as file:
        data: bytes = file.read()
    return data


def _store_text(text: str, kind: str) -> str:
    data = text.encode()
    digest = hashlib.sha256(data).hexdigest()
    name = f"fragments/{digest}.{kind}"
    if not _storage().exists(name):
        _storage().save(name, ContentFile(data))
    return reverse("lms:fragment-text", args=[digest, kind])


def _storage() -> Storage:
    return storages["page_resources"]
