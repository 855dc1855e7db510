"""Compares the fast route, the plain route and jsonld.js on many documents; no difference is allowed.

``python -m benchmarks.signing.exactness [COUNT]``: a 1,000-document corpus, then COUNT (10,000) mutations.
What only ours refuses is counted and shown by kind; what only theirs refuses is a failure, as are different bytes.
"""

import json
import random
import sys
from collections import Counter
from typing import Any

from microcred_app.ob3.canonical import bundled_canonicaliser
from microcred_app.ob3.errors import Ob3Error
from microcred_app.ob3.json_text import as_literals, encode_json, split_strings
from microcred_app.ob3.shapes import fill
from tests.interop.verifiers import canonise_with_node
from tests.ob3.shape_corpus import bases, corpus, mutated

BATCH = 250


def main() -> int:
    """Compare all documents, print the counts, return 1 when there is a difference."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    draw, shapes = random.Random(20260301), bases()
    for document in shapes * 2:
        bundled_canonicaliser()(document)
    counts: Counter[str] = Counter()
    documents = corpus(1_000)
    documents += [mutated(draw.choice(shapes), draw) for _ in range(count)]
    for start in range(0, len(documents), BATCH):
        batch = [document for document in documents[start : start + BATCH] if is_text(document)]
        counts["half characters, not sent"] += len(documents[start : start + BATCH]) - len(batch)
        for document, theirs in zip(batch, canonise_with_node(batch), strict=True):
            counts[compare(document, theirs)] += 1
    for outcome, number in counts.most_common():
        print(f"{number:7,d}  {outcome}")
    return 1 if any(outcome.startswith("DIFFERENT") for outcome in counts) else 0


def is_text(document: Any) -> bool:
    """Return whether *document* can be written as UTF-8: what cannot is refused here and never reaches a peer."""
    try:
        return bool(json.dumps(document, ensure_ascii=False).encode())
    except UnicodeEncodeError:
        return False


def compare(document: Any, theirs: Any) -> str:
    """Return in which class a document falls."""
    canonicaliser = bundled_canonicaliser()
    plain, refusal = answer(canonicaliser.plain, document)
    fast, fast_refusal = answer(canonicaliser, document)
    if (plain, refusal) != (fast, fast_refusal):
        return f"DIFFERENT: fast and plain route {encode_json(document)[:300]!r}"
    expected = theirs.get("nquads")
    if plain is None:
        return "refused by both" if expected is None else f"refused only by ours: {refusal}"
    if expected is None:
        return f"DIFFERENT: refused only by theirs {theirs['error']!r} {encode_json(document)[:3000]!r}"
    if expected.encode() != plain:
        return f"DIFFERENT: bytes {encode_json(document)[:3000]!r}"
    return f"equal, {'fast' if is_fast(document) else 'plain'} route"


def is_fast(document: Any) -> bool:
    """Return whether a plan answers for *document*."""
    text = encode_json(document)
    parts = split_strings(text)
    plans = bundled_canonicaliser().memory.find(parts)
    return any(fill(plan, as_literals(parts, text)) is not None for plan in plans)


def answer(route: Any, document: Any) -> tuple[bytes | None, str]:
    """Return the canonical bytes, or the code of the refusal."""
    try:
        return route(document), ""
    except Ob3Error as error:
        return None, error.code


if __name__ == "__main__":
    sys.exit(main())
