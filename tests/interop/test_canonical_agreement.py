"""Canonical bytes are the same as jsonld.js and rdf-canonize make in safe mode, and what they refuse is refused."""

import copy
import random
from typing import Any

import pytest

from microcred_app.ob3.canonical import canonicalise
from microcred_app.ob3.data_integrity import without_proof
from microcred_app.ob3.dataset import Quad, write_quad
from microcred_app.ob3.errors import Ob3Error
from microcred_app.ob3.rdfc import canonical_nquads
from tests.interop.verifiers import canonise_with_node
from tests.ob3.samples import CREDENTIAL, PLAIN, replace, signed, signed_list

pytestmark = pytest.mark.interop

TEXTS = [
    "".join(map(chr, range(0x30))),
    "".join(map(chr, range(0x7F, 0xA1))),
    'quote " back \\ slash \\n',
    "😀 👩🏽‍🚀 李 é e\u0301 \u2028 \ufeff \ufffd \uffff",
    "مرحبا ‏(שלום)",
    "^^<x> @en _:c14n0 .",
    "\U0010ffff \ue000",
]
NUMBERS = [0, 1, 3.0, 1.5, 0.1, 93.75, 1e6, 123456789.125, 2**53, 1e-5, 1 / 3]


def base() -> dict[str, Any]:
    return copy.deepcopy(without_proof(signed(PLAIN)))


def accepted_documents() -> list[dict[str, Any]]:
    documents = [without_proof(signed()), without_proof(signed_list(5)), base()]
    for text in TEXTS:
        documents.append({**base(), "description": text})
    for number in NUMBERS:
        document = base()
        document["credentialSubject"]["achievement"]["creditsAvailable"] = number
        documents.append(document)
    for name in (
        {"@value": "x", "@language": "en-US"},
        {"@value": "x", "@language": "HE", "@direction": "rtl"},
        {"@value": "x", "@direction": "ltr"},
        {"@value": True},
    ):
        documents.append({**base(), "name": name})
    twins = base()
    twins["credentialSubject"]["achievement"]["alignment"] *= 3
    twins["credentialSubject"]["achievement"]["resultDescription"][0]["allowedValue"] = ["b", "a", "b"]
    documents.append(twins)
    proof = signed()["proof"][0]
    documents.append(
        {"@context": signed()["@context"], **{k: v for k, v in proof.items() if k != "proofValue"}}
    )
    documents.append(signed(replace(CREDENTIAL, description="with its proof in a graph of its own")))
    return documents


def refused_documents() -> list[dict[str, Any]]:
    documents = [
        {**base(), "colour": "red"},
        {**base(), "endorsementJwt": ["a.b.c"]},
        {**base(), "type": ["Prize"]},
    ]
    for address in ("relative", "", "#x"):
        document = base()
        document["credentialSubject"]["achievement"]["id"] = address
        documents.append(document)
    nested = base()
    nested["credentialSubject"]["achievement"]["criteria"]["colour"] = "red"
    return [*documents, nested, {**base(), "evidence": {"type": "Unknown"}}]


def test_documents_have_the_same_bytes_in_javascript() -> None:
    documents = accepted_documents()
    for document, theirs in zip(documents, canonise_with_node(documents), strict=True):
        assert theirs.get("nquads") == canonicalise(document).decode(), (document, theirs)


def test_what_javascript_refuses_is_refused_here() -> None:
    documents = refused_documents()
    for document, theirs in zip(documents, canonise_with_node(documents), strict=True):
        assert "error" in theirs, document
        with pytest.raises(Ob3Error):
            canonicalise(document)


def random_quads(draw: random.Random) -> list[Quad]:
    nodes = [f"_:x{n}" for n in range(draw.randint(1, 6))]
    terms = [*nodes, "<https://example.org/a>"]
    quads = []
    for _ in range(draw.randint(1, 14)):
        value = draw.choice([*terms, '"text"'])
        graph = draw.choice(["", "", "", draw.choice(nodes), "<https://example.org/g>"])
        predicate = f"<https://example.org/p{draw.randint(0, 1)}>"
        quads.append(Quad(draw.choice(terms), predicate, value, graph))
    return list(dict.fromkeys(quads))


def test_random_graphs_of_blank_nodes_are_named_alike() -> None:
    draw = random.Random(20260301)
    graphs = [random_quads(draw) for _ in range(400)]
    for size in (2, 3, 5, 8):
        ring = [(f"_:s{i}", f"_:s{(i + 1) % size}") for i in range(size)]
        graphs.append([Quad(a, "<urn:p:1>", b, "") for a, b in ring])
    results = canonise_with_node(["".join(map(write_quad, quads)) for quads in graphs])
    for quads, theirs in zip(graphs, results, strict=True):
        assert theirs.get("nquads") == canonical_nquads(quads).decode(), quads
