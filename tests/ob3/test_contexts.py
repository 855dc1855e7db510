"""Contexts are the published bytes, and nothing else is a context."""

from pathlib import Path

import pytest

from microcred_app.ob3 import contexts
from microcred_app.ob3.errors import ContextError


def test_every_bundled_context_is_read_and_matches_its_digest() -> None:
    store = contexts.bundled_contexts()
    assert {contexts.CREDENTIALS_V2, contexts.OB_3_0_3, contexts.OB_EXTENSIONS} <= set(store.documents)
    assert all("@context" in document for document in store.documents.values())


def test_a_changed_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in (Path(contexts.__file__).parent / "contexts").glob("*.json"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    changed = tmp_path / "ob-3.0.3.json"
    changed.write_bytes(changed.read_bytes().replace(b"schema.org/name", b"schema.org/nome"))
    monkeypatch.setattr(contexts, "_FOLDER", tmp_path)
    with pytest.raises(ContextError, match=r"ob-3\.0\.3\.json"):
        contexts.bundled_contexts.__wrapped__()


def test_a_bundled_context_cannot_be_replaced() -> None:
    forged = {contexts.OB_3_0_3: {"@context": {}}, "https://example.org/own": {"@context": {}}}
    store = contexts.bundled_contexts().extended(forged)
    assert store.document(contexts.OB_3_0_3)["@context"]
    assert "https://example.org/own" in store
    assert "https://example.org/own" not in contexts.bundled_contexts()
