"""Whether the issuer has published a newer version of a credential under the address of its refresh service.

The same issuer and id with a later ``validFrom`` replaces what was shown. Only the answer "there is a newer one" is
given here: whoever shows credentials then checks the newer one in full.

Open Badges 3.0 "Verification" step 3; ``1EdTechCredentialRefresh``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from microcred_app.ob3.errors import Ob3Error
from microcred_app.ob3.json_input import parse_json
from microcred_app.ob3.report import COULD_NOT_CHECK, FAILED, PASSED, Check
from microcred_app.ob3.structure import issuer_id, types_of
from microcred_app.ob3.timestamps import parse_time

__all__ = ["check_refresh"]


def check_refresh(document: Mapping[str, Any], fetch: Callable[[str], bytes] | None) -> Check | None:
    """Return whether *document* is the newest version, or None when it names no refresh service."""
    if "refreshService" not in document:
        return None
    service = document["refreshService"]
    if not isinstance(service, Mapping) or "1EdTechCredentialRefresh" not in types_of(service):
        return _unknown("refresh.unsupported_type", "The refresh service is of a kind that is not supported.")
    url = service.get("id")
    if not isinstance(url, str) or fetch is None:
        return _unknown("refresh.not_fetched", "Whether there is a newer version was not looked up.")
    try:
        newest = parse_json(fetch(url))
    except Ob3Error as error:
        return _unknown("refresh.unreadable", "The newest version cannot be read.", error.message)
    except Exception as error:  # noqa: BLE001 - the caller's fetcher; whatever it raises means "not fetched"
        return _unknown("refresh.not_fetched", "The newest version could not be fetched.", str(error))
    return _compare(document, newest)


def _compare(document: Mapping[str, Any], newest: Any) -> Check:
    if not isinstance(newest, Mapping) or (newest.get("id"), issuer_id(newest)) != (
        document.get("id"),
        issuer_id(document),
    ):
        return _unknown("refresh.other_credential", "The refresh service answers with another credential.")
    try:
        own = parse_time("validFrom", document.get("validFrom"))
        theirs = parse_time("validFrom", newest.get("validFrom"))
    except Ob3Error as error:
        return _unknown("refresh.unreadable", "The newest version cannot be read.", error.message)
    if theirs > own:
        message = "The issuer has published a newer version of this credential; check that one."
        return Check("refresh", FAILED, "refresh.superseded", message, theirs.isoformat())
    return Check("refresh", PASSED, "refresh.newest", "This is the newest version of the credential.")


def _unknown(reason: str, message: str, detail: str = "") -> Check:
    return Check("refresh", COULD_NOT_CHECK, reason, message, detail[:300])
