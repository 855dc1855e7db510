"""Signing keys in a token: SoftHSM, a real PKCS#11 module, with Ed25519 keys that it makes and never gives away."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import override_settings

from microcred_app import api
from microcred_app.api import verify_credential
from microcred_app.applets.attainments.models import DueEvaluation
from microcred_app.applets.awards import api as awards
from microcred_app.applets.issuance import api as issuance
from microcred_app.applets.issuance import token_keys
from microcred_app.applets.issuance.models import Credential, IssuerKey
from microcred_app.applets.sealed_rows import count_older
from microcred_app.ob3 import multikey
from microcred_app.ob3.signing import signature_matches
from tests.fixtures.catalogue import NOW, do_unit, make_officer, make_user, publish

pytestmark = pytest.mark.services
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so")
PIN = "correct horse"
URI = "pkcs11:token=school;object=badges%202026"
DAY = timedelta(days=1)


class SoftHsm:
    """A token on disk, which can go away and come back."""

    def __init__(self, folder: Path) -> None:
        self.tokens, self.elsewhere = folder / "tokens", folder / "elsewhere"
        self.tokens.mkdir()
        self.config = folder / "softhsm2.conf"
        self.config.write_text(f"directories.tokendir = {self.tokens}\nobjectstore.backend = file\n")
        os.environ["SOFTHSM2_CONF"] = str(self.config)
        command = [
            "softhsm2-util",
            "--init-token",
            "--free",
            "--label",
            "school",
            "--pin",
            PIN,
            "--so-pin",
            "4321",
        ]
        subprocess.run(command, check=True, capture_output=True)

    def go_away(self) -> None:
        self.tokens.rename(self.elsewhere)
        self.tokens.mkdir()
        token_keys.forget_session()

    def come_back(self) -> None:
        shutil.rmtree(self.tokens)
        self.elsewhere.rename(self.tokens)
        token_keys.forget_session()


@pytest.fixture
def hsm(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoftHsm]:
    module = next((path for path in MODULES if Path(path).exists()), "")
    assert module, "These tests need SoftHSM: scripts/system-packages softhsm2-util=softhsm2"
    monkeypatch.setenv("SOFTHSM2_CONF", "")
    cache.clear()
    token_keys.forget_session()
    with override_settings(
        MICROCRED={
            **settings.MICROCRED,
            "PUBLIC_BASE_URL": "https://lms.example.edu",
            "PKCS11_MODULE": module,
            "PKCS11_PIN": PIN,
        }
    ):
        yield SoftHsm(tmp_path)
    token_keys.forget_session()
    cache.clear()


@pytest.fixture
def key(hsm: SoftHsm) -> issuance.KeyInfo:
    return issuance.rotate_key("school", actor_id=None, now=NOW, token_uri=URI, make=True)


def earn(learner: int, letter: str = "a") -> issuance.IssuedCredential | None:
    publish(f"micro-{letter}", {"outcome": f"o.{letter}"})
    do_unit(learner, letter)
    held = awards.held_badges(learner)
    return issuance.credential_of_award(held[f"micro-{letter}"]) if held else None


def test_the_token_makes_a_key_and_signs_badges_that_verify(key: issuance.KeyInfo) -> None:
    assert (key.state, key.in_token) == ("active", True)
    credential = earn(make_user())
    assert credential is not None
    assert verify_credential(credential.document, now=NOW).verdict == "valid"
    assert key.multikey.encode() in credential.document
    row = IssuerKey.objects.get(multikey=key.multikey)
    assert bytes(row.sealed_secret) == b""
    assert PIN not in row.token_uri
    assert count_older() == 0


def test_the_secret_cannot_be_read_from_the_token(key: issuance.KeyInfo, hsm: SoftHsm) -> None:
    from pkcs11 import Attribute, ObjectClass
    from pkcs11.exceptions import AttributeSensitive

    def read(session: Any) -> bytes:
        [secret] = session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
        with pytest.raises(AttributeSensitive):
            secret[Attribute.VALUE]
        return b""

    token_keys._in_session("school", read)


def test_the_signature_is_plain_ed25519(key: issuance.KeyInfo) -> None:
    public_key = multikey.decode_multikey(key.multikey)
    signer = token_keys.TokenSigner(URI, public_key)
    for data in (b"", b"x", bytes(100_000)):
        assert signature_matches(public_key, data, signer.sign(data))


def test_while_the_token_is_away_the_learners_work_is_kept_and_the_badge_follows(
    key: issuance.KeyInfo, hsm: SoftHsm
) -> None:
    hsm.go_away()
    learner = make_user()
    assert earn(learner) is None
    marker = DueEvaluation.objects.get()
    assert marker.tries == 1
    assert "SignerUnavailable" in marker.last_error
    assert "school" in marker.last_error
    assert not Credential.objects.exists()
    hsm.come_back()
    assert api.run_pending_evaluations(now=NOW) == 1
    assert not DueEvaluation.objects.exists()
    credential = issuance.credential_of_award(awards.held_badges(learner)["micro-a"])
    assert credential is not None
    assert verify_credential(credential.document, now=NOW).verdict == "valid"


def test_nothing_is_revoked_by_half_while_the_token_is_away(key: issuance.KeyInfo, hsm: SoftHsm) -> None:
    learner, officer = make_user(), make_officer()
    credential = earn(learner)
    assert credential is not None
    hsm.go_away()
    with pytest.raises(issuance.SignerUnavailable):
        awards.reverse_award(credential.award_id, reason="x", actor_id=officer, now=NOW + DAY)
    assert awards.held_badges(learner)
    assert issuance.get_credential(credential.id).revoked_at is None
    hsm.come_back()
    awards.reverse_award(credential.award_id, reason="x", actor_id=officer, now=NOW + DAY)
    assert verify_credential(credential.document, now=NOW + DAY).verdict == "invalid"


def test_a_session_that_broke_is_opened_anew(key: issuance.KeyInfo) -> None:
    signer = token_keys.TokenSigner(URI, multikey.decode_multikey(key.multikey))
    signer.sign(b"x")
    assert token_keys._session is not None
    token_keys._session[2].close()
    assert len(signer.sign(b"y")) == 64


def test_a_child_process_has_a_session_of_its_own(key: issuance.KeyInfo) -> None:
    public_key = multikey.decode_multikey(key.multikey)
    signer = token_keys.TokenSigner(URI, public_key)
    signer.sign(b"in the parent")
    child = os.fork()
    if child == 0:
        code = 2
        try:
            code = 0 if signature_matches(public_key, b"c", signer.sign(b"c")) else 1
        finally:
            os._exit(code)  # whatever happened, the parent's tests must not run on in the child
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert signature_matches(public_key, b"p", signer.sign(b"p"))


def test_a_wrong_pin_is_tried_once_and_no_more(key: issuance.KeyInfo, hsm: SoftHsm, settings: Any) -> None:
    import pkcs11

    signer = token_keys.TokenSigner(URI, multikey.decode_multikey(key.multikey))
    tried: list[str] = []
    with override_settings(MICROCRED={**settings.MICROCRED, "PKCS11_PIN": "wrong"}):
        for _number in range(5):
            with pytest.raises(issuance.SignerUnavailable, match="refuses the PIN") as refused:
                signer.sign(b"x")
            tried.append(type(refused.value.__cause__).__name__)
            assert "wrong" not in str(refused.value)
    assert tried == ["PinIncorrect", "NoneType", "NoneType", "NoneType", "NoneType"]
    assert len(signer.sign(b"x")) == 64  # with the right one it goes on at once
    assert pkcs11.exceptions.PinIncorrect


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"PKCS11_MODULE": ""}, "PKCS11_MODULE"),
        ({"PKCS11_PIN": ""}, "PKCS11_PIN"),
        ({"PKCS11_MODULE": "/nowhere/module.so"}, "cannot be loaded"),
    ],
)
def test_what_is_missing_is_said(
    key: issuance.KeyInfo, settings: Any, changes: dict[str, str], says: str
) -> None:
    signer = token_keys.TokenSigner(URI, multikey.decode_multikey(key.multikey))
    changed = override_settings(MICROCRED={**settings.MICROCRED, **changes})
    with changed, pytest.raises(issuance.SignerUnavailable, match=says):
        signer.sign(b"x")


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "pkcs11:",
        "pkcs11:token=school",
        "pkcs11:object=x",
        "pkcs11:token=school;object=x;pin-value=1234",
        "pkcs11:token=school;object=x?module-path=/tmp/evil.so;x",
        "pkcs11:token=school;token=other;object=x",
        "pkcs11:token=%ff;object=x",
        "file:token=school;object=x",
        "pkcs11:token=school;object=" + "x" * 500,
    ],
)
def test_an_address_that_is_no_place_of_a_key_is_refused(hsm: SoftHsm, uri: str) -> None:
    with pytest.raises(issuance.KeyRefused):
        token_keys.read_place(uri)
    if not uri:
        return  # no address: a key in the database
    with pytest.raises(issuance.KeyRefused):
        issuance.rotate_key("school", actor_id=None, now=NOW, token_uri=uri)
    assert not IssuerKey.objects.filter(state=IssuerKey.RETIRED).exists()


def test_a_key_that_is_not_there_is_not_taken_over(hsm: SoftHsm) -> None:
    with pytest.raises(issuance.SignerUnavailable, match="0 Ed25519 keys"):
        issuance.rotate_key("school", actor_id=None, now=NOW, token_uri=URI)
    assert not IssuerKey.objects.exists()


def test_a_key_that_the_token_would_give_away_is_not_taken_over(hsm: SoftHsm) -> None:
    def make(session: Any) -> bytes:
        from pkcs11 import Attribute, KeyType, Mechanism
        from pkcs11.util.ec import encode_named_curve_parameters

        curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("1.3.101.112")}
        session.create_domain_parameters(KeyType.EC_EDWARDS, curve, local=True).generate_keypair(
            mechanism=Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
            store=True,
            label="badges 2026",
            private_template={Attribute.SENSITIVE: False, Attribute.EXTRACTABLE: True},
        )
        return b""

    token_keys._in_session("school", make)
    with pytest.raises(issuance.KeyRefused, match="give this key away"):
        issuance.rotate_key("school", actor_id=None, now=NOW, token_uri=URI)
    with pytest.raises(issuance.KeyRefused, match="has a key at this place"):
        issuance.rotate_key("school", actor_id=None, now=NOW, token_uri=URI, make=True)
    assert not IssuerKey.objects.exists()


def test_an_issuer_does_not_leave_its_token_by_mistake(key: issuance.KeyInfo) -> None:
    with pytest.raises(issuance.KeyRefused, match="in a token"):
        issuance.rotate_key("school", actor_id=None, now=NOW)
    with pytest.raises(issuance.KeyRefused, match="Let another one sign first"):
        issuance.revoke_key("school", key.multikey, reason="Stolen", actor_id=None, now=NOW)
    with pytest.raises(issuance.KeyRefused, match="was used before"):
        issuance.rotate_key("school", actor_id=None, now=NOW, token_uri=URI)
    second = URI.replace("2026", "2027")
    issuance.rotate_key("school", actor_id=None, now=NOW + DAY, token_uri=second, make=True)
    issuance.revoke_key("school", key.multikey, reason="Stolen", actor_id=None, now=NOW + DAY)
    assert issuance.rotate_key("school", actor_id=None, now=NOW + DAY, leave_token=True).in_token is False


def test_the_command(hsm: SoftHsm) -> None:
    run: Callable[..., str] = lambda *words: _said("microcred_keys", *words)  # noqa: E731
    assert "signs for school" in run("rotate", "school", "--token", URI, "--make")
    assert "active, in a token" in run("list", "school")
    with pytest.raises(CommandError, match="Name the next key there"):
        run("rotate", "school")
    assert "signs for school" in run("rotate", "school", "--leave-token")


def _said(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()
