"""Credly: templates and badges of an organisation, with the organisation's token."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from .dialect import Access, Order, Request, Template, as_list, as_mapping, text_of

__all__ = ["Credly"]


class Credly:
    """``https://api.credly.com/v1/``; the sandbox is another address."""

    kind = "credly"
    title = "Credly"
    default_url = "https://api.credly.com/v1"
    asks_organisation = True
    own_token = False

    def authorisation(self, key: str) -> str:
        """See :class:`~.dialect.Dialect`."""
        return "Basic " + base64.b64encode(key.encode()).decode()

    def templates(self, access: Access) -> Request:
        """See :class:`~.dialect.Dialect`."""
        return Request("GET", f"{_base(access)}/badge_templates/?filter=state::active")

    def read_templates(self, page: Any) -> tuple[list[Template], str]:
        """See :class:`~.dialect.Dialect`."""
        found = as_mapping(page)
        templates = [
            Template(text_of(as_mapping(one).get("id")), text_of(as_mapping(one).get("name")))
            for one in as_list(found.get("data"))
            if as_mapping(one).get("state", "active") == "active"
        ]
        return templates, text_of(as_mapping(found.get("metadata")).get("next_page_url"))

    def issue(self, access: Access, order: Order) -> Request:
        """See :class:`~.dialect.Dialect`."""
        first, last = order.first_and_last_name
        body: dict[str, Any] = {
            "recipient_email": order.email,
            "issued_to_first_name": first,
            "issued_to_last_name": last,
            "badge_template_id": order.template_key,
            "issued_at": _moment(order.awarded_at),
        }
        if order.expires_at is not None:
            body["expires_at"] = _moment(order.expires_at)
        return Request("POST", f"{_base(access)}/badges/", body)

    def read_issued(self, page: Any) -> str:
        """See :class:`~.dialect.Dialect`."""
        return text_of(as_mapping(as_mapping(page).get("data")).get("id"))

    def find(self, access: Access, order: Order) -> Request:
        """See :class:`~.dialect.Dialect`."""
        wanted = f"recipient_email::{order.email}|badge_template_id::{order.template_key}"
        return Request("GET", f"{_base(access)}/badges/?filter={quote(wanted, safe=':|')}")

    def read_found(self, page: Any, order: Order) -> Iterable[str]:
        """See :class:`~.dialect.Dialect`."""
        for entry in map(as_mapping, as_list(as_mapping(page).get("data"))):
            same_person = text_of(entry.get("recipient_email")).lower() == order.email.lower()
            template = text_of(as_mapping(entry.get("badge_template")).get("id"))
            if same_person and template == order.template_key and entry.get("state") != "revoked":
                yield text_of(entry.get("id"))

    def revoke(self, access: Access, order: Order, *, reason: str, now: datetime) -> Request:
        """See :class:`~.dialect.Dialect`."""
        path = f"{_base(access)}/badges/{quote(order.external_key, safe='')}/revoke/"
        return Request("PUT", path, {"reason": reason})

    def words(self, page: Any) -> str:
        """See :class:`~.dialect.Dialect`."""
        data = as_mapping(as_mapping(page).get("data"))
        lines = [text_of(data.get("message"))]
        lines += [text_of(as_mapping(one).get("message")) for one in as_list(data.get("errors"))]
        return " ".join(filter(None, lines))


def _base(access: Access) -> str:
    return f"organizations/{quote(access.organisation_key, safe='')}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S %z}"
