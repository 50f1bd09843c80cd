"""Links to health clouds on SQL, with encrypted tokens."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from adapters.jobs.sql import SCHEMA
from adapters.sql.columns import TEXT, Instant
from adapters.sql.engines import make_once
from adapters.sql.errors import storage_errors
from adapters.sql.inserts import insert_into
from adapters.sql.numbered_rows import NUMBER
from adapters.sql.row_security import tenant_transaction
from application.health.links import PREFIX_END, HealthLink
from application.health.providers import Grant
from application.kernel.encryption import FieldCipher, KeyDisabled, KeyRefused
from domain.health.events import CloudSource
from domain.ids import TenantId, UserId

NAMED: Final = "The links to health services"

METADATA: Final = sa.MetaData()

LINK_KEY: Final = ("tenant_id", "user_id", "source")

LINK: Final = sa.Table(
    "health_link",
    METADATA,
    sa.Column("number", NUMBER, sa.Identity(), primary_key=True),
    sa.Column("tenant_id", TEXT, nullable=False),
    sa.Column("user_id", TEXT, nullable=False),
    sa.Column("source", TEXT, nullable=False),
    sa.Column("account_digest", TEXT),
    sa.Column("sealed_grant", sa.LargeBinary),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("leased_until", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("state", TEXT, nullable=False),
    sa.Column("synced_until", Instant),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("claims", sa.Integer, nullable=False),
    sa.Column("reason", TEXT),
    sa.UniqueConstraint(*LINK_KEY, name="health_link_person"),
    sa.Index("health_link_due", "state", "due_at"),
    sa.Index("health_link_account", "source", "account_digest"),
)
"""`sealed_grant` holds tokens and account. The rows of a tenant are apart by row-level security."""

PLAIN: Final = ("tenant_id", "user_id", "source", "due_at", "changed_at", "state", "synced_until",
                "attempts", "claims", "reason")  # fmt: skip
"""Columns that are fields of a link."""


PREFIX_LENGTH: Final = 10


@dataclass(frozen=True)
class SealedLink:
    """Content of `sealed_grant`: the fields of a link about the account and its data."""

    grant: Grant | None = None
    account: str | None = None
    prefix: str = ""
    former: tuple[Grant, ...] = ()
    forbidden: tuple[str, ...] = ()
    refused: int = 0


class SqlHealthLinks:
    """Implements `HealthLinks` in the table `health_link`, and creates it.

    For PostgreSQL, `engine` comes from `open_engine` with the schema `jobs`. `digest` is a keyed
    digest, by which webhooks find the link of an account: account ids are short enough to guess.
    """

    def __init__(
        self, engine: sa.Engine, cipher: FieldCipher, digest: Callable[[str], str]
    ) -> None:
        self._engine = engine
        self._cipher = cipher
        self._digest = digest
        with storage_errors(NAMED):
            make_once(engine, schema=SCHEMA, marker_table=LINK.name, make=METADATA.create_all)

    def put(self, link: HealthLink) -> None:
        values = self._row(replace(link, claims=0)) | {"leased_until": link.changed_at}
        replaced = values | {"claims": LINK.c.claims + 1}  # a sync under way stores nothing
        storing = insert_into(self._engine.dialect.name, LINK).values(values)
        storing = storing.on_conflict_do_update(index_elements=LINK_KEY, set_=replaced)
        with tenant_transaction(self._engine, link.tenant_id, NAMED) as connection:
            connection.execute(storing)

    def get(self, tenant_id: TenantId, user_id: UserId, source: CloudSource) -> HealthLink | None:
        query = sa.select(LINK).where(_key(tenant_id, user_id, source))
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else self._link(row)

    def delete(self, tenant_id: TenantId, user_id: UserId, source: CloudSource) -> None:
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            connection.execute(sa.delete(LINK).where(_key(tenant_id, user_id, source)))

    def save(self, link: HealthLink) -> bool:
        values = self._row(link) | {"leased_until": link.changed_at}
        if link.state == "active" and not link.attempts:
            woken = LINK.c.due_at > LINK.c.changed_at  # which is the time of the claim
            values["due_at"] = sa.case(
                (woken, LINK.c.due_at), else_=sa.literal(link.due_at, Instant)
            )
        return self._replace(link, values)

    def save_grant(self, link: HealthLink, until: datetime) -> bool:
        return self._replace(link, {"leased_until": until})

    def _replace(self, link: HealthLink, values: dict[str, Any]) -> bool:
        """Change a claimed link and its grant; tokens to be revoked stay as they are stored."""
        claimed = _is(link) & (LINK.c.claims == link.claims)
        with tenant_transaction(self._engine, link.tenant_id, NAMED) as connection:
            locked = sa.select(LINK).where(claimed).with_for_update()
            row = connection.execute(locked).mappings().one_or_none()
            if row is None:
                return False
            merged = replace(link, former=self._link(row).former)
            changed = values | {"sealed_grant": self._sealed(merged)}
            done = connection.execute(sa.update(LINK).where(claimed).values(changed))
            return done.rowcount == 1

    def claim_due(self, now: datetime, until: datetime) -> HealthLink | None:
        due = sa.select(LINK.c.number).where(_free(now), LINK.c.due_at <= now)
        first = due.order_by(LINK.c.due_at).limit(1)
        lease = (
            sa.update(LINK)
            .where(LINK.c.number.in_(first), _free(now))
            .values(leased_until=until, due_at=now, changed_at=now, claims=LINK.c.claims + 1)
            .returning(*LINK.c)
        )
        with storage_errors(NAMED), self._engine.begin() as connection:
            row = connection.execute(lease).mappings().one_or_none()
        return None if row is None else self._link(row)

    def wake(self, source: CloudSource, account: str, now: datetime) -> int:
        named = self._named(source, account)
        waits = (LINK.c.state == "active") & (LINK.c.attempts > 0)
        woken = sa.update(LINK).where(named, LINK.c.state.in_(["active", "failed"]), ~waits)
        with storage_errors(NAMED), self._engine.begin() as connection:
            values = {"due_at": now, "state": "active", "attempts": 0}
            return connection.execute(woken.values(values)).rowcount

    def wake_person(
        self, tenant_id: TenantId, user_id: UserId, sources: Sequence[CloudSource], now: datetime
    ) -> int:
        person = (LINK.c.tenant_id == tenant_id) & (LINK.c.user_id == user_id)
        free = (LINK.c.state == "active") & (LINK.c.attempts == 0)
        woken = sa.update(LINK).where(person, free, LINK.c.source.in_(sources))
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            return connection.execute(woken.values(due_at=now)).rowcount

    def change_former(
        self,
        tenant_id: TenantId,
        user_id: UserId,
        source: CloudSource,
        change: Callable[[tuple[Grant, ...]], tuple[Grant, ...]],
    ) -> None:
        this = _key(tenant_id, user_id, source)
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            locked = sa.select(LINK).where(this).with_for_update()
            row = connection.execute(locked).mappings().one_or_none()
            if row is not None:
                link = self._link(row)
                sealed = self._sealed(replace(link, former=change(link.former)))
                connection.execute(sa.update(LINK).where(this).values(sealed_grant=sealed))

    def of_account(self, source: CloudSource, account: str) -> Iterator[HealthLink]:
        query = sa.select(LINK).where(self._named(source, account))
        with storage_errors(NAMED), self._engine.begin() as connection:
            rows = connection.execute(query).mappings().all()
        refusal: KeyDisabled | KeyRefused | None = None
        for row in rows:
            try:
                link = self._link(row)
            except (KeyDisabled, KeyRefused) as refused:
                refusal = refused
            else:
                yield link
        if refusal is not None:
            raise refusal

    def has_other(self, link: HealthLink, account: str) -> bool:
        own = (LINK.c.tenant_id == link.tenant_id) & (LINK.c.user_id == link.user_id)
        linked = LINK.c.state.in_(["active", "failed"])
        is_other = self._named(link.source, account) & ~own & linked
        with storage_errors(NAMED), self._engine.begin() as connection:
            return bool(connection.execute(sa.select(sa.exists().where(is_other))).scalar_one())

    def of_person(self, tenant_id: TenantId, user_id: UserId) -> Sequence[HealthLink]:
        person = (LINK.c.tenant_id == tenant_id) & (LINK.c.user_id == user_id)
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            rows = connection.execute(sa.select(LINK).where(person)).mappings().all()
        return [self._link(row) for row in rows]

    def count_failed(self) -> int:
        query = sa.select(sa.func.count()).select_from(LINK).where(LINK.c.state == "failed")
        with storage_errors(NAMED), self._engine.begin() as connection:
            return int(connection.execute(query).scalar_one())

    def prefix_of(self, source: CloudSource, account: str) -> str:
        digest = hashlib.sha256(f"prefix {self._account(source, account)}".encode())
        return f"{digest.hexdigest()[:PREFIX_LENGTH]}{PREFIX_END}"

    def _account(self, source: CloudSource, account: str) -> str:
        return self._digest(f"{source}\x1f{account}")

    def _named(self, source: CloudSource, account: str) -> sa.ColumnElement[bool]:
        digests = [self._account(source, account), unkeyed_digest(source, account)]
        return (LINK.c.source == source) & LINK.c.account_digest.in_(digests)

    def _row(self, link: HealthLink) -> dict[str, Any]:
        account = link.account if link.grant is None else link.grant.account
        digest = None if account is None else self._account(link.source, account)
        row = {name: getattr(link, name) for name in PLAIN}
        return row | {"account_digest": digest, "sealed_grant": self._sealed(link)}

    def _sealed(self, link: HealthLink) -> bytes | None:
        if link.grant is None and link.account is None:
            return None
        content = {each.name: getattr(link, each.name) for each in fields(SealedLink)}
        return self._cipher.seal(
            msgspec.json.encode(SealedLink(**content)),
            tenant_id=link.tenant_id,
            subject=link.user_id,
            place=_place(link.source, link.user_id),
        )

    def _link(self, row: sa.RowMapping) -> HealthLink:
        values: dict[str, Any] = {name: row[name] for name in PLAIN}
        sealed, user, source = row["sealed_grant"], row["user_id"], row["source"]
        content = SealedLink()
        if sealed is not None:
            opened = self._cipher.unseal(
                bytes(sealed),
                tenant_id=row["tenant_id"],
                subject=user,
                place=_place(source, user),
            )
            content = _decoded(opened)
        return HealthLink(**values, **vars(content))


def _decoded(opened: bytes | None) -> SealedLink:
    """Return the content of a link. The first ones had nothing but the fields of a grant."""
    if opened is None:
        return SealedLink()
    content: dict[str, Any] = msgspec.json.decode(opened)
    if "grant" in content:
        return msgspec.convert(content, SealedLink)
    grant = msgspec.convert(content, Grant)
    return SealedLink(grant, grant.account)


def unkeyed_digest(source: CloudSource, account: str) -> str:
    """Return the digest of links that were stored before digests were keyed."""
    return hashlib.sha256(f"{source}\x1f{account}".encode()).hexdigest()


def _place(source: CloudSource, user_id: UserId) -> bytes:
    return f"health_link/{source}/{user_id}".encode()


def _is(link: HealthLink) -> sa.ColumnElement[bool]:
    return _key(link.tenant_id, link.user_id, link.source)


def _key(tenant_id: TenantId, user_id: UserId, source: CloudSource) -> sa.ColumnElement[bool]:
    person = (LINK.c.tenant_id == tenant_id) & (LINK.c.user_id == user_id)
    return person & (LINK.c.source == source)


def _free(now: datetime) -> sa.ColumnElement[bool]:
    return LINK.c.state.in_(["active", "ending"]) & (LINK.c.leased_until <= now)
