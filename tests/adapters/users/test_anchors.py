"""A signed anchor can be verified for as long as it is kept."""

import base64
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from adapters.encryption.key_file import KeyFileKms
from adapters.event_log.signed_anchors import JoseAnchors
from adapters.users.database import IdentityDatabase
from adapters.users.key_ring import GRACE, KeyRing
from adapters.users.signing_keys import SqlSigningKeys
from application.audit.verification import AnchoredEvent, AnchorKeyUnknown, AnchorRefused
from domain.ids import TenantId

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
HEADS = (
    AnchoredEvent(TenantId("blue"), 5, bytes(range(32))),
    AnchoredEvent(TenantId("red"), 8, bytes(range(1, 33))),
)


class SetClock:
    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def ring(tmp_path: Path, clock: SetClock) -> Iterator[KeyRing]:
    with closing(IdentityDatabase(f"sqlite:///{tmp_path / 'identity.sqlite'}")) as database:
        kms = KeyFileKms(tmp_path / "master.key")
        yield KeyRing(SqlSigningKeys(database), kms, clock=clock)


def test_what_is_signed_is_read(ring: KeyRing) -> None:
    """R-EVT-15"""
    document = JoseAnchors(ring).sign(HEADS, at=AT)
    assert "\n" not in document
    anchor = JoseAnchors(ring).read(f"{document}\n")
    assert (anchor.at, anchor.heads) == (AT, HEADS)
    assert anchor.key_id == ring.public_keys()["keys"][0]["kid"]


def test_an_anchor_is_verifiable_with_its_key_for_years(ring: KeyRing, clock: SetClock) -> None:
    """R-EVT-15: signing keys are removed minutes after a rotation."""
    anchors = JoseAnchors(ring)
    document = anchors.sign(HEADS, at=AT)
    key_id = anchors.read(document).key_id
    ring.rotate()
    assert anchors.read(document).heads == HEADS
    clock.now += GRACE + timedelta(days=1000)
    ring.rotate()
    with pytest.raises(AnchorKeyUnknown, match=key_id):
        anchors.read(document)
    assert anchors.read(document, trusted=[key_id]).heads == HEADS


def test_an_anchor_of_another_installation_is_refused(ring: KeyRing, tmp_path: Path) -> None:
    """R-EVT-15: the anchor names its signing key, which is unknown here."""
    kms = KeyFileKms(tmp_path / "other.key")
    with closing(IdentityDatabase(f"sqlite:///{tmp_path / 'other.sqlite'}")) as database:
        stranger = KeyRing(SqlSigningKeys(database), kms, clock=lambda: AT)
        document = JoseAnchors(stranger).sign(HEADS, at=AT)
    with pytest.raises(AnchorKeyUnknown):
        JoseAnchors(ring).read(document)


def test_a_key_with_the_id_of_another_is_refused(ring: KeyRing) -> None:
    """R-EVT-15: the id of a key is derived from the key, whatever the anchor claims."""
    own = JoseAnchors(ring).sign(HEADS, at=AT)
    ours = json.loads(base64.urlsafe_b64decode(own.partition(".")[0] + "=="))
    other = ECKey.generate_key("P-256", auto_kid=True)
    stranger = type("Stranger", (), {"signing": lambda _: (ours["kid"], other)})()
    with pytest.raises(AnchorKeyUnknown):
        JoseAnchors(ring).read(JoseAnchors(stranger).sign(HEADS, at=AT))


def test_a_changed_anchor_is_refused(ring: KeyRing) -> None:
    """R-EVT-15"""
    anchors = JoseAnchors(ring)
    header, content, signature = anchors.sign(HEADS, at=AT).split(".")
    other = anchors.sign(HEADS[:1], at=AT).split(".")[1]
    for document in (f"{header}.{other}.{signature}", f"{header}.{content}.", "", "no anchor"):
        with pytest.raises(AnchorRefused):
            anchors.read(document)
