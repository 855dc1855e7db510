"""Typed access to the ``MICROCRED`` settings dictionary, with defaults.

Nothing else in the app reads ``django.conf.settings.MICROCRED``. Values are read when :func:`settings` is
called, never at import: plugin modules are imported before Django's settings exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured

__all__ = ["Settings", "settings"]


@dataclass(frozen=True)
class Settings:
    """What an operator may decide. Each field is the lower-case name of one key of ``MICROCRED``."""

    #: Where the public reaches this site, without a slash at the end. Goes into every credential.
    public_base_url: str = "http://127.0.0.1:8000"
    #: Fernet keys (URL-safe base64 of 32 bytes), newest first. They encrypt issuer keys and wallet tokens.
    key_encryption_keys: tuple[str, ...] = ()
    #: Module (a shared library) and PIN of the token that holds signing keys, where one does. See docs/how-to/keys.rst.
    pkcs11_module: str = ""
    pkcs11_pin: str = field(default="", repr=False)
    #: Dotted path of the class through which the app talks to the learning platform.
    platform: str = "microcred_app.compat.OpenEdxPlatform"
    #: Storage alias for evidence; it must not be publicly served.
    evidence_storage: str = "microcred_evidence"
    #: Largest evidence file in bytes, for any task. Files go up in pieces, so the LMS's own limit does not matter.
    evidence_max_bytes: int = 500_000_000
    #: Bytes of one piece. Proxies in front of an LMS refuse bodies above about 4 MB.
    evidence_chunk_bytes: int = 2_000_000
    #: Bytes that one learner, and all learners of one course, may keep.
    evidence_learner_bytes: int = 4_000_000_000
    evidence_course_bytes: int = 500_000_000_000
    #: Browsers leave pieces in the object store themselves; the evidence storage must speak S3 (extra ``s3``).
    evidence_direct_uploads: bool = False
    #: Bytes of one such piece. No proxy of the site is in the way.
    evidence_direct_piece_bytes: int = 8_000_000
    #: Hours after which an upload that does not go on is given up.
    evidence_upload_hours: float = 24.0
    #: Virus scanner that reads every file: ``unix:/run/clamav/clamd.ctl`` or ``tcp:host:3310``; empty for none.
    evidence_scanner: str = ""
    #: Longest answer time of the scanner, in seconds.
    evidence_scanner_seconds: float = 60.0
    #: Most files in one submission.
    evidence_max_files: int = 20
    #: Minutes for which a submission is reserved for the reviewer who judges it; each saved word renews them.
    review_lease_minutes: float = 30.0
    #: Ask for two people before a badge is published: whoever approves neither edited nor submitted it last.
    two_person_approval: bool = False
    #: Put the learner's name into the credential beside the hashed e-mail address.
    name_in_credentials: bool = True
    #: Admit http and loopback addresses as wallet hosts. For demonstrations and tests only.
    allow_loopback_targets: bool = False
    #: Wallet hosts offered to learners: pairs of name and address.
    suggested_hosts: tuple[tuple[str, str], ...] = ()
    #: Pairs of origins that belong together though they differ: the wallet host whose manifest is read, and another
    #: that this manifest may name. For Badge Connect 2.1 hosts that keep consent page and interface apart.
    badge_connect_origins: tuple[tuple[str, str], ...] = ()
    #: Longest time one request to a wallet host may take, in seconds.
    delivery_timeout_seconds: float = 15.0
    #: Requests to wallet hosts that one worker has under way at the same time.
    delivery_connections: int = 16
    #: A worker that is silent about a row for longer has lost it to the others. Four times the timeout at least.
    delivery_lease_seconds: float = 180.0
    #: The wait after the first failed try; it doubles with every further one.
    delivery_first_wait_seconds: float = 15.0
    #: Tries before a delivery is given up and shown to operators.
    delivery_max_attempts: int = 12
    #: Wallets are read back this many minutes after a badge arrived there, and then every so many days; 0 days: never,
    #: only when somebody asks.
    copies_first_minutes: float = 20.0
    copies_every_days: float = 7.0
    #: Wallets of one host that are read back in a minute, by all workers together.
    copies_per_host_minute: int = 30
    #: Seconds for which something due may be left undone before the health address answers 503.
    health_overdue_seconds: float = 900.0
    #: Who asks for figures sends this as a bearer token; empty: figures are not published. 20 characters at least.
    metrics_token: str = field(default="", repr=False)
    #: Hours during which a back-fill can be undone before wallets are told of its badges.
    backfill_grace_hours: float = 24.0
    #: Awards of one list of sign-offs that wallets, mails and other systems are told of in one minute.
    list_notices_per_minute: int = 300
    #: Celery tasks that work on one back-fill at the same time.
    backfill_tasks: int = 2
    #: Trigger tasks through Celery at once; the worker command finds what is due anyway.
    use_celery: bool = False
    #: Sign documents that are handed in over the VC-API. Whoever holds the permission can then sign anything.
    vc_api_issue: bool = False
    #: Documents that one address may have verified per minute over the VC-API.
    vc_api_per_minute: int = 30
    #: Requests per minute that one account may make of the REST interface: reads, and writes.
    api_reads_per_minute: int = 300
    api_writes_per_minute: int = 60
    #: Minutes for which a learner's offer to a wallet app is open.
    offer_minutes: int = 15
    #: Requests per minute that one address may make as a wallet.
    wallets_per_minute: int = 120
    #: Wallets that may ask for badges through the browser: client id, exact redirect address, name shown to learners.
    wallet_clients: tuple[tuple[str, str, str], ...] = ()
    #: Offer badges also as ``jwt_vc_json``, for wallets that read no other format; they get the older data model.
    offer_jwt_vc_json: bool = True
    #: Address of the CHAPI polyfill, a third party's script; empty: browser wallets are not offered.
    chapi_script: str = ""
    #: Look up, through the outbound guard, what other issuers publish when their credentials are verified here.
    verify_online: bool = False
    #: Hours after which a badge of another issuer that counts here is asked about again: was it revoked meanwhile?
    external_recheck_hours: float = 24.0
    #: Smallest group of learners that insights tell anything about; 1 hides nothing.
    insights_min_group: int = 5
    #: Days before a badge ends at which its holder is told, once for each; empty: nobody is.
    expiry_reminder_days: tuple[int, ...] = (30, 7)

    @property
    def has_public_https_address(self) -> bool:
        """Whether this site may issue as did:web: https and a host name that is not an IP address."""
        parts = urlsplit(self.public_base_url)
        host = parts.hostname or ""
        is_address = ":" in host or host.replace(".", "").isdigit()
        return parts.scheme == "https" and "." in host and not is_address


def settings() -> Settings:
    """The settings in force, checked for unknown names so that a typing error is not silently ignored."""
    global _last
    given: Mapping[str, Any] = getattr(django_settings, "MICROCRED", {}) or {}
    if given == _last[0]:
        return _last[1]
    known = _known_names()
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ImproperlyConfigured(
            f"MICROCRED has unknown settings {', '.join(unknown)}. Known are: {', '.join(sorted(known))}."
        )
    values: dict[str, Any] = {}
    for name, value in given.items():
        if isinstance(value, list):
            value = tuple(tuple(item) if isinstance(item, list) else item for item in value)
        values[known[name]] = value
    if "public_base_url" in values:
        values["public_base_url"] = str(values["public_base_url"]).rstrip("/")
    found = Settings(**values)
    _last = deepcopy(dict(given)), found
    return found


#: What the operator wrote when it was read last, and what it means: every event asks several times.
_last: tuple[Mapping[str, Any], Settings] = {}, Settings()


@cache
def _known_names() -> Mapping[str, str]:
    """Fields by the names that operators write."""
    return {field.name.upper(): field.name for field in fields(Settings)}
