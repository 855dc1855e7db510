"""The published schemas are applied on request; what cannot be applied is said, never assumed."""

import builtins
import json
from pathlib import Path
from typing import Any

import pytest

from microcred_app.ob3 import schema
from microcred_app.ob3.data_integrity import sign
from microcred_app.ob3.documents import CredentialSchema, build_achievement_credential
from microcred_app.ob3.errors import InputError
from microcred_app.ob3.schema import bundled_validators
from microcred_app.ob3.serialization import encode_document
from microcred_app.ob3.verification import verify
from tests.ob3.samples import METHOD, NOW, PLAIN, SIGNER, replace, signed
from tests.ob3.test_nested import endorsement, record

ADDRESS = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
DECLARED = replace(PLAIN, schemas=(CredentialSchema(ADDRESS),))


def report_on(document: dict[str, Any], **options: Any) -> Any:
    return verify(encode_document(document), now=NOW, **options)


def with_schemas(document: dict[str, Any]) -> Any:
    return report_on(document, schemas=bundled_validators())


def resigned(**changes: Any) -> dict[str, Any]:
    document = {**build_achievement_credential(PLAIN), **changes}
    return sign(document, SIGNER, verification_method=METHOD, created=NOW)


@pytest.mark.parametrize("document", [signed(PLAIN), signed(DECLARED), endorsement(), record()])
def test_every_kind_made_here_satisfies_its_schema(document: dict[str, Any]) -> None:
    report = with_schemas(document)
    assert (report.check("schema").reason, report.verdict) == ("schema.satisfied", "valid")


def test_what_the_schema_refuses_is_named_by_its_place() -> None:
    check = with_schemas(resigned(image={"id": "https://example.edu/a.png", "type": ["Image"]})).check(
        "schema"
    )
    assert (check.outcome, check.reason) == ("failed", "schema.violated")
    assert check.detail.startswith("image/type")


@pytest.mark.parametrize("moment", ["2026-03-01", "2026-03-01T09:00:00", "2026-02-30T09:00:00Z"])
def test_times_are_checked_although_their_package_is_not_installed(moment: str) -> None:
    check = with_schemas(resigned(awardedDate=moment)).check("schema")
    assert (check.outcome, check.detail.split(":")[0]) == ("failed", "awardedDate")


def test_without_being_asked_for_it_is_said_that_the_schema_was_not_applied() -> None:
    report = report_on(signed(DECLARED))
    assert (report.verdict, [check.reason for check in report.remarks]) == ("valid", ["schema.not_applied"])
    with pytest.raises(InputError):
        report_on(signed(PLAIN)).check("schema")


def test_a_schema_that_is_not_known_leaves_the_credential_undetermined() -> None:
    foreign = replace(PLAIN, schemas=(CredentialSchema("https://example.org/schema.json"),))
    report = with_schemas(signed(foreign))
    assert (report.verdict, report.check("schema").reason) == ("undetermined", "schema.unknown")
    assert "https://example.org/schema.json" in report.check("schema").detail


@pytest.mark.parametrize(
    "declared", [None, 5, [5], {"type": schema.SCHEMA_TYPE}, [{"type": schema.SCHEMA_TYPE, "id": {}}]]
)
def test_an_unreadable_declaration_is_survived(declared: Any) -> None:
    assert with_schemas({**signed(PLAIN), "credentialSchema": declared}).verdict == "invalid"


def test_without_jsonschema_the_answer_is_could_not_check(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name == "jsonschema":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    validators = bundled_validators.__wrapped__()  # type: ignore[attr-defined]
    report = report_on(signed(PLAIN), schemas=validators)
    assert (report.verdict, report.check("schema").outcome) == ("undetermined", "could_not_check")


def test_a_validator_of_the_caller_is_asked() -> None:
    report = report_on(
        signed(PLAIN), schemas={ADDRESS: lambda document: [f"name: {document['name']} is taken"]}
    )
    assert (report.verdict, report.check("schema").detail) == ("invalid", "name: Close reading is taken")


def test_a_bundled_schema_that_was_changed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in (Path(schema.__file__).parent / "schemas").glob("*.json"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    changed = tmp_path / "ob-achievementcredential.json"
    changed.write_text(
        changed.read_text(encoding="utf-8").replace('"Profile"', '"Anybody"'), encoding="utf-8"
    )
    monkeypatch.setattr(schema, "_FOLDER", tmp_path)
    with pytest.raises(InputError, match="differs"):
        bundled_validators.__wrapped__()  # type: ignore[attr-defined]


def test_schemas_refer_only_to_themselves() -> None:
    def references(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
            return own.union(*map(references, value.values()))
        return set().union(*map(references, value)) if isinstance(value, list) else set()

    for file in (Path(schema.__file__).parent / "schemas").glob("*schema*.json"):
        assert all(ref.startswith("#/") for ref in references(json.loads(file.read_text(encoding="utf-8"))))
