"""A backpack that speaks Badge Connect 2.1: a server of its own that holds every message to the official description.

Requests are validated against ``tests/schemas/openapi/imsob_v2p1.json``, OAuth as the specification's security part
demands it: registration (RFC 7591), code with PKCE, refresh, revocation.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from jsonschema import Draft7Validator

__all__ = ["Backpack", "running_backpack"]

SPEC = json.loads(
    (Path(__file__).parents[1] / "schemas" / "openapi" / "imsob_v2p1.json").read_text(encoding="utf-8")
)
SCOPE = "https://purl.imsglobal.org/spec/ob/v2p1/scope/"
Answer = tuple[int, dict[str, str], Any]


def conforms(name: str, value: Any) -> list[str]:
    """What is wrong with *value* by the official schema *name*."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": SPEC["components"]}
    return [error.message for error in Draft7Validator(schema).iter_errors(value)]


@dataclass
class Backpack:
    """What is in it, and how it behaves."""

    url: str = ""
    held: list[dict[str, Any]] = field(default_factory=list)
    posts: int = 0
    #: Answers to POST /assertions that come before the normal ones; the flag says whether the badge is kept.
    answers: list[tuple[Answer, bool]] = field(default_factory=list)
    manifest: Callable[[dict[str, Any]], dict[str, Any]] = lambda found: found
    scopes: tuple[str, ...] = ("assertion.create", "assertion.readonly", "profile.readonly")
    clients: dict[str, dict[str, Any]] = field(default_factory=dict)
    grants: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    refresh: set[str] = field(default_factory=set)
    revoked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def api(self) -> str:
        """Where its interface is."""
        return f"{self.url}/bcv1/ims/ob/v2p1"

    def described(self) -> dict[str, Any]:
        """Its manifest."""
        entry = {
            "type": "BadgeConnectAPI",
            "name": "Old backpack",
            "apiBase": self.api,
            "version": "v2p1",
            "scopesOffered": [SCOPE + name for name in self.scopes],
            "registrationUrl": f"{self.url}/register",
            "authorizationUrl": f"{self.url}/authorize",
            "tokenUrl": f"{self.url}/token",
            "tokenRevocationUrl": f"{self.url}/revoke",
            "termsOfServiceUrl": f"{self.url}/terms",
            "privacyPolicyUrl": f"{self.url}/privacy",
        }
        return {
            "@context": "https://purl.imsglobal.org/spec/ob/v2p1/ob_v2p1.jsonld",
            "id": f"{self.url}/.well-known/badgeconnect.json",
            "badgeConnectAPI": [self.manifest(entry)],
        }

    def consent(self, page: str) -> str:
        """The owner says yes on the consent page; where their browser is sent."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(page).query).items()}
        assert urlsplit(page).path == "/authorize"
        assert query["code_challenge_method"] == "S256"
        assert query["redirect_uri"] in self.clients[query["client_id"]]["redirect_uris"]
        code = secrets.token_urlsafe(12)
        self.grants[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def expire_tokens(self) -> None:
        """Access tokens are good no more; refresh tokens are."""
        self.tokens.clear()

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> Answer:
        """What a request is answered with."""
        route = urlsplit(path).path
        if route == "/.well-known/badgeconnect.json":
            return 200, {"Cache-Control": "max-age=60"}, self.described()
        if route == "/register":
            return self._register(json.loads(body))
        if route == "/token":
            return self._token(headers, parse_qs(body.decode()))
        if route == "/revoke":
            self.revoked.append(parse_qs(body.decode())["token"][0])
            return 200, {}, {}
        if route.startswith("/bcv1/"):
            return self._interface(method, path, headers, body)
        return 404, {}, {}

    def _register(self, asked: dict[str, Any]) -> Answer:
        needed = ("client_name", "client_uri", "logo_uri", "tos_uri", "policy_uri", "software_id")
        missing = [name for name in needed if not asked.get(name)]
        if missing or "scope" not in asked:
            return 400, {}, {"error": "invalid_client_metadata"}
        client_id, secret = secrets.token_hex(8), secrets.token_urlsafe(24)
        self.clients[client_id] = {**asked, "secret": secret}
        answer = {**asked, "client_id": client_id, "client_secret": secret, "client_secret_expires_at": 0}
        return 201, {}, answer

    def _token(self, headers: Any, form: dict[str, list[str]]) -> Answer:
        given = base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode()
        client_id, _, secret = given.partition(":")
        if self.clients.get(client_id, {}).get("secret") != secret:
            return 401, {}, {"error": "invalid_client"}
        asked = {name: values[0] for name, values in form.items()}
        if asked["grant_type"] == "authorization_code":
            grant = self.grants.pop(asked["code"], None)
            digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
            if (
                grant is None
                or base64.urlsafe_b64encode(digest).decode().rstrip("=") != grant["code_challenge"]
            ):
                return 400, {}, {"error": "invalid_grant"}
            scope = grant["scope"]
        else:
            if asked["refresh_token"] not in self.refresh:
                return 400, {}, {"error": "invalid_grant"}
            self.refresh.discard(asked["refresh_token"])
            scope = asked["scope"]
        access, refresh = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        self.tokens[access] = scope
        self.refresh.add(refresh)
        return (
            200,
            {},
            {
                "access_token": access,
                "refresh_token": refresh,
                "token_type": "Bearer",
                "expires_in": 3600,
                "scope": scope,
            },
        )

    def _interface(self, method: str, path: str, headers: Any, body: bytes) -> Answer:
        scope = self.tokens.get(headers.get("Authorization", "").removeprefix("Bearer "))
        if scope is None:
            return 401, {}, {"status": {"error": "No.", "statusCode": 401, "statusText": "UNAUTHENTICATED"}}
        parts = urlsplit(path)
        done = {"statusCode": 200, "statusText": "OK"}
        if parts.path.endswith("/profile"):
            profile = {"type": "Profile", "id": "mailto:amina@example.org", "name": "Amina", "email": "a@b.c"}
            return 200, {}, {"status": done, "profile": profile}
        if method == "GET":
            if SCOPE + "assertion.readonly" not in scope:
                return 403, {}, {"status": {"statusCode": 403, "statusText": "PERMISSION_DENIED"}}
            query = parse_qs(parts.query)
            begin, limit = int(query["offset"][0]), int(query["limit"][0])
            page = {"status": done, "assertions": self.held[begin : begin + limit]}
            return 200, {"X-Total-Count": str(len(self.held))}, page
        return self._take(json.loads(body), done)

    def _take(self, payload: Any, done: dict[str, Any]) -> Answer:
        self.posts += 1
        self.wrong += conforms("AssertionPayloadDType", payload)
        if self.answers:
            answer, kept = self.answers.pop(0)
            if kept:
                self.held.append(payload["assertion"])
            return answer
        self.held.append(payload["assertion"])
        return 200, {}, {"status": done}


@contextmanager
def running_backpack() -> Iterator[Backpack]:
    """A backpack on this computer, until the block ends."""
    backpack = Backpack()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers, value = backpack.answer(self.command, self.path, self.headers, body)
            text = value if isinstance(value, bytes) else json.dumps(value).encode()
            if status == 0:  # the answer is lost on its way
                self.close_connection = True
                return
            self.send_response(status)
            for name, content in {
                "Content-Type": "application/json",
                **headers,
                "Content-Length": str(len(text)),
            }.items():
                self.send_header(name, content)
            self.end_headers()
            self.wfile.write(text)

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    backpack.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield backpack
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
