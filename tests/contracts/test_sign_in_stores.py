"""Contract of the store of sign-ins and refresh tokens, on SQLite and PostgreSQL."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from adapters.users.database import IdentityDatabase
from adapters.users.second_factors import SqlSecondFactors
from adapters.users.sign_ins import SqlSignIns
from application.users.ports import (
    ActiveSignIn,
    Inactive,
    Reused,
    Rotated,
    Rotation,
    SignIn,
    Superseded,
)
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from tests.contracts.conftest import AT
from tests.contracts.identity_stores import STORES, at_once, identity_database

ADA, BOB, RED = UserId("ada"), UserId("bob"), TenantId("red")
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture(params=STORES)
def accounts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[IdentityDatabase]:
    with identity_database(request, tmp_path) as database:
        yield database


@pytest.fixture
def sign_ins(accounts: IdentityDatabase) -> SqlSignIns:
    return SqlSignIns(accounts)


def begun(
    sign_ins: SqlSignIns, digest: bytes, user_id: UserId = ADA, tenant_id: TenantId = DEFAULT_TENANT
) -> SignIn:
    sign_in = SignIn(tenant_id, uuid4(), user_id, AT, AT + DAY)
    sign_ins.begin(sign_in, digest)
    return sign_in


def test_a_token_is_used_once_and_its_successor_takes_over(sign_ins: SqlSignIns) -> None:
    """C-22"""
    sign_in = begun(sign_ins, b"1")
    assert sign_ins.rotate(DEFAULT_TENANT, b"1", successor=b"2", at=AT) == Rotated(sign_in)
    assert sign_ins.rotate(DEFAULT_TENANT, b"2", successor=b"3", at=AT) == Rotated(sign_in)
    assert sign_ins.is_live(DEFAULT_TENANT, sign_in.id, AT)


def test_a_token_used_twice_ends_the_whole_family(sign_ins: SqlSignIns) -> None:
    """C-22: somebody has a copy, and nobody knows who."""
    sign_in = begun(sign_ins, b"1")
    sign_ins.rotate(DEFAULT_TENANT, b"1", successor=b"2", at=AT)
    assert sign_ins.rotate(DEFAULT_TENANT, b"1", successor=b"x", at=AT) == Reused(sign_in)
    assert not sign_ins.is_live(DEFAULT_TENANT, sign_in.id, AT)
    for token in (b"1", b"2", b"x"):
        assert sign_ins.rotate(DEFAULT_TENANT, token, successor=b"y", at=AT) == Inactive()


def test_a_token_may_be_repeated_within_the_leeway_with_the_same_successor(
    sign_ins: SqlSignIns,
) -> None:
    """C-22: the answer was lost; a copy that comes later, or with another one, still ends it."""
    leeway = timedelta(seconds=10)

    def rotate(token: bytes, successor: bytes, second: int) -> Rotation:
        at = AT + second * SECOND
        return sign_ins.rotate(DEFAULT_TENANT, token, successor=successor, at=at, leeway=leeway)

    for first, second, other in ((b"0", 10, b"0b"), (b"1", 9, b"1x")):
        sign_in = begun(sign_ins, first)
        for repeated in (0, 5, 9):
            assert rotate(first, first + b"b", repeated) == Rotated(sign_in)
        assert rotate(first, other, second) == Reused(sign_in)
        assert rotate(first + b"b", first + b"c", second) == Inactive()

    sign_in = begun(sign_ins, b"2")
    assert rotate(b"2", b"2b", 0) == Rotated(sign_in)
    assert rotate(b"2b", b"2c", 1) == Rotated(sign_in)
    assert rotate(b"2", b"2b", 2) == Superseded(sign_in)
    assert rotate(b"2b", b"2c", 2) == Rotated(sign_in)
    assert sign_ins.is_live(DEFAULT_TENANT, sign_in.id, AT)


def test_looking_up_a_token_does_not_use_it(sign_ins: SqlSignIns) -> None:
    def holder(token: bytes, at: datetime = AT, tenant: TenantId = DEFAULT_TENANT) -> Any:
        return sign_ins.find(tenant, token, at, leeway=timedelta(seconds=10))

    sign_in = begun(sign_ins, b"1")
    for _ in range(2):
        assert holder(b"1") == sign_in
    assert holder(b"1", tenant=TenantId("red")) is None
    assert holder(b"x") is None
    assert holder(b"1", sign_in.expires_at) is None
    sign_ins.rotate(DEFAULT_TENANT, b"1", successor=b"2", at=AT)
    assert holder(b"1", AT + timedelta(seconds=9)) == sign_in, "what was sent before is on its way"
    assert holder(b"1", AT + timedelta(seconds=10)) is None, "it has been used"
    none = timedelta(0)
    assert sign_ins.find(DEFAULT_TENANT, b"1", AT, leeway=none) is None
    sign_ins.end(DEFAULT_TENANT, sign_in.id, AT)
    assert holder(b"2") is None


def test_concurrent_uses_of_a_token_have_one_winner_and_revoke_the_family(
    sign_ins: SqlSignIns,
) -> None:
    """C-22"""
    for attempt in range(5):
        first = f"first {attempt}".encode()
        sign_in = begun(sign_ins, first)

        def use(number: int, first: bytes = first) -> object:
            successor = first + bytes([number])
            return sign_ins.rotate(DEFAULT_TENANT, first, successor=successor, at=AT)

        outcomes = at_once(4, use)
        assert outcomes.count(Rotated(sign_in)) == 1
        assert Reused(sign_in) in outcomes
        assert not sign_ins.is_live(DEFAULT_TENANT, sign_in.id, AT)


def test_what_an_expired_sign_in_left_is_deleted_at_the_next_one(
    accounts: IdentityDatabase, sign_ins: SqlSignIns
) -> None:
    """R-TEN-12: also that it was confirmed with a second factor."""
    factors = SqlSecondFactors(accounts)
    old, bobs = begun(sign_ins, b"1"), begun(sign_ins, b"2", BOB)
    for sign_in in (old, bobs):
        factors.confirm(DEFAULT_TENANT, sign_in.user_id, sign_in.id, AT)
    new = SignIn(DEFAULT_TENANT, uuid4(), ADA, AT + DAY, AT + 2 * DAY)
    sign_ins.begin(new, b"3")
    assert factors.confirmed_at(DEFAULT_TENANT, old.id) is None
    assert factors.confirmed_at(DEFAULT_TENANT, bobs.id) == AT


def test_a_sign_in_that_is_over_has_no_tokens(sign_ins: SqlSignIns) -> None:
    """R-IDN-18: signing out."""
    first, second = begun(sign_ins, b"1"), begun(sign_ins, b"2")
    sign_ins.end(DEFAULT_TENANT, first.id, AT)
    sign_ins.end(DEFAULT_TENANT, first.id, AT + SECOND)
    assert sign_ins.rotate(DEFAULT_TENANT, b"1", successor=b"x", at=AT) == Inactive()
    assert not sign_ins.is_live(DEFAULT_TENANT, first.id, AT)
    assert sign_ins.is_live(DEFAULT_TENANT, second.id, AT)
    after_leeway = AT + DAY
    assert not sign_ins.is_live(DEFAULT_TENANT, second.id, after_leeway)
    assert sign_ins.rotate(DEFAULT_TENANT, b"2", successor=b"y", at=after_leeway) == Inactive()


def test_ending_all_sign_ins_of_a_user_affects_no_other_user(sign_ins: SqlSignIns) -> None:
    """R-IDN-18: signing out everywhere."""
    mine = {begun(sign_ins, bytes([n])).id for n in range(3)}
    bobs, neighbours = begun(sign_ins, b"b", BOB), begun(sign_ins, b"r", ADA, RED)
    assert set(sign_ins.end_all(DEFAULT_TENANT, ADA, AT)) == mine
    assert not any(sign_ins.is_live(DEFAULT_TENANT, sign_in_id, AT) for sign_in_id in mine)
    assert sign_ins.is_live(DEFAULT_TENANT, bobs.id, AT)
    assert sign_ins.is_live(RED, neighbours.id, AT)


def test_active_sign_ins_are_listed_with_their_last_use(sign_ins: SqlSignIns) -> None:
    """R-IDN-18: a list of devices."""
    first, second, over = (begun(sign_ins, bytes([n])) for n in range(3))
    begun(sign_ins, b"b", BOB)
    begun(sign_ins, b"r", ADA, RED)
    sign_ins.end(DEFAULT_TENANT, over.id, AT)
    later = AT + DAY / 2
    sign_ins.rotate(DEFAULT_TENANT, bytes([1]), successor=b"n", at=later)
    active = sign_ins.list_active(DEFAULT_TENANT, ADA, later)
    assert active == [ActiveSignIn(second, later), ActiveSignIn(first, AT)]
    assert sign_ins.list_active(DEFAULT_TENANT, ADA, AT + DAY) == []


def test_tokens_of_another_tenant_are_not_found(sign_ins: SqlSignIns) -> None:
    """R-TEN-03"""
    sign_in = begun(sign_ins, b"1")
    assert sign_ins.rotate(RED, b"1", successor=b"2", at=AT) == Inactive()
    sign_ins.end(RED, sign_in.id, AT)
    assert sign_ins.is_live(DEFAULT_TENANT, sign_in.id, AT)
    assert not sign_ins.is_live(RED, sign_in.id, AT)


def test_expired_rows_are_deleted_at_the_next_sign_in(
    sign_ins: SqlSignIns, accounts: IdentityDatabase
) -> None:
    begun(sign_ins, b"old")
    later = AT + 2 * DAY
    sign_ins.begin(SignIn(DEFAULT_TENANT, UUID(int=1), ADA, later, later + DAY), b"new")
    with accounts.reading(DEFAULT_TENANT) as connection:
        for table in ("sign_in", "refresh_token"):
            counted = connection.exec_driver_sql(f"SELECT count(*) FROM {table}")  # noqa: S608  a constant
            assert counted.scalar_one() == 1
