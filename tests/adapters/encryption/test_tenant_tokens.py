"""Tokens signed with a key of their tenant."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import URL

from adapters.encryption.key_file import KeyFileKms
from adapters.encryption.subject_keys import SqlSubjectKeyStore
from adapters.encryption.tenant_tokens import CACHE_TTL_S, InvalidTokenError, TenantTokens
from adapters.users.database import IdentityDatabase
from application.kernel.encryption import SubjectErased
from domain.ids import DEFAULT_TENANT

AT = datetime(2030, 1, 1, tzinfo=UTC)
SUBJECT = "#playback"


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[SqlSubjectKeyStore]:
    url = URL.create("sqlite", database=str(tmp_path / "identity.sqlite3"))
    with closing(IdentityDatabase(url, connections=1)) as database:
        yield SqlSubjectKeyStore(database)


def test_a_destroyed_key_signs_and_verifies_nothing_after_a_while(
    keys: SqlSubjectKeyStore, tmp_path: Path
) -> None:
    """R-CON-06: no process keeps a key for as long as it lives."""
    now_s = [100.0]
    kms = KeyFileKms(tmp_path / "master.key")
    tokens = TenantTokens(keys, kms, subject=SUBJECT, kind="t", timer=lambda: now_s[0])
    token = tokens.sign(DEFAULT_TENANT, {"content": "c1"})
    keys.destroy(DEFAULT_TENANT, SUBJECT, AT)
    assert tokens.read(token) == (DEFAULT_TENANT, {"content": "c1"})
    now_s[0] += CACHE_TTL_S
    with pytest.raises(InvalidTokenError):
        tokens.read(token)
    with pytest.raises(SubjectErased):
        tokens.sign(DEFAULT_TENANT, {"content": "c1"})


def test_a_token_of_another_type_is_refused_even_with_the_same_key(
    keys: SqlSubjectKeyStore, tmp_path: Path
) -> None:
    """R-CON-06"""
    kms = KeyFileKms(tmp_path / "master.key")
    one, other = (TenantTokens(keys, kms, subject=SUBJECT, kind=each) for each in "ab")
    with pytest.raises(InvalidTokenError):
        one.read(other.sign(DEFAULT_TENANT, {}))
