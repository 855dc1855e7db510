"""The same credential as a token, for systems that read JOSE and no JSON-LD.

``application/vc+jwt`` has the credential as it is; wallets that ask for ``jwt_vc_json`` get a token of the older data
model (VCDM 1.1), which says the same in the older words (:mod:`microcred_app.ob3.vcdm_1`).

A second way to secure the same words with the same key. It is made from the stored bytes when somebody asks and is not
stored: Ed25519 gives the same signature for the same words, so everybody gets the same token until the credential is
signed anew. Like the bytes themselves it goes to nobody before our own verifier has accepted signature and key.

Securing VCs with JOSE and COSE section 3.1; OpenID4VCI 1.0 appendix A.1.1.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from microcred_app.ob3 import verification
from microcred_app.ob3.errors import DocumentError
from microcred_app.ob3.jose_signing import EddsaJoseSigner
from microcred_app.ob3.jwt_credential import envelope_jwt, sign_older_jwt
from microcred_app.ob3.report import PASSED

from .credentials import IssuedCredential
from .errors import CredentialNotFound, DocumentRefused, SelfCheckFailed, SignerUnavailable
from .keys import resolve_issuer, signer_of, verification_method
from .models import Credential, IssuerKey

__all__ = ["older_token_of", "token_of"]

_MUST_PASS = ("structure", "contexts", "signature", "key_ownership", "issuer")
MAX_KEPT = 500
_Write = Callable[..., bytes]
#: By kind, key and digest of the credential: a process need not sign the same words twice.
_made: dict[tuple[_Write, int, str], bytes] = {}


def token_of(found: IssuedCredential, *, now: datetime) -> bytes:
    """The credential as a compact token. Who may see it, the caller has asked.

    Raises :class:`SignerUnavailable` while its key is revoked and it waits to be signed anew, or the key is away.
    """
    return _token(found, envelope_jwt, now)


def older_token_of(found: IssuedCredential, *, now: datetime) -> bytes:
    """The credential as a token of the older data model, with it in the claim ``vc``, for the wallet it is made out to.

    Raises as :func:`token_of`, and :class:`DocumentRefused` for what the older model cannot say.
    """
    return _token(found, sign_older_jwt, now)


def _token(found: IssuedCredential, write: _Write, now: datetime) -> bytes:
    row = Credential.objects.select_related("issuer_key").filter(pk=found.id, sha256=found.sha256).first()
    if row is None:
        raise CredentialNotFound(_("This credential was signed anew a moment ago. Ask again."))
    if row.issuer_key.state == IssuerKey.REVOKED:
        raise SignerUnavailable(
            _("The key of this credential was revoked. It is signed anew shortly; ask again.")
        )
    name = (write, row.issuer_key_id, found.sha256)
    if name not in _made:
        token = _make(row.issuer_key, found.document, write, now)
        if len(_made) >= MAX_KEPT:
            _made.clear()
        _made[name] = token
        return token
    return _made[name]


def _make(key: IssuerKey, document: bytes, write: _Write, now: datetime) -> bytes:
    words = {name: value for name, value in json.loads(document).items() if name != "proof"}
    try:
        token = write(words, EddsaJoseSigner(signer_of(key)), key_id=verification_method(key))
    except DocumentError as error:
        raise DocumentRefused(error.message) from error
    report = verification.verify(token, now=now, resolve_did=resolve_issuer)
    problems = [check.message for code in _MUST_PASS if (check := report.check(code)).outcome != PASSED]
    if problems:
        raise SelfCheckFailed(f"The credential as a token does not verify: {'; '.join(problems)}")
    return token
