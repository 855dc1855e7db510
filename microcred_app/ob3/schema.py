"""Whether a credential satisfies the JSON schema that 1EdTech publishes for its kind, said by a validator of others.

`structure` asks what readers rely on; the schema asks what the publisher of the standard lets pass, member by
member. It is applied when validators are handed in, and decides then, because it takes twenty times as long as
everything else together: a server that signs and checks its own badges by the thousand has tests for it, a stranger
who verifies one should ask for it. A credential that names a schema which was not applied gets a line that says so.

The validator is jsonschema, which every Open edX has, but this package does not depend on it: without it
`bundled_validators` has none, and the answer is "could not check". Callers may hand in validators of their own, by the
address of the schema.

Schemas are bundled and digest-pinned. An address nobody here knows is not fetched: whoever writes the credential
would choose the work and the regular expressions. References inside the schemas are all local, and the registry they
are resolved in is empty.

Open Badges 3.0 "OpenBadgeCredential Verification" step 1; 1EdTech Verifiable Credentials JSON Schema Validator 1.0.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from microcred_app.ob3.contexts import CREDENTIALS_V1
from microcred_app.ob3.errors import DocumentError, InputError
from microcred_app.ob3.report import COULD_NOT_CHECK, FAILED, INFORMS, PASSED, Check
from microcred_app.ob3.structure import types_of
from microcred_app.ob3.timestamps import parse_time

__all__ = ["SCHEMA_TYPE", "Validator", "bundled_validators", "check_schema", "declared_schemas"]

# Returns what is wrong, as "member/member: what"; nothing means that the document satisfies the schema.
Validator = Callable[[Mapping[str, Any]], Sequence[str]]

SCHEMA_TYPE = "1EdTechJsonSchemaValidator2019"
MAX_DECLARED = 4
_FOLDER = Path(__file__).parent / "schemas"
_OB = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_{}_schema.json"
_CLR = "https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json"
_MOST_PROBLEMS = 3


def check_schema(
    document: Mapping[str, Any], validators: Mapping[str, Validator] | None
) -> tuple[Check, ...]:
    """Return a line on the schemas of *document*, or none when it declares none and no *validators* are given."""
    declared = declared_schemas(document)
    if validators is None:
        message = "The credential names a published schema, which was not applied."
        line = Check("schema", COULD_NOT_CHECK, "schema.not_applied", message, bearing=INFORMS)
        return (line,) if declared else ()
    addresses = list(dict.fromkeys([_address_of_kind(document), *declared]))
    unknown = [address for address in addresses if address not in validators]
    problems: list[str] = []
    for address in addresses[: MAX_DECLARED + 1]:
        if address in validators:
            problems += validators[address](document)
    if problems:
        message = "The credential does not satisfy the published schema of its kind."
        detail = "; ".join(problems[:_MOST_PROBLEMS])[:300]
        return (Check("schema", FAILED, "schema.violated", message, detail),)
    if unknown or len(addresses) > MAX_DECLARED + 1:
        message = "The schema is not known here, or there is nothing to apply it with."
        return (Check("schema", COULD_NOT_CHECK, "schema.unknown", message, ", ".join(unknown)[:300]),)
    message = "The credential satisfies the published schema of its kind."
    return (Check("schema", PASSED, "schema.satisfied", message),)


def declared_schemas(document: Mapping[str, Any]) -> list[str]:
    """Return the addresses of the 1EdTech schemas that *document* says it satisfies."""
    if "credentialSchema" not in document:
        return []
    value = document["credentialSchema"]
    entries = value if isinstance(value, list) else [value]
    found = [entry for entry in entries if isinstance(entry, Mapping) and SCHEMA_TYPE in types_of(entry)]
    return [entry["id"] if isinstance(entry.get("id"), str) else "" for entry in found]


@cache
def bundled_validators() -> Mapping[str, Validator]:
    """Return a validator for each bundled schema, by its address; none when jsonschema (4.18 or newer) is missing."""
    try:
        from jsonschema import Draft201909Validator, FormatChecker
        from referencing import Registry
    except ImportError:
        return MappingProxyType({})
    formats = FormatChecker(formats=())
    # Own checks, because jsonschema silently passes formats whose packages are not installed.
    formats.checks("date-time")(_is_time)
    formats.checks("date")(_is_date)
    index: dict[str, dict[str, str]] = json.loads((_FOLDER / "index.json").read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            url: partial(
                _problems, Draft201909Validator(_read(entry), registry=Registry(), format_checker=formats)
            )
            for url, entry in index.items()
        }
    )


def _address_of_kind(document: Mapping[str, Any]) -> str:
    kinds = types_of(document)
    contexts = document.get("@context")
    if isinstance(contexts, list) and contexts[:1] == [CREDENTIALS_V1]:
        return _OB.format(
            "anyachievementcredential"
        )  # the one for verifiers, which knows the older data model
    if "ClrCredential" in kinds:
        return _CLR
    return _OB.format(
        "endorsementcredential" if "EndorsementCredential" in kinds else "achievementcredential"
    )


def _read(entry: Mapping[str, str]) -> Any:
    data = (_FOLDER / entry["file"]).read_bytes()
    if sha256(data).hexdigest() != entry["sha256"]:
        raise InputError(
            "schema.changed", f"The bundled file {entry['file']} differs from the published one."
        )
    return json.loads(data)


def _problems(validator: Any, document: Mapping[str, Any]) -> list[str]:
    error = next(validator.iter_errors(document), None)
    if error is None:
        return []
    while error.context:  # of several ways to be right, the one that came furthest says most
        error = max(error.context, key=lambda inner: len(inner.absolute_path))
    place = "/".join(map(str, error.absolute_path))
    return [f"{place or 'the document'}: {error.message[:200]}"]


def _is_time(value: object) -> bool:
    return not isinstance(value, str) or _reads("date-time", value)


def _is_date(value: object) -> bool:
    return not isinstance(value, str) or (len(value) == 10 and _reads("date", f"{value}T00:00:00Z"))


def _reads(name: str, text: str) -> bool:
    try:
        parse_time(name, text)
    except DocumentError:
        return False
    return True
