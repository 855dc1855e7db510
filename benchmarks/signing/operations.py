"""What is measured: each operation as a function of a running number, over documents that all differ."""

import json
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.signing.typical import typical_credential
from microcred_app.ob3.canonical import bundled_canonicaliser
from microcred_app.ob3.data_integrity import EddsaRdfc2022, sign
from microcred_app.ob3.dids import did_key, verification_method_id
from microcred_app.ob3.issuing import Template, issue
from microcred_app.ob3.jose_signing import EddsaJoseSigner
from microcred_app.ob3.jwt_credential import read_jwt, sign_jwt
from microcred_app.ob3.plain_route import Canonicaliser
from microcred_app.ob3.serialization import encode_document
from microcred_app.ob3.signing import Ed25519Signer
from microcred_app.ob3.status_list import StatusList, build_status_list_credential
from microcred_app.ob3.verification import reader, verify

__all__ = ["NOW", "Operations", "check_equal", "peer_job"]

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LIST_URL = "https://learn.example.edu/status/7d0b4c1e"
VARYING: list[tuple[str | int, ...]] = [
    ("id",),
    ("validFrom",),
    ("awardedDate",),
    ("credentialSubject", "id"),
    ("credentialSubject", "identifier", 0, "identityHash"),
    ("credentialSubject", "identifier", 0, "salt"),
    ("credentialSubject", "result", 0, "value"),
    ("credentialSubject", "result", 1, "value"),
    ("evidence", 0, "id"),
    ("evidence", 1, "id"),
    ("credentialStatus", "id"),
    ("credentialStatus", "statusListIndex"),
]


class Operations:
    """Ours, with one key, the same *count* documents as the peer, a *batch* of learners, and two status lists.

    One entry in a hundred of each list is set, at random places, as those of credentials are.
    """

    def __init__(self, count: int = 100, batch: int = 1_000, unseen: int = 0) -> None:
        self.signer = Ed25519Signer(bytes(range(32)))
        self.did = did_key(self.signer.public_key)
        self.method = verification_method_id(self.did, self.signer.public_key)
        self.credentials = [typical_credential(self.did, learner) for learner in range(count)]
        self.revoked, self.large_revoked = (_places(entries) for entries in (131_072, 1_048_576))
        self._list = _list_with(131_072, self.revoked)
        self._large_list = _list_with(1_048_576, self.large_revoked)
        self._template = Template(self.credentials[0], VARYING)
        learners = (typical_credential(self.did, learner) for learner in range(batch))
        self._values = [[_at(document, path) for path in VARYING] for document in learners]
        self.signed = [self._issue(n) for n in range(count)]
        self._mixed = [
            self._sign(_of_another_badge(document, n)) for n, document in enumerate(self.credentials)
        ]
        self._unseen = [self._shuffled(n) for n in range(unseen)]
        self._flipped = 0
        self._jose_signer = EddsaJoseSigner(self.signer)
        self.tokens = [self._issue_jwt(n) for n in range(count)]

    def functions(self) -> dict[str, Callable[[int], Any]]:
        """Return the operations by name; each takes a running number."""
        return {
            "issue": self._issue,
            "template": self._issue_of_template,
            "verify": self._verify,
            "verify-mixed": self._verify_mixed,
            "verify-unseen": self._verify_unseen,
            "status": lambda _: self._publish_next(self._list),
            "status-large": lambda _: self._publish_next(self._large_list),
            "revoke-many": lambda _: self._publish(self._list, range(1_000)),
            "jwt-issue": self._issue_jwt,
            "jwt-verify": self._verify_jwt,
        }

    def _issue(self, n: int) -> bytes:
        created = NOW + timedelta(seconds=n)  # no two proofs are alike
        document = self.credentials[n % len(self.credentials)]
        return issue(document, self.signer, verification_method=self.method, created=created)

    def _issue_of_template(self, n: int) -> bytes:
        return self._template.issue(
            self._values[n % len(self._values)], self.signer, verification_method=self.method, created=NOW
        )

    def _verify(self, n: int) -> Any:
        report = verify(self.signed[n % len(self.signed)], now=NOW + timedelta(days=1))
        assert report.check("signature").outcome == "passed"
        return report

    def _verify_mixed(self, n: int) -> Any:
        # One shape, but every credential is of a badge of its own.
        report = verify(self._mixed[n % len(self._mixed)], now=NOW + timedelta(days=1))
        assert report.check("signature").outcome == "passed"
        return report

    def _verify_unseen(self, n: int) -> Any:
        # Signed beforehand, with members in an order that occurs once: a shape no memory can know.
        report = verify(self._unseen.pop(), now=NOW + timedelta(days=1))
        assert report.check("signature").outcome == "passed"
        return report

    def _shuffled(self, n: int) -> bytes:
        return self._sign(_shuffle(self.credentials[n % len(self.credentials)], random.Random(n)))

    def _sign(self, document: dict[str, Any]) -> bytes:
        suite = EddsaRdfc2022(plain_route())
        proven = sign(document, self.signer, verification_method=self.method, created=NOW, suite=suite)
        return encode_document(proven)

    def _issue_jwt(self, n: int) -> bytes:
        return sign_jwt(self.credentials[n % len(self.credentials)], self._jose_signer)

    def _verify_jwt(self, n: int) -> Any:
        # As the peer does: signature, claims, period; no more.
        token = read_jwt(self.tokens[n % len(self.tokens)], reader())
        token.check_claims()
        assert token.holds(self._jose_signer.key)
        assert token.document["nbf"] <= NOW.timestamp() < token.document["exp"]
        return token

    def _publish_next(self, status_list: StatusList) -> bytes:
        self._flipped += 1
        return self._publish(status_list, [self._flipped])

    def _publish(self, status_list: StatusList, changes: Sequence[int]) -> bytes:
        """Flip some entries, then encode and sign once: what was revoked comes back in the next turn."""
        for number in changes:
            index = number * 7_919 % len(status_list)
            (status_list.clear if status_list.get(index) else status_list.set)(index)
        document = build_status_list_credential(
            list_url=LIST_URL, issuer_id=self.did, status_list=status_list, valid_from=NOW
        )
        return issue(document, self.signer, verification_method=self.method, created=NOW)


