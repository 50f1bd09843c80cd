"""Erasures on SQL: due dates, encrypted scan terms, certificates."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

import msgspec
import sqlalchemy as sa

from adapters.privacy.database import PrivacyDatabase
from adapters.privacy.tables import ERASURE
from adapters.sql.inserts import add_once
from application.kernel.encryption import FieldCipher
from application.kernel.ports import Clock
from application.privacy.subject_data import Term
from domain.ids import TenantId, UserId

PREFIX: Final = "#erasure "
"""Prefix of the subject of an erasure's own key; no user id begins with `#`."""

PLACE: Final = b"erasure.terms"

_encoder = msgspec.json.Encoder()
_terms = msgspec.json.Decoder(tuple[Term, ...])


class SqlErasures:
    """Implements `ScanTermStore`, `Certificates` and `DueErasures` in the table `erasure`."""

    def __init__(self, database: PrivacyDatabase, cipher: FieldCipher, clock: Clock) -> None:
        self._database = database
        self._cipher = cipher
        self._clock = clock

    def save_terms(self, tenant_id: TenantId, user_id: UserId, terms: Sequence[Term]) -> None:
        encrypted = self._cipher.seal(
            _encoder.encode(terms), tenant_id=tenant_id, subject=_subject(user_id), place=PLACE
        )
        self._set(tenant_id, user_id, terms=encrypted)

    def load_terms(self, tenant_id: TenantId, user_id: UserId) -> tuple[Term, ...] | None:
        row = self._row(tenant_id, user_id)
        if row is None or row.terms is None:
            return None
        content = self._cipher.unseal(
            row.terms, tenant_id=tenant_id, subject=_subject(user_id), place=PLACE
        )
        return None if content is None else _terms.decode(content)

    def delete_terms(self, tenant_id: TenantId, user_id: UserId) -> None:
        now: datetime = self._clock()
        self._cipher.destroy(tenant_id, _subject(user_id), now)
        self._set(tenant_id, user_id, terms=None)

    def set_due(self, tenant_id: TenantId, user_id: UserId, due_at: datetime | None) -> None:
        self._set(tenant_id, user_id, due_at=due_at)

    def due(self, tenant_id: TenantId, at: datetime) -> Sequence[UserId]:
        is_due = sa.and_(ERASURE.c.tenant_id == tenant_id, ERASURE.c.due_at <= at)
        query = sa.select(ERASURE.c.user_id).where(is_due).order_by(ERASURE.c.due_at)
        with self._database.of_tenant(tenant_id) as connection:
            return [UserId(each) for each in connection.execute(query).scalars()]

    def put(self, tenant_id: TenantId, user_id: UserId, document: Mapping[str, Any]) -> None:
        self._set(tenant_id, user_id, certificate=_encoder.encode(document).decode())

    def get(self, tenant_id: TenantId, user_id: UserId) -> Mapping[str, Any] | None:
        row = self._row(tenant_id, user_id)
        if row is None or row.certificate is None:
            return None
        return cast("Mapping[str, Any]", msgspec.json.decode(row.certificate))

    def users(self, tenant_id: TenantId) -> Sequence[UserId]:
        has_certificate = ERASURE.c.certificate.is_not(None)
        query = sa.select(ERASURE.c.user_id).where(
            ERASURE.c.tenant_id == tenant_id, has_certificate
        )
        with self._database.of_tenant(tenant_id) as connection:
            return [UserId(each) for each in connection.execute(query).scalars()]

    def _row(self, tenant_id: TenantId, user_id: UserId) -> Any:
        with self._database.of_tenant(tenant_id) as connection:
            return connection.execute(sa.select(ERASURE).where(_is(tenant_id, user_id))).first()

    def _set(self, tenant_id: TenantId, user_id: UserId, **values: object) -> None:
        key = {"tenant_id": tenant_id, "user_id": user_id}
        change = sa.update(ERASURE).where(_is(tenant_id, user_id)).values(values)
        with self._database.of_tenant(tenant_id) as connection:
            add_once(connection, ERASURE, key)
            connection.execute(change)


def _subject(user_id: UserId) -> UserId:
    return UserId(PREFIX + user_id)


def _is(tenant_id: TenantId, user_id: UserId) -> sa.ColumnElement[bool]:
    return sa.and_(ERASURE.c.tenant_id == tenant_id, ERASURE.c.user_id == user_id)
