"""Whether the issuer has published a newer version of a credential under the address of its refresh service.

The same issuer and id with a later ``validFrom`` replaces what was shown. This informs and never decides: the older
version stays what the issuer signed until it expires or is revoked, and a service that does not answer changes
nothing ("if the refresh is not successful, continue with the original"). A newer version is believed only when its
signature holds: whoever took over the address could otherwise discredit every credential that names it. Whoever
shows credentials then checks the newer one in full.

Open Badges 3.0 "OpenBadgeCredential Verification" step 3; ``1EdTechCredentialRefresh``.
"""

from collections.abc import Mapping
from typing import Any

from microcred_app.ob3.errors import Ob3Error
from microcred_app.ob3.json_input import check_text, parse_json
from microcred_app.ob3.judgement import Lookups, attribute_inner
from microcred_app.ob3.jwt_credential import is_compact_jws
from microcred_app.ob3.reading import TOKEN_LIMITS, Inner, open_inner
from microcred_app.ob3.report import COULD_NOT_CHECK, FAILED, INFORMS, PASSED, Check, Outcome
from microcred_app.ob3.revocation import Fetcher
from microcred_app.ob3.structure import issuer_id, types_of
from microcred_app.ob3.timestamps import parse_time

__all__ = ["check_refresh"]


def check_refresh(
    document: Mapping[str, Any], fetch: Fetcher | None, lookups: Lookups, *, certain: bool
) -> tuple[Check, ...]:
    """Return a line on whether *document* is the newest version, or none when it names no refresh service.

    Nothing is fetched unless it is *certain* that the issuer made the document: the address is theirs to choose.
    """
    if "refreshService" not in document:
        return ()
    return (_check_service(document, fetch if certain else None, lookups),)


def _check_service(document: Mapping[str, Any], fetch: Fetcher | None, lookups: Lookups) -> Check:
    service = document["refreshService"]
    if not isinstance(service, Mapping) or "1EdTechCredentialRefresh" not in types_of(service):
        return _unknown("refresh.unsupported_type", "The refresh service is of a kind that is not supported.")
    url = service.get("id")
    if not isinstance(url, str) or fetch is None:
        return _unknown("refresh.not_fetched", "Whether there is a newer version was not looked up.")
    try:
        published = fetch(url)
    except Exception as error:  # noqa: BLE001 - the caller's fetcher; whatever it raises means "not fetched"
        return _unknown("refresh.not_fetched", "The newest version could not be fetched.", str(error))
    try:
        return _compare(document, _read(published), lookups)
    except Ob3Error as error:
        return _unknown("refresh.unreadable", "The newest version cannot be read.", error.message)


def _read(published: bytes) -> Inner:
    text = check_text(published, TOKEN_LIMITS)
    return open_inner(text.decode().strip() if is_compact_jws(text) else parse_json(text, TOKEN_LIMITS))


def _compare(document: Mapping[str, Any], newest: Inner, lookups: Lookups) -> Check:
    found = newest.document
    if (found.get("id"), issuer_id(found)) != (document.get("id"), issuer_id(document)):
        return _unknown("refresh.other_credential", "The refresh service answers with another credential.")
    own = parse_time("validFrom", document.get("validFrom"))
    theirs = parse_time("validFrom", found.get("validFrom"))
    if theirs <= own:
        return _answer(PASSED, "refresh.newest", "This is the newest version of the credential.")
    if not attribute_inner(newest, lookups).certain:
        message = (
            "The refresh service has a newer version, but not one that the issuer is known to have signed."
        )
        return _unknown("refresh.unproven", message)
    message = "The issuer has published a newer version of this credential; check that one."
    return _answer(FAILED, "refresh.superseded", message, theirs.isoformat())


def _unknown(reason: str, message: str, detail: str = "") -> Check:
    return _answer(COULD_NOT_CHECK, reason, message, detail)


def _answer(outcome: Outcome, reason: str, message: str, detail: str = "") -> Check:
    return Check("refresh", outcome, reason, message, detail[:300], bearing=INFORMS)