def peer_job(operations: Operations) -> dict[str, Any]:
    """Return what the peers need to do the same with the same."""
    return {
        "credentials": operations.credentials,
        "date": NOW.isoformat().replace("+00:00", "Z"),
        "listUrl": LIST_URL,
        "revoked": operations.revoked,
        "largeRevoked": operations.large_revoked,
    }


def _places(entries: int) -> list[int]:
    return random.Random(entries).sample(range(entries), entries // 100)


def _list_with(entries: int, places: list[int]) -> StatusList:
    status_list = StatusList.new(entries)
    for index in places:
        status_list.set(index)
    return status_list


def _of_another_badge(value: Any, number: int) -> Any:
    """Return *value* with every text for people, and every address of the badge, made its own."""
    if isinstance(value, list):
        return [_of_another_badge(item, number) for item in value]
    if not isinstance(value, dict):
        return value
    changed = {}
    for name, member in value.items():
        if name in ("name", "description", "narrative", "targetName", "caption") and isinstance(member, str):
            changed[name] = f"{member} ({number})"
        elif name in ("id", "targetUrl", "resultDescription") and isinstance(member, str):
            changed[name] = member.replace("/v3", f"/{number}").replace("/skill/", f"/skill/{number}-")
        else:
            changed[name] = _of_another_badge(member, number)
    return changed


def _at(value: Any, path: tuple[str | int, ...]) -> str:
    for step in path:
        value = value[step]
    return str(value)


def _shuffle(value: Any, draw: random.Random) -> Any:
    if isinstance(value, list):
        return [_shuffle(item, draw) for item in value]
    if not isinstance(value, dict):
        return value
    members = list(value.items())
    draw.shuffle(members)
    return {name: _shuffle(member, draw) for name, member in members}


def plain_route() -> Canonicaliser:
    """Return the plain route of the process, for comparison."""
    return bundled_canonicaliser().plain


def check_equal(operations: Operations) -> None:
    """Stop when the fast routes and the plain route do not make the same bytes."""
    for n in range(0, len(operations.credentials), 10):
        document = operations.credentials[n]
        created = NOW + timedelta(seconds=n)
        expected = sign(document, operations.signer, verification_method=operations.method, created=created)
        assert json.loads(operations.signed[n]) == expected
        assert bundled_canonicaliser()(document) == plain_route()(document)
