"""The same facts, key and moment give the same bytes, today and after every change of this package.

A difference means that credentials issued before and after a release are not built alike. If that is wanted,
make the file again with ``python -m tests.ob3.test_golden`` and say in the change why.
"""

from pathlib import Path

from microcred_app.ob3.canonical import canonicalise
from microcred_app.ob3.data_integrity import without_proof
from microcred_app.ob3.json_input import parse_json
from microcred_app.ob3.serialization import encode_document
from microcred_app.ob3.verification import verify
from tests.ob3.samples import LIST_URL, NOW, signed, signed_list

GOLDEN = Path(__file__).parent / "golden"


def test_the_signed_bytes_reproduce() -> None:
    assert encode_document(signed()) == (GOLDEN / "credential.json").read_bytes()


def test_the_canonical_form_reproduces() -> None:
    document = parse_json((GOLDEN / "credential.json").read_bytes())
    assert canonicalise(without_proof(document)) == (GOLDEN / "credential.nq").read_bytes()


def test_bytes_issued_long_ago_still_verify() -> None:
    lists = {LIST_URL: (GOLDEN / "status-list.json").read_bytes()}
    data = (GOLDEN / "credential.json").read_bytes()
    assert verify(data, now=NOW, fetch_status_list=lists.__getitem__).verdict == "valid"


def write() -> None:
    """Write the golden files anew."""
    GOLDEN.mkdir(exist_ok=True)
    (GOLDEN / "credential.json").write_bytes(encode_document(signed()))
    (GOLDEN / "credential.nq").write_bytes(canonicalise(without_proof(signed())))
    (GOLDEN / "status-list.json").write_bytes(encode_document(signed_list(1, 2, 3)))


if __name__ == "__main__":
    write()
