"""A signed anchor can be verified for as long as it is kept."""

import base64
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from joserfc.jwk import ECKey

from adapters.encryption.key_file import KeyFileKms
from adapters.event_log.signed_anchors import JoseAnchors
from adapters.users.database import IdentityDatabase
from adapters.users.key_ring import GRACE, KeyRing
from adapters.users.signing_keys import SqlSigningKeys
from adapters.users.tables import FORMER_SIGNING_KEY, SIGNING_KEY
from application.audit.verification import (
    NO_ANCHOR,
    AnchoredEvent,
    AnchorKeyUnknown,
    AnchorLink,
    AnchorRefused,
)
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
def database(tmp_path: Path) -> Iterator[IdentityDatabase]:
    with closing(IdentityDatabase(f"sqlite:///{tmp_path / 'identity.sqlite'}")) as opened:
        yield opened


@pytest.fixture
def ring(tmp_path: Path, database: IdentityDatabase, clock: SetClock) -> KeyRing:
    kms = KeyFileKms(tmp_path / "master.key")
    return KeyRing(SqlSigningKeys(database), kms, clock=clock)


def test_what_is_signed_is_read(ring: KeyRing) -> None:
    """R-EVT-15"""
    document = JoseAnchors(ring).sign(HEADS, at=AT)
    assert "\n" not in document
    anchor = JoseAnchors(ring).read(f"{document}\n")
    assert (anchor.at, anchor.heads) == (AT, HEADS)
    assert anchor.key_id == ring.public_keys()["keys"][0]["kid"]


def test_an_anchor_is_verifiable_with_its_key_for_years(ring: KeyRing, clock: SetClock) -> None:
    """R-EVT-15: signing keys are deleted after a rotation, but their thumbprints are kept."""
    document = JoseAnchors(ring).sign(HEADS, at=AT)
    for _ in range(3):
        ring.rotate()
        assert JoseAnchors(ring).read(document).heads == HEADS
        clock.now += GRACE + timedelta(days=1000)
        assert JoseAnchors(ring).read(document).heads == HEADS
    assert len(ring._keys.all()) == 2


def test_a_key_from_before_thumbprints_were_kept_can_be_named(
    ring: KeyRing, database: IdentityDatabase, clock: SetClock
) -> None:
    """R-EVT-15: the auditor noted the id of the key when the anchor was made."""
    anchors = JoseAnchors(ring)
    document = anchors.sign(HEADS, at=AT)
    key_id = anchors.read(document).key_id
    for _ in range(2):
        ring.rotate()
        clock.now += GRACE
    with database.of_platform() as connection:
        connection.execute(sa.delete(FORMER_SIGNING_KEY))
    with pytest.raises(AnchorKeyUnknown, match=key_id):
        JoseAnchors(ring).read(document)
    assert JoseAnchors(ring).read(document, trusted=[key_id]).heads == HEADS


def test_the_owner_of_the_database_cannot_add_a_former_key(
    ring: KeyRing, database: IdentityDatabase, clock: SetClock
) -> None:
    """R-EVT-15: the KMS wraps thumbprints, each for its own key id."""
    ring.rotate()
    ring.rotate()
    clock.now += GRACE
    ring.rotate()
    forged = ECKey.generate_key("P-256", auto_kid=True)
    stranger = type("Stranger", (), {"signing": lambda _: (forged.kid, forged)})()
    document = JoseAnchors(stranger).sign(HEADS, at=AT)
    kept = sa.select(FORMER_SIGNING_KEY.c.sealed)
    with database.of_platform() as connection:
        own = connection.execute(kept).scalars().first()
        row = {"kid": forged.kid, "wrapped": b"x" * 60, "made_at": AT, "verifies_until": AT}
        connection.execute(sa.insert(SIGNING_KEY).values(row))
    with pytest.raises(AnchorKeyUnknown):
        JoseAnchors(ring).read(document)
    ring.rotate()
    for sealed in (own, b"x" * 60):
        with database.of_platform() as connection:
            connection.execute(sa.delete(FORMER_SIGNING_KEY))
            row = {"kid": forged.kid, "sealed": sealed}
            connection.execute(sa.insert(FORMER_SIGNING_KEY).values(row))
        with pytest.raises(AnchorKeyUnknown):
            JoseAnchors(ring).read(document)


def test_a_daily_anchor_names_the_one_before_it(ring: KeyRing) -> None:
    """R-EVT-15"""
    previous = AnchorLink("2029-12-31T073000Z.key.jws", bytes(range(32)))
    anchors = JoseAnchors(ring)
    assert anchors.read(anchors.sign(HEADS, at=AT, previous=previous)).previous == previous
    assert anchors.read(anchors.sign(HEADS, at=AT, previous=NO_ANCHOR)).previous == NO_ANCHOR
    assert anchors.read(anchors.sign(HEADS, at=AT)).previous is None


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
