"""What was handed in, as a credential says it: title, who judged it, fingerprint, and an address if it is published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from django.utils.translation import gettext as _

from microcred_app.conf import settings
from microcred_app.ob3.documents import Evidence

from ..evidence import api as evidence

__all__ = ["addresses_of", "handed_in", "published_among"]


class Proof(Protocol):
    """What a document needs of an attainment: where it was shown, what was handed in and found in it."""

    @property
    def id(self) -> str: ...
    @property
    def source_title(self) -> str: ...
    @property
    def evidence(self) -> Sequence[Mapping[str, Any]]: ...
    @property
    def results(self) -> Sequence[Mapping[str, Any]]: ...


def published_among(facts: Iterable[Proof]) -> Mapping[str, str]:
    """Publications of what was handed in for these attainments, by submission, as their learners wish now."""
    return evidence.publications_of(
        item["submission_id"] for fact in facts for item in fact.evidence if item.get("submission_id")
    )


def addresses_of(facts: Iterable[Proof]) -> Mapping[str, str]:
    """Where what was handed in for these attainments is published at this moment, by its SHA-256 in hex."""
    proofs = tuple(facts)
    published = published_among(proofs)
    found = {item["sha256"]: _address(item, published) for fact in proofs for item in fact.evidence}
    return {digest: address for digest, address in found.items() if address}


def handed_in(facts: Iterable[Proof], published: Mapping[str, str]) -> list[Evidence]:
    """What was handed in for these attainments, in the language of the moment: title, judgement, fingerprint."""
    entries = []
    told: set[str] = set()
    for fact in facts:
        for item in fact.evidence:
            judged = _judged_by(item)
            address = _address(item, published)
            entries.append(
                Evidence(
                    # Two entries of one address would be one thing with two names to a reader of linked data.
                    id="" if address in told else address,
                    name=item["task_title"] or fact.source_title,
                    narrative=f"{_('Handed in during the unit “{unit}”.').format(unit=fact.source_title)} {judged}",
                    genre=item["kind"],
                    sha256=bytes.fromhex(item["sha256"]),
                )
            )
            told.add(address)
    return entries


def _address(item: Mapping[str, Any], published: Mapping[str, str]) -> str:
    publication = published.get(item.get("submission_id", ""))
    if publication is None:
        return ""
    return settings().public_base_url + evidence.published_path(publication, item["kind"], item["sha256"])


def _judged_by(item: Mapping[str, Any]) -> str:
    """Who judged, as a role; records from before roles were kept were all of course staff."""
    if not item["reviewed"]:
        return _("Accepted when it was handed in.")
    match item.get("reviewer_role"):
        case "reviewer":
            return _("Judged by a reviewer of the course.")
        case "organisation":
            return _("Judged by a reviewer of the organisation.")
        case _:
            return _("Judged by course staff.")
