"""A share link cannot be forged, changed, used as an access token, or moved to another tenant."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from sqlalchemy import URL

from adapters.encryption.key_file import KeyFileKms
from adapters.encryption.subject_keys import SqlSubjectKeyStore
from adapters.encryption.tenant_tokens import MAX_LENGTH
from adapters.share_links.tokens import TYPE, JoseLinks
from adapters.users.database import IdentityDatabase
from application.share_links import SharedLink, ShareLinkInvalid
from domain.ids import RecordingId, TenantId

LINK = SharedLink(
    TenantId("default"), RecordingId("r-1"), "l-1", datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
)


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[SqlSubjectKeyStore]:
    url = URL.create("sqlite", database=str(tmp_path / "identity.sqlite3"))
    with closing(IdentityDatabase(url, connections=1)) as database:
        yield SqlSubjectKeyStore(database)


@pytest.fixture
def links(keys: SqlSubjectKeyStore, tmp_path: Path) -> JoseLinks:
    return JoseLinks(keys, KeyFileKms(tmp_path / "master.key"))


def test_a_link_is_read_as_it_was_written_also_by_another_process(
    links: JoseLinks, keys: SqlSubjectKeyStore, tmp_path: Path
) -> None:
    """C-23: the link's key is wrapped and stored with the tenant's keys."""
    token = links.sign(LINK)
    assert links.sign(LINK) == token
    other = JoseLinks(keys, KeyFileKms(tmp_path / "master.key"))
    assert (links.read(token), other.read(token)) == (LINK, LINK)
    assert other.sign(LINK) == token


def forged(key: bytes, *, kid: object = "default", typ: str = TYPE, alg: str = "HS256") -> str:
    header = {"alg": alg, "typ": typ, "kid": kid}
    content = {"recording": "r-1", "link": "l-1", "exp": 1893483000}
    return jwt.encode(header, content, OctKey.import_key(key), algorithms=[alg])


def test_an_invalid_link_is_refused(links: JoseLinks) -> None:
    token = links.sign(LINK)
    elsewhere = links.sign(SharedLink(TenantId("gym"), LINK.recording_id, "l-1", LINK.expires_at))
    head, content, signature = token.split(".")
    _, _, other_signature = elsewhere.split(".")
    wrong = bytes(32)
    for made_up in (
        "",
        "a.b.c",
        "🔑",
        token[:-4],
        f"{head}.{content}.",
        f"{head}.{content}.{other_signature}",
        f"{elsewhere.split('.')[0]}.{content}.{signature}",
        forged(wrong),
        forged(wrong, kid="nobody"),
        forged(wrong, kid="no\0body"),
        forged(wrong, typ="JWT"),
        forged(wrong, alg="HS512"),
        token + "x" * MAX_LENGTH,
    ):
        with pytest.raises(ShareLinkInvalid):
            links.read(made_up)


def test_a_token_of_another_kind_is_not_a_link(links: JoseLinks) -> None:
    links.sign(LINK)
    key: OctKey = links._tokens._cache[LINK.tenant_id][1]
    for other in (forged(key.raw_value, typ="at+jwt"), forged(key.raw_value, typ="JWT")):
        with pytest.raises(ShareLinkInvalid):
            links.read(other)
    assert links.read(forged(key.raw_value)).id == "l-1"
