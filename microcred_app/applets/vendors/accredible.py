"""Accredible: groups and credentials, with the key of an account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from .dialect import Access, Order, Request, Template, as_list, as_mapping, text_of

__all__ = ["Accredible"]


class Accredible:
    """``https://api.accredible.com/v1/``. A revocation is an end that is now: the interface knows no other."""

    kind = "accredible"
    title = "Accredible"
    default_url = "https://api.accredible.com/v1"
    asks_organisation = False
    own_token = False

    def authorisation(self, key: str) -> str:
        """See :class:`~.dialect.Dialect`."""
        return f"Bearer {key}"

    def templates(self, access: Access) -> Request:
        """See :class:`~.dialect.Dialect`."""
        return Request("GET", "issuer/all_groups?page=1&page_size=50")

    def read_templates(self, page: Any) -> tuple[list[Template], str]:
        """See :class:`~.dialect.Dialect`."""
        found = as_mapping(page)
        templates = [
            Template(text_of(as_mapping(one).get("id")), text_of(as_mapping(one).get("name")))
            for one in as_list(found.get("groups"))
        ]
        following = text_of(as_mapping(found.get("meta")).get("next_page"))
        return templates, f"issuer/all_groups?page={following}&page_size=50" if following.isdigit() else ""

    def issue(self, access: Access, order: Order) -> Request:
        """See :class:`~.dialect.Dialect`."""
        credential: dict[str, Any] = {
            "recipient": {"name": order.name or "-", "email": order.email},
            "group_id": _number(order.template_key),
            "issued_on": f"{order.awarded_at:%Y-%m-%d}",
            "complete": True,
        }
        if order.expires_at is not None:
            credential["expired_on"] = f"{order.expires_at:%Y-%m-%d}"
        return Request("POST", "credentials", {"credential": credential})

    def read_issued(self, page: Any) -> str:
        """See :class:`~.dialect.Dialect`."""
        return text_of(as_mapping(as_mapping(page).get("credential")).get("id"))

    def find(self, access: Access, order: Order) -> Request:
        """See :class:`~.dialect.Dialect`."""
        wanted = {"group_id": order.template_key, "email": order.email, "page_size": 50}
        return Request("GET", f"all_credentials?{urlencode(wanted)}")

    def read_found(self, page: Any, order: Order) -> Iterable[str]:
        """See :class:`~.dialect.Dialect`."""
        for entry in map(as_mapping, as_list(as_mapping(page).get("credentials"))):
            recipient = text_of(as_mapping(entry.get("recipient")).get("email"))
            same_group = text_of(entry.get("group_id")) == order.template_key
            same_end = text_of(entry.get("expired_on"))[:10] == (
                f"{order.expires_at:%Y-%m-%d}" if order.expires_at is not None else ""
            )
            if recipient.lower() == order.email.lower() and same_group and same_end:
                yield text_of(entry.get("id"))

    def revoke(self, access: Access, order: Order, *, reason: str, now: datetime) -> Request:
        """See :class:`~.dialect.Dialect`."""
        path = f"credentials/{quote(order.external_key, safe='')}"
        return Request("PATCH", path, {"credential": {"expired_on": f"{now:%Y-%m-%d}"}})

    def words(self, page: Any) -> str:
        """See :class:`~.dialect.Dialect`."""
        found = as_mapping(page)
        listed = as_list(found.get("errors"))
        lines = [text_of(found.get("data")), text_of(found.get("error")), *map(text_of, listed)]
        return " ".join(filter(None, lines))


def _number(key: str) -> int | str:
    return int(key) if key.isascii() and key.isdigit() else key
