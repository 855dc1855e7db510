"""Badgr, Canvas Credentials, Parchment: badge classes and assertions of an issuer, with a service account.

The key is the account's e-mail address and password, written ``address:password``; it is exchanged for a token
(OAuth 2 password grant), which is kept in the memory of a worker only.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from .dialect import Access, Order, Request, Template, as_list, as_mapping, text_of

__all__ = ["Badgr"]


class Badgr:
    """``https://api.badgr.io``; regions and own servers are other addresses."""

    kind = "badgr"
    title = "Badgr, Canvas Credentials"
    default_url = "https://api.badgr.io"
    asks_organisation = True
    own_token = True

    def authorisation(self, key: str) -> str:
        """See :class:`~.dialect.Dialect`."""
        return f"Bearer {key}"

    def templates(self, access: Access) -> Request:
        """See :class:`~.dialect.Dialect`."""
        return Request("GET", f"v2/issuers/{quote(access.organisation_key, safe='')}/badgeclasses")

    def read_templates(self, page: Any) -> tuple[list[Template], str]:
        """See :class:`~.dialect.Dialect`."""
        templates = [
            Template(text_of(as_mapping(one).get("entityId")), text_of(as_mapping(one).get("name")))
            for one in as_list(as_mapping(page).get("result"))
        ]
        return templates, ""

    def issue(self, access: Access, order: Order) -> Request:
        """See :class:`~.dialect.Dialect`."""
        body: dict[str, Any] = {
            "recipient": {"identity": order.email, "type": "email", "hashed": True},
            "issuedOn": _moment(order.awarded_at),
            "notify": False,
        }
        if order.name:
            body["extensions"] = {
                "extensions:recipientProfile": {
                    "@context": "https://openbadgespec.org/extensions/recipientProfile/context.json",
                    "type": ["Extension", "extensions:RecipientProfile"],
                    "name": order.name,
                }
            }
        if order.expires_at is not None:
            body["expires"] = _moment(order.expires_at)
        return Request("POST", f"{_badge_class(order)}/assertions", body)

    def read_issued(self, page: Any) -> str:
        """See :class:`~.dialect.Dialect`."""
        result = as_mapping(page).get("result")
        first = result[0] if isinstance(result, list) and result else result
        return text_of(as_mapping(first).get("entityId"))

    def find(self, access: Access, order: Order) -> Request:
        """See :class:`~.dialect.Dialect`."""
        return Request("GET", f"{_badge_class(order)}/assertions?{urlencode({'recipient': order.email})}")

    def read_found(self, page: Any, order: Order) -> Iterable[str]:
        """See :class:`~.dialect.Dialect`."""
        for entry in map(as_mapping, as_list(as_mapping(page).get("result"))):
            recipient = as_mapping(entry.get("recipient"))
            person = text_of(recipient.get("plaintextIdentity") or recipient.get("identity"))
            same_class = text_of(entry.get("badgeclass")) == order.template_key
            if same_class and person.lower() == order.email.lower() and not entry.get("revoked"):
                yield text_of(entry.get("entityId"))

    def revoke(self, access: Access, order: Order, *, reason: str, now: datetime) -> Request:
        """See :class:`~.dialect.Dialect`."""
        path = f"v2/assertions/{quote(order.external_key, safe='')}"
        return Request("DELETE", path, {"revocation_reason": reason})

    def words(self, page: Any) -> str:
        """See :class:`~.dialect.Dialect`."""
        found = as_mapping(page)
        status = as_mapping(found.get("status"))
        errors = as_mapping(found.get("fieldErrors"))
        lines = [text_of(found.get("error_description")), text_of(status.get("description"))]
        lines += [text_of(one) for several in errors.values() for one in as_list(several)]
        lines += [text_of(one) for one in as_list(found.get("validationErrors"))]
        return " ".join(filter(None, lines))


def _badge_class(order: Order) -> str:
    return f"v2/badgeclasses/{quote(order.template_key, safe='')}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
