"""Credly, Accredible and Badgr as one server: recorded shapes of requests and answers, and memory of what was issued.

It is strict where the vendors are: a wrong header, a missing field or an unknown template is answered as they answer.
"""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

__all__ = ["Vendor", "running_vendor"]

KEY = "key-of-the-school"
SERVICE = "robot@school.example:correct horse"
Answer = tuple[int, dict[str, str], Any]


@dataclass
class Vendor:
    """What was issued there, by template; *answers* come before the normal ones, the flag says whether it is done."""

    url: str = ""
    templates: dict[str, str] = field(default_factory=lambda: {"501": "Workshop Safety", "502": "Brakes"})
    badges: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: list[tuple[Answer, bool]] = field(default_factory=list)
    key: str = KEY
    asked: list[tuple[str, str]] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    next_page: str = ""

    @property
    def standing(self) -> list[dict[str, Any]]:
        """What was issued and not taken back."""
        return [badge for badge in self.badges.values() if not badge["revoked"]]

    def address(self, kind: str) -> str:
        """Where an account of this kind of vendor is."""
        return self.url + {"credly": "/credly/v1", "accredible": "/accredible/v1", "badgr": "/badgr"}[kind]

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> Answer:
        """What a request is answered with."""
        parts = urlsplit(path)
        self.asked.append((method, parts.path))
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        vendor, _, rest = parts.path.lstrip("/").partition("/")
        if vendor == "badgr" and rest == "o/token":
            return self._token(parse_qs(body.decode()))
        value = json.loads(body) if body else None
        if value is not None:
            self.bodies.append(value)
        return {"credly": self._credly, "accredible": self._accredible, "badgr": self._badgr}[vendor](
            method, rest, query, headers.get("Authorization", ""), value
        )

    def _issue(self, template: str, email: str, made: Any, **more: Any) -> Answer | str:
        """Issue, or the answer that was ordered; then whether it is done all the same stands beside it."""
        ordered = self.answers.pop(0) if self.answers else None
        key = ""
        if ordered is None or ordered[1]:
            key = f"b{len(self.badges) + 1}"
            self.badges[key] = {"template": template, "email": email, "revoked": False, "body": made, **more}
        return ordered[0] if ordered is not None else key

    def _ordered(self) -> Answer | None:
        return self.answers.pop(0)[0] if self.answers else None

    def _credly(self, method: str, rest: str, query: dict[str, str], given: str, body: Any) -> Answer:
        if given != "Basic " + base64.b64encode(self.key.encode()).decode():
            return 401, {}, {"data": {"message": "Unauthorized"}}
        if rest == "v1/organizations/org-1/badge_templates/":
            assert query["filter"] == "state::active"
            page = int(query.get("page", "1"))
            entries = [{"id": key, "name": name, "state": "active"} for key, name in self.templates.items()]
            following = self.next_page or (
                f"{self.url}/credly/{rest}?filter=state::active&page={page + 1}"
                if page < len(entries)
                else None
            )
            return 200, {}, {"data": entries[page - 1 : page], "metadata": {"next_page_url": following}}
        if rest == "v1/organizations/org-1/badges/" and method == "GET":
            return 200, {}, {"data": [self._credly_badge(key) for key in self.badges], "metadata": {}}
        if rest == "v1/organizations/org-1/badges/":
            needed = ("recipient_email", "issued_to_first_name", "issued_to_last_name", "issued_at")
            missing = [name for name in needed if not body.get(name)]
            if missing:
                return 422, {}, {"data": {"message": "Invalid.", "errors": [{"message": str(missing)}]}}
            if body["badge_template_id"] not in self.templates:
                return 404, {}, {"data": {"message": "Badge template not found"}}
            made = self._issue(body["badge_template_id"], body["recipient_email"], body)
            return made if isinstance(made, tuple) else (201, {}, {"data": self._credly_badge(made)})
        found = re.fullmatch(r"v1/organizations/org-1/badges/(\w+)/revoke/", rest)
        if found and method == "PUT" and body["reason"]:
            ordered = self._ordered()
            if ordered:
                return ordered
            if found.group(1) not in self.badges:
                return 404, {}, {"data": {"message": "Not found"}}
            self.badges[found.group(1)]["revoked"] = True
            return 200, {}, {"data": self._credly_badge(found.group(1))}
        return 404, {}, {"data": {"message": "Not found"}}

    def _credly_badge(self, key: str) -> dict[str, Any]:
        badge = self.badges[key]
        return {
            "id": key,
            "recipient_email": badge["email"],
            "badge_template": {"id": badge["template"]},
            "state": "revoked" if badge["revoked"] else "pending",
        }

    def _accredible(self, method: str, rest: str, query: dict[str, str], given: str, body: Any) -> Answer:
        if given != f"Bearer {self.key}":
            return 401, {}, {"errors": "Unauthorized"}
        if rest == "v1/issuer/all_groups":
            page = int(query["page"])
            groups = [{"id": int(key), "name": name} for key, name in self.templates.items()]
            following = page + 1 if page < len(groups) else None
            return 200, {}, {"groups": groups[page - 1 : page], "meta": {"next_page": following}}
        if rest == "v1/all_credentials":
            found = [
                self._accredible_one(key)
                for key, one in self.badges.items()
                if one["email"] == query["email"]
            ]
            return 200, {}, {"credentials": found, "meta": {}}
        if rest == "v1/credentials" and method == "POST":
            asked = body["credential"]
            if str(asked["group_id"]) not in self.templates:
                return 404, {}, {"errors": ["Group not found"]}
            made = self._issue(str(asked["group_id"]), asked["recipient"]["email"], body)
            return made if isinstance(made, tuple) else (201, {}, {"credential": self._accredible_one(made)})
        found = re.fullmatch(r"v1/credentials/(\w+)", rest)
        if found and method == "PATCH":
            self.badges[found.group(1)]["revoked"] = body["credential"]["expired_on"]
            return 200, {}, {"credential": self._accredible_one(found.group(1))}
        return 404, {}, {}

    def _accredible_one(self, key: str) -> dict[str, Any]:
        badge = self.badges[key]
        ended = badge["revoked"] or badge["body"]["credential"].get("expired_on")
        return {
            "id": key,
            "recipient": {"email": badge["email"]},
            "group_id": int(badge["template"]),
            "expired_on": ended or None,
        }

    def _token(self, form: dict[str, list[str]]) -> Answer:
        if f"{form['username'][0]}:{form['password'][0]}" != self.key or form["scope"] != ["rw:issuer"]:
            return 401, {}, {"error": "invalid_grant"}
        token = f"token-{len(self.tokens)}"
        self.tokens = {token}
        return 200, {}, {"access_token": token, "token_type": "Bearer", "expires_in": 86400}

    def _badgr(self, method: str, rest: str, query: dict[str, str], given: str, body: Any) -> Answer:
        status = {"success": True, "description": "ok"}
        if given.removeprefix("Bearer ") not in self.tokens:
            return 401, {}, {"detail": "Authentication credentials were not provided."}
        if rest == "v2/issuers/org-1/badgeclasses":
            entries = [{"entityId": key, "name": name} for key, name in self.templates.items()]
            return 200, {}, {"status": status, "result": entries}
        found = re.fullmatch(r"v2/badgeclasses/(\w+)/assertions", rest)
        if found and found.group(1) not in self.templates:
            return 404, {}, {"status": {"success": False, "description": "entity not found"}}
        if found and method == "GET":
            result = [
                {
                    "entityId": key,
                    "badgeclass": one["template"],
                    "recipient": {"identity": "sha256$…", "plaintextIdentity": one["email"], "hashed": True},
                    "revoked": one["revoked"],
                }
                for key, one in self.badges.items()
                if one["email"] == query["recipient"]
            ]
            return 200, {}, {"status": status, "result": result}
        if found and method == "POST":
            made = self._issue(found.group(1), body["recipient"]["identity"], body)
            if isinstance(made, tuple):
                return made
            return 201, {}, {"status": status, "result": [{"entityId": made}]}
        found = re.fullmatch(r"v2/assertions/(\w+)", rest)
        if found and method == "DELETE" and body["revocation_reason"]:
            self.badges[found.group(1)]["revoked"] = True
            return 200, {}, {"status": status}
        return 404, {}, {"status": {"success": False, "description": "not found"}}


@contextmanager
def running_vendor() -> Iterator[Vendor]:
    """A vendor on this computer, until the block ends."""
    vendor = Vendor()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers, value = vendor.answer(self.command, self.path, self.headers, body)
            if status == 0:  # the answer is lost on its way
                self.close_connection = True
                return
            text = value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response(status)
            for name, content in {**headers, "Content-Length": str(len(text))}.items():
                self.send_header(name, content)
            self.end_headers()
            self.wfile.write(text)

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def do_PUT(self) -> None:
            self._answer()

        def do_PATCH(self) -> None:
            self._answer()

        def do_DELETE(self) -> None:
            self._answer()

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    vendor.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield vendor
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
