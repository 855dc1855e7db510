"""What each kind of push keeps, repeats and promises: the one table, from which the reference page is written.

Only what is sent by a lane stands here. What a learner carries or fetches themselves is in docs/reference/wallets.rst.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

__all__ = ["CAPABILITIES", "Capability", "as_rst"]


@dataclass(frozen=True)
class Capability:
    """One kind of target; every field is a line of the published page."""

    kind: str
    lane: str
    protocol: str
    permitted_by: str
    what_arrives: str
    proof: str
    personal_data: str
    end_of_an_award: str
    sent_twice: str
    lost_answer: str
    order: str
    compared: str


CAPABILITIES = (
    Capability(
        kind="Open Badges host",
        lane="wallet",
        protocol="Open Badges 3.0 API (upsertCredential), OAuth 2 code with PKCE",
        permitted_by="the learner, for each wallet; taken back by disconnecting",
        what_arrives="the bytes that were signed",
        proof="kept",
        personal_data="name (unless NAME_IN_CREDENTIALS is off), salted hash of the e-mail address",
        end_of_an_award="by the status list in the badge; nothing is pushed",
        sent_twice="the host replaces the badge by itself",
        lost_answer="sent again",
        order="none needed",
        compared="yes, by the worker and on demand (getCredentials): missing, or another copy than was sent last",
    ),
    Capability(
        kind="Badge Connect host",
        lane="wallet",
        protocol="Badge Connect 2.1 (POST /assertions), OAuth 2 code with PKCE",
        permitted_by="the learner, for each wallet and badge; its public page taken back on the badge's page",
        what_arrives="an Open Badges 2.0 assertion of the same award, public at an address that cannot be guessed",
        proof="dropped; the assertion is believed by its address",
        personal_data="salted hash of the e-mail address; neither name nor evidence",
        end_of_an_award="its address answers 410 and revoked; nothing is pushed",
        sent_twice="asked first whether it is there",
        lost_answer="looked up before it is sent again",
        order="none needed",
        compared="yes, by the worker and on demand (getAssertions): missing",
    ),
    Capability(
        kind="Webhook",
        lane="webhook",
        protocol="Standard Webhooks 1.0.0, HMAC-SHA256",
        permitted_by="a registrar; the learner for their e-mail address",
        what_arrives="an event: which badge, when; no badge",
        proof="dropped",
        personal_data="a name that one endpoint knows; e-mail address of learners who agree",
        end_of_an_award="pushed (badge.expired, badge.revoked)",
        sent_twice="webhook-id is the same, the receiver tells",
        lost_answer="sent again",
        order="kept for each award",
        compared="no; the log shows every try",
    ),
    Capability(
        kind="E-mail",
        lane="mail",
        protocol="Django's mail",
        permitted_by="the learner, for all new badges; taken back on the same page",
        what_arrives="a text, the picture with the badge in it, and the bytes that were signed",
        proof="kept",
        personal_data="as in the badge, to the account's own address",
        end_of_an_award="by the status list in the badge; nothing is mailed",
        sent_twice="arrives twice",
        lost_answer="sent again",
        order="none needed",
        compared="no",
    ),
    Capability(
        kind="Vendor account (Credly, Accredible, Badgr)",
        lane="vendor",
        protocol="the vendor's own interface, with a key of the organisation",
        permitted_by="the learner, for each account; taken back on the same page",
        what_arrives="an order to issue: template, name, e-mail address, days; the vendor makes a badge of its own",
        proof="dropped; the vendor signs by itself, or hosts",
        personal_data="name and e-mail address",
        end_of_an_award="pushed (revoked there); expiry is told when it is issued",
        sent_twice="issues twice, so the vendor is asked first whenever an answer may have been lost",
        lost_answer="looked up before it is sent again",
        order="kept for each award",
        compared="no; the log shows every try",
    ),
    Capability(
        kind="List (CSV, CLR 2.0 records, LER-RS résumés)",
        lane="",
        protocol="files in a folder (microcred_export_awards)",
        permitted_by="the learner, for each system",
        what_arrives="a line for each award; signed badges in a record and in a résumé, which are not signed",
        proof="kept in records and résumés, dropped in CSV",
        personal_data="e-mail address; in records and résumés what stands in the badges",
        end_of_an_award="a line with its state; left out of records and résumés",
        sent_twice="award is the same, the newer line counts",
        lost_answer="the run is repeated, its place was not moved",
        order="by learner and day",
        compared="--full writes everything anew",
    ),
)

_HEAD = """What each kind of push keeps
============================

Written by ``python -m microcred_app.capabilities`` from the code; a test compares them. Wallets that come and fetch,
and files that a learner carries, are in :doc:`wallets`. Whatever a kind drops is said here, so that nothing is lost in
silence.
"""


def as_rst() -> str:
    """The reference page: a field list for each kind, which reads well at any width."""
    parts = [_HEAD]
    for one in CAPABILITIES:
        parts.append(f"\n{one.kind}\n{'-' * len(one.kind)}\n\n")
        for field in fields(Capability):
            value = getattr(one, field.name)
            if field.name != "kind" and value:
                parts.append(f":{field.name.replace('_', ' ')}: {value}\n")
    return "".join(parts)


if __name__ == "__main__":
    print(as_rst(), end="")  # noqa: T201 - a command's answer
