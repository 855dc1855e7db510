"""Documents to try the fast route with: a corpus of honest ones, and seeded mutations of them that are not."""

import copy
import random
from typing import Any

from benchmarks.signing.typical import typical_credential
from microcred_app.ob3.data_integrity import without_proof
from tests.ob3.samples import CREDENTIAL, ISSUER, PLAIN, replace, signed, signed_list
from tests.ob3.test_nested import endorsement, record
from tests.ob3.test_profiles import EVERYTHING

__all__ = ["bases", "corpus", "mutated", "places_of_strings"]

TEXTS = [
    "",
    " ",
    "x",
    '"',
    "\\",
    "\\u0041",
    'a"b\\c',
    "\n\t\r\b\f",
    "\x00\x01\x0b\x1f\x7f",
    "é e\u0301 ß",
    "😀👩🏽‍🚀\U0010ffff\ue000\uffff",
    "\u2028\ufeff",
    "_:c14n0",
    "_:b0",
    "<urn:x>",
    '" .\n<urn:a> <urn:b> <urn:c',
    "a!",
    "a",
    'a"',
    "null",
    "true",
    "12",
    "@id",
    "@type",
    "@none",
    "{}",
    "\ud800",
]
ADDRESSES = [
    "urn:x:1",
    "urn:x:2",
    "https://example.org/a?b=c&d=%20#e",
    "https://example.org/é",
    "HTTPS://example.org/",
    "did:web:example.org",
    "mailto:a@b.c",
    "http://a/../b",
    "relative",
    "/x",
    "#x",
    "//host/x",
    "https:",
    "https:x",
    "urn:a b",
    "urn:a{b}",
    "urn:a|b",
    "urn:a<b",
    "urn:a\\b",
    'urn:a"b',
    "xsd:string",
    "ext:thing",
    "schema:name",
    "cred:x",
    "custom:x",
    "id",
    "type",
    "Achievement",
    "assertionMethod",
    ":x",
    "x:",
    "1a:b",
    "data:text/plain,x",
    "tag:x,2026:y",
]


def bases() -> list[dict[str, Any]]:
    """Return unsigned documents of many shapes."""
    sample = without_proof(signed())
    plain = without_proof(signed(PLAIN))
    twins = copy.deepcopy(plain)
    twins["credentialSubject"]["achievement"]["alignment"] *= 3
    lists = copy.deepcopy(plain)
    lists["credentialSubject"]["achievement"]["resultDescription"][0]["allowedValue"] = ["b", "a", "b"]
    worded = {**plain, "name": {"@value": "x", "@language": "en-US"}, "description": {"@value": "y"}}
    directed = {**plain, "name": {"@value": "x", "@language": "ar", "@direction": "rtl"}}
    proof = {"@context": sample["@context"], **without_value(signed()["proof"][0])}
    return [
        sample,
        plain,
        typical_credential(ISSUER, 7),
        without_proof(signed(replace(CREDENTIAL, evidence=(), status=None))),
        without_proof(signed_list(5)),
        twins,
        lists,
        worded,
        directed,
        proof,
        signed(replace(CREDENTIAL, description="with its proof in a graph of its own")),
        without_proof(signed(EVERYTHING)),
        without_proof(signed(replace(PLAIN, endorsements=(endorsement(),)))),
        without_proof(endorsement()),
        without_proof(record()),
    ]


def without_value(proof: Any) -> dict[str, Any]:
    return {name: value for name, value in proof.items() if name != "proofValue"}


def corpus(size: int) -> list[dict[str, Any]]:
    """Return *size* honest documents that differ in what learners differ in."""
    return [typical_credential(ISSUER, learner) for learner in range(size)]


def places_of_strings(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, str):
        return [path]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, inner in items for found in places_of_strings(inner, (*path, key))]


def mutated(base: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """Return *base* with some strings, and now and then its structure, changed."""
    document = copy.deepcopy(base)
    for _ in range(draw.choice([1, 1, 2, 3, 6, 20])):
        places = places_of_strings(document)
        if not places:
            break
        path = draw.choice(places)
        parent = document
        for step in path[:-1]:
            parent = parent[step]
        parent[path[-1]] = _new_string(document, places, draw)
    if draw.random() < 0.15:
        _change_structure(document, draw)
    return document


def _new_string(document: Any, places: list[tuple[Any, ...]], draw: random.Random) -> str:
    kind = draw.random()
    if kind < 0.35:
        return draw.choice(TEXTS)
    if kind < 0.65:
        return draw.choice(ADDRESSES)
    if kind < 0.8:  # the same string in two places
        other: Any = document
        for step in draw.choice(places):
            other = other[step]
        return str(other)
    return "".join(chr(draw.choice([draw.randrange(1, 0x250), draw.randrange(0x20, 0x7F)])) for _ in range(9))


def _change_structure(document: Any, draw: random.Random) -> None:
    objects = [document]
    for item in objects:
        values = item.values() if isinstance(item, dict) else item
        objects += [value for value in values if isinstance(value, dict | list)]
    place = draw.choice(objects)
    change = draw.random()
    if isinstance(place, dict):
        if change < 0.4 and place:
            del place[draw.choice(list(place))]
        else:
            name = draw.choice(["name", "colour", "id", "type", "description", "@id", "evidence", "ext:x"])
            place[name] = draw.choice(["x", "urn:x:9", 5, 1.5, True, [], {}, ["x"], {"id": "urn:x:3"}, None])
    elif change < 0.5 and place:
        place.append(copy.deepcopy(draw.choice(place)))
    elif place:
        place.pop()
